import type { ReviewQuestion } from '@leeway/contract/review'
import type { Action } from '../actions/action.ts'
import { acceptAction } from './accept-action.ts'
import { optionsOfScale } from './answer-words.ts'
import { surenessActions } from './sureness-actions.ts'
import type { Answering } from './use-answering.ts'

/** What keys do with one question, wherever it is answered as work. */
export function answerActions(
  question: ReviewQuestion,
  answering: Answering,
  onSkip: () => void,
): readonly Action[] {
  const group = 'This page' as const
  return [
    ...optionsOfScale(question.scale)
      .slice(0, 9)
      .map((option, at) => ({
        id: `answer-${at + 1}`,
        title: `Answer “${option}”`,
        group,
        keys: [String(at + 1)],
        perform: () => answering.choose({ kind: 'answered', value: option }),
      })),
    ...acceptAction(question, answering),
    {
      id: 'not-applicable',
      title: 'Answer that it does not arise here',
      group,
      keys: ['0'],
      perform: () => answering.choose({ kind: 'not-applicable' }),
    },
    ...surenessActions(question.scale, answering),
    {
      id: 'commit',
      title: 'Save the answer and go on',
      group,
      keys: ['Enter'],
      perform: answering.commitDraft,
    },
    { id: 'skip', title: 'Skip with a reason', group, keys: ['s'], perform: onSkip },
    {
      id: 'flag',
      title: answering.flagged ? 'Take the flag away' : 'Flag for a second look',
      group,
      keys: ['f'],
      perform: answering.toggleFlag,
    },
  ]
}
