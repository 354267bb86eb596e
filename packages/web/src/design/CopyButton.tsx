import { useState } from 'react'
import { Button } from './Button.tsx'

/** Copies a long value (an id, a hash, a link) that people need but should not have to read. */
export function CopyButton({
  value,
  what,
  quiet = false,
}: {
  readonly value: string
  readonly what: string
  /** Leaves the value out of the tooltip, for values longer than a line. */
  readonly quiet?: boolean
}) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  return (
    <Button
      kind="quiet"
      size="small"
      title={quiet ? undefined : value}
      onClick={() => {
        copy(value).then(
          () => setState('copied'),
          () => setState('refused'),
        )
      }}
      onBlur={() => setState('ready')}
    >
      <svg aria-hidden="true" width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor">
        <rect x="3.5" y="3.5" width="7" height="7" rx="1" />
        <path d="M8 1.5H2.5a1 1 0 0 0-1 1V8" />
      </svg>
      <span aria-live="polite">
        {state === 'ready' ? `Copy ${what}` : state === 'copied' ? 'Copied' : 'The browser refused'}
      </span>
    </Button>
  )
}

/** Rejects where the browser offers no clipboard, as on pages without HTTPS. */
async function copy(value: string): Promise<void> {
  await navigator.clipboard.writeText(value)
}
