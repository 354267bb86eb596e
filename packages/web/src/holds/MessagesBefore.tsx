import type { HoldView } from '@leeway/contract/holds'
import { memo } from 'react'
import { Fold } from '../design/Fold.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { readMessage, roleWords } from './readable-message.ts'

/** What led to the calls: foreign text, always inert. Memo: the page around it counts the seconds. */
export const MessagesBefore = memo(function MessagesBefore({
  text,
}: {
  readonly text: NonNullable<HoldView['text']>
}) {
  const { before, earlier } = text
  return (
    <>
      {earlier === 0 ? null : (
        <p className="mb-2 text-12 text-ink-2">{formatCountOf(earlier, 'earlier message')} not shown.</p>
      )}
      {before.length === 0 ? <p className="text-14 text-ink-2">Nothing came before them.</p> : null}
      <ol className="space-y-3">
        {before.map(readMessage).map(({ role, text, calls }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages of one hold keep their places
          <li key={at} className="min-w-0 border-s-2 border-line ps-3">
            <p className="text-12 font-semibold text-ink-2" dir="auto">
              {roleWords(role)}
            </p>
            {text === '' ? null : <Fold text={text} lines={12} characters={1200} mono={role === 'tool'} />}
            {calls.map(({ tool, argumentsText }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <div key={place} className="font-mono text-12" dir="auto">
                called {tool}
                <Fold text={argumentsText} lines={8} characters={600} mono />
              </div>
            ))}
          </li>
        ))}
      </ol>
    </>
  )
})
