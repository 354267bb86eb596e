/** Puts one fault into a copy of an episode: the same operator, episode and seed always give the same copy. */
import type { Episode } from '../episodes/episode.ts'
import type { Insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { dropConfirmation } from './drop-confirmation.ts'
import { ignoreError } from './ignore-error.ts'
import { inventFact } from './invent-fact.ts'
import type { Edited, MutationOperator, OperatorName } from './operator.ts'
import { otherValue } from './other-value.ts'
import { skipLookup } from './skip-lookup.ts'
import { swapId } from './swap-id.ts'
import { wrongAmount } from './wrong-amount.ts'

/** `seed`: any 32-bit whole number. */
export function applyOperator(name: OperatorName, episode: Episode, seed: number): Edited | Insufficient {
  return OPERATORS[name].mutate(episode, seededRandom(seed))
}

export const OPERATORS: Readonly<Record<OperatorName, MutationOperator>> = {
  'drop-confirmation': dropConfirmation,
  'swap-id': swapId,
  'wrong-amount': wrongAmount,
  'skip-lookup': skipLookup,
  'ignore-error': ignoreError,
  'invent-fact': inventFact,
  'other-value': otherValue,
}
