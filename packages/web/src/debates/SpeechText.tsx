import type { SpeechView } from '@leeway/contract/debates'

/** A speech as inert text; each quote says where it stands, or that it stands nowhere. */
export function SpeechText({
  parts,
  onStep,
}: {
  readonly parts: SpeechView['parts']
  /** Shows the step; left out where the episode is not to be seen. */
  readonly onStep?: ((step: number) => void) | undefined
}) {
  return (
    <p className="max-w-[70ch] whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
      {parts.map((part, at) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
        if (part.kind === 'words') return <span key={at}>{part.text}</span>
        const { step } = part
        return (
          <q
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
            key={at}
            className={
              step === null
                ? 'text-ink-2 line-through decoration-rollback'
                : 'rounded-sm bg-promote-wash px-0.5'
            }
          >
            {part.text}
            <span className="ms-1 inline-block text-12 whitespace-nowrap no-underline">
              {step === null ? (
                <span className="font-semibold text-rollback">not in the episode</span>
              ) : onStep === undefined ? (
                <span className="text-promote">✓ step {step}</span>
              ) : (
                <button type="button" className="link text-promote" onClick={() => onStep(step)}>
                  ✓ step {step}
                </button>
              )}
            </span>
          </q>
        )
      })}
    </p>
  )
}
