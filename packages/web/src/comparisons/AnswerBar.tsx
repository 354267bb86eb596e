import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { SurenessField } from '../review/SurenessField.tsx'
import { leastSure } from '../review/sureness.ts'
import type { Comparing } from './use-comparing.ts'

const ANSWERS = [
  { value: 'left', title: 'Left is better', mark: '1' },
  { value: 'right', title: 'Right is better', mark: '2' },
  { value: 'equal', title: 'Equal', mark: '3' },
] as const

/** The three answers and what else can be done with a pair, each with its key. */
export function AnswerBar({
  comparing,
  onSkip,
  onUndo,
}: {
  readonly comparing: Comparing
  readonly onSkip: () => void
  readonly onUndo: () => void
}) {
  const { draft, choose, commitDraft, isPending, error } = comparing
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-stretch gap-2">
        <fieldset className="flex grow basis-80 gap-2" aria-label="Your answer">
          {ANSWERS.map(({ value, title, mark }) => (
            <button
              key={value}
              type="button"
              aria-pressed={draft.value === value}
              onClick={() => choose(value)}
              className={`flex min-h-11 flex-1 items-center justify-center gap-2 rounded-md border px-2 text-14 sm:min-h-9 ${
                draft.value === value
                  ? 'border-accent bg-accent-wash font-semibold'
                  : 'border-line-strong/60 bg-surface hover:border-line-strong hover:bg-sunken'
              }`}
            >
              <Key>{mark}</Key>
              {title}
            </button>
          ))}
        </fieldset>
        <div className="flex flex-wrap items-center gap-2">
          <Button kind="primary" disabled={draft.value === null || isPending} onClick={commitDraft}>
            {isPending ? 'Saving…' : 'Save and next'} <Key>Enter</Key>
          </Button>
          <Button onClick={onSkip}>
            Skip <Key>s</Key>
          </Button>
          <Button aria-pressed={draft.flagged} onClick={comparing.toggleFlag}>
            {draft.flagged ? 'Flagged' : 'Flag'} <Key>f</Key>
          </Button>
          <Button kind="quiet" onClick={onUndo}>
            Undo <Key>u</Key>
          </Button>
        </div>
      </div>
      <div className="max-w-96">
        <SurenessField
          value={draft.probability}
          least={leastSure(ANSWERS.length)}
          onChange={comparing.setProbability}
        />
      </div>
      <details open={draft.comment !== ''}>
        <summary className="cursor-pointer text-12 text-ink-2">Comment</summary>
        <div className="mt-2 max-w-[75ch]">
          <TextArea
            label="Comment"
            hint="What decided it, in your words."
            maxLength={4000}
            value={draft.comment}
            onChange={(event) => comparing.setComment(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
          />
        </div>
      </details>
      {error === null ? null : <Failure error={error} onRetry={commitDraft} />}
    </div>
  )
}

function Key({ children }: { readonly children: string }) {
  return (
    <kbd className="hidden rounded-sm border border-current/40 px-1.5 font-mono text-12 font-normal opacity-80 md:inline">
      {children}
    </kbd>
  )
}
