import type { ReactNode } from 'react'
import { CopyButton } from '../design/CopyButton.tsx'

/** A secret that is shown this once and stored nowhere. */
export function OnceShown({
  title,
  value,
  what,
  note,
}: {
  readonly title: string
  readonly value: string
  readonly what: string
  readonly note: ReactNode
}) {
  return (
    <div role="status" className="mt-4 rounded-md bg-accent-wash px-4 py-3">
      <p className="font-semibold" dir="auto">
        {title}
      </p>
      <p className="mt-1 max-w-none rounded-md bg-surface px-3 py-2 font-mono text-12 break-all select-all">
        {value}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-x-3">
        <CopyButton value={value} what={what} />
        <span className="text-12 text-ink-2">{note}</span>
      </div>
    </div>
  )
}
