import type { PartView } from '@leeway/contract/splits'
import { Fold } from '../design/Fold.tsx'

/** A part and what others say to it, each with the steps they point at. Who they are is not told. */
export function PartAnswers({ part }: { readonly part: Omit<PartView, 'mine'> }) {
  return (
    <>
      <p className="[overflow-wrap:anywhere]" dir="auto">
        {part.question}
      </p>
      {part.guidance === '' ? null : (
        <div className="mt-1 text-12 text-ink-2">
          <Fold text={part.guidance} lines={3} characters={240} />
        </div>
      )}
      {part.answers.length === 0 ? (
        <p className="mt-1 text-14 text-ink-2">Nobody has answered it yet.</p>
      ) : (
        <ul className="mt-1 space-y-1.5">
          {part.answers.map(({ value, comment, steps }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: answers have no names
            <li key={at} className="border-s-2 border-line-strong ps-2 text-14">
              <strong>{value}</strong>
              {comment === '' ? null : (
                <span className="ms-2 text-ink-2 [overflow-wrap:anywhere]" dir="auto">
                  {comment}
                </span>
              )}
              {steps.length === 0 ? null : (
                <span className="figures ms-2 whitespace-nowrap text-12 text-ink-2">
                  {steps.length === 1 ? 'step' : 'steps'} {steps.join(', ')}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
