import type { ReviewQuestion } from '@leeway/contract/review'
import type { Action } from '../actions/action.ts'
import { ACCEPT_KEY } from './answer-words.ts'
import type { Answering } from './use-answering.ts'

/** The key that accepts an answer to be checked; none where the answer is to be found. */
export function acceptAction(
  { proposed }: Pick<ReviewQuestion, 'proposed'>,
  { choose }: Pick<Answering, 'choose'>,
): readonly Action[] {
  if (proposed === null) return []
  return [
    {
      id: 'accept',
      title: `Accept the answer “${proposed}”`,
      group: 'This page',
      keys: [ACCEPT_KEY],
      perform: () => choose({ kind: 'answered', value: proposed }),
    },
  ]
}
