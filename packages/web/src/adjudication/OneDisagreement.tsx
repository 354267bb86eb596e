import type { DisagreementView } from '@leeway/contract/adjudication'
import { useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { optionsOfScale } from '../review/answer-words.ts'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { DisagreementPanel } from './DisagreementPanel.tsx'
import { REASONS } from './reason-words.ts'
import { useDeciding } from './use-deciding.ts'

const WALKS: ReadonlySet<string> = new Set(['next', 'previous'])

/** One item, its episode beside it. j and k go from item to item, so the steps are walked with the arrow keys. */
export function OneDisagreement({
  project,
  view,
  onDecided,
  onTakeBack,
}: {
  readonly project: string
  readonly view: DisagreementView
  readonly onDecided: (view: DisagreementView) => void
  readonly onTakeBack: (() => void) | null
}) {
  const comment = useRef<HTMLDivElement>(null)
  const [goal, setGoal] = useState<{ readonly ordinal: number } | null>(null)
  const deciding = useDeciding(project, view, onDecided)
  const group = 'This page' as const
  const actions: readonly Action[] = [
    ...optionsOfScale(view.scale)
      .slice(0, 9)
      .map((option, at) => ({
        id: `right-${at + 1}`,
        title: `“${option}” is right`,
        group,
        keys: [String(at + 1)],
        perform: () => deciding.change({ answer: { kind: 'answered', value: option } }),
      })),
    {
      id: 'right-none',
      title: 'The question does not arise here',
      group,
      keys: ['0'],
      perform: () => deciding.change({ answer: { kind: 'not-applicable' } }),
    },
    ...REASONS.map(({ reason, key, words }) => ({
      id: `reason-${reason}`,
      title: `Reason: ${words}`,
      group,
      keys: [key],
      perform: () => deciding.change({ reason }),
    })),
    {
      id: 'comment',
      title: 'Write a comment',
      group,
      keys: ['c'],
      perform: () => comment.current?.querySelector('textarea')?.focus(),
    },
    {
      id: 'decide',
      title: 'Decide, and go on',
      group,
      keys: ['Enter'],
      perform: deciding.save,
    },
  ]
  useLiveActions('disagreement', actions)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_30rem]">
      <aside className="min-w-0 lg:order-last">
        <DisagreementPanel
          view={view}
          deciding={deciding}
          commentRef={comment}
          onGo={(ordinal) => setGoal({ ordinal })}
          onTakeBack={onTakeBack}
        />
      </aside>
      <div className="min-w-0">
        <EpisodeBeside
          project={project}
          episodeId={view.episodeId}
          without={WALKS}
          goal={goal}
          marks={{ at: whoPoints(view.answers), toggle: null }}
        />
      </div>
    </div>
  )
}

/** By step, whom it made answer so. */
function whoPoints(answers: DisagreementView['answers']): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const { rater, evidence } of answers)
    for (const step of evidence) found.set(step, found.has(step) ? `${found.get(step)}, ${rater}` : rater)
  return found
}
