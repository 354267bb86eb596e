import type { Action } from '../actions/action.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Key } from '../design/Key.tsx'
import type { Answering } from './use-answering.ts'

/** The answer once more with help in view: one of the options, or as it was. */
export function KeepOrChange({
  options,
  answering,
  isChanged,
  onFinish,
}: {
  readonly options: readonly string[]
  readonly answering: Answering
  readonly isChanged: boolean
  readonly onFinish: () => void
}) {
  const { draft } = answering
  return (
    <>
      {options.length === 0 ? null : (
        <fieldset className="mt-4 flex flex-wrap items-center gap-2" aria-label="Your answer now">
          <span className="text-14">Your answer now:</span>
          {options.map((option, at) => (
            <button
              key={option}
              type="button"
              aria-pressed={draft?.kind === 'answered' && draft.value === option}
              onClick={(event) => {
                answering.choose({ kind: 'answered', value: option })
                // Enter goes on; a button in focus would take it for itself.
                event.currentTarget.blur()
              }}
              className="flex min-h-9 items-center gap-2 rounded-md border border-line-strong/60 bg-surface px-3 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
            >
              {at < 9 ? <Key>{String(at + 1)}</Key> : null} <bdi>{option}</bdi>
            </button>
          ))}
        </fieldset>
      )}
      {answering.error === null ? null : <Failure error={answering.error} onRetry={onFinish} />}
      <p className="mt-4">
        <Button kind="primary" disabled={answering.isPending} onClick={onFinish}>
          {isChanged ? 'Change the answer and go on' : 'Keep the answer and go on'} <Key>Enter</Key>
        </Button>
      </p>
    </>
  )
}

/** The keys of the same. */
export function keepOrChangeActions(
  options: readonly string[],
  answering: Answering,
  onFinish: () => void,
): readonly Action[] {
  const group = 'This page' as const
  return [
    ...options.slice(0, 9).map((option, at) => ({
      id: `answer-${at + 1}`,
      title: `Answer “${option}” now`,
      group,
      keys: [String(at + 1)],
      perform: () => answering.choose({ kind: 'answered', value: option }),
    })),
    {
      id: 'finish',
      title: 'Keep or change the answer, and go on',
      group,
      keys: ['Enter'],
      perform: onFinish,
    },
  ]
}
