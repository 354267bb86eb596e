/**
 * Which faults a person meets in a validity round, in which order: at each place an operator, each as likely, then by a fair coin
 * one of its copies or a natural fault of the same question and answer.
 *
 * Random      by `draw`, a function of words to [0, 1) that looks uniform (a keyed hash of the round's seed): the same round, person
 *             and faults give the same places, and whoever holds the seed can check them.
 * Fair        the coin is thrown only while both kinds are left for the operator, so that nothing but the coin decides. The operator
 *             is drawn before it: a guess on a natural fault counts for the operator that was drawn.
 * Once        of an episode a person meets one thing only: a copy of it, or the episode itself.
 * Length      as many places as are asked for, or fewer where the faults might run out: so many as they last for however the coins
 *             fall, so that being the last place tells nothing of a fault. None where one kind is missing.
 * Cost        O(places x faults).
 */
import type { OperatorName } from './operator.ts'

export type FaultToShow = {
  /** What is shown: the copy, or the episode itself. */
  readonly id: string
  /** The episode that it is, or is a copy of. */
  readonly originalId: string
  /** Question and right answer: kinds are compared within these alone. */
  readonly criterionSha256: string
  readonly value: string
  /** Null: a natural fault. */
  readonly operator: OperatorName | null
}
export type ValidityPlace = {
  readonly fault: FaultToShow
  readonly operator: OperatorName
  /** The coin, in [0, 1): below one half a copy. */
  readonly coin: number
}

/** Below it a copy is shown. */
export const PLANTED_SHARE = 0.5

export function validityPlaces(
  rater: string,
  faults: readonly FaultToShow[],
  count: number,
  draw: (words: string) => number,
): readonly ValidityPlace[] {
  const places: ValidityPlace[] = []
  let left = [...faults].sort((a, b) => (a.id < b.id ? -1 : 1))
  const most = Math.min(count, lasting(faults))
  while (places.length < most) {
    const words = (what: string) => `${rater} ${places.length} ${what}`
    const groups = comparable(left)
    const operators = [...new Set(groups.map(({ operator }) => operator))].sort()
    const operator = pick(operators, draw(words('operator')))
    const group = pick(
      groups.filter((one) => one.operator === operator),
      draw(words('question')),
    )
    if (operator === undefined || group === undefined) break
    const coin = draw(words('coin'))
    const fault = pick(coin < PLANTED_SHARE ? group.planted : group.natural, draw(words('fault')))
    if (fault === undefined) break
    places.push({ fault, operator, coin })
    left = left.filter(({ originalId }) => originalId !== fault.originalId)
  }
  return places
}

/** By question and answer the smaller kind, without episodes that stand for more than one thing. */
function lasting(faults: readonly FaultToShow[]): number {
  const uses = new Map<string, Set<string>>()
  const useOf = (fault: FaultToShow) => JSON.stringify([keyOf(fault), fault.operator === null])
  for (const fault of faults)
    uses.set(fault.originalId, (uses.get(fault.originalId) ?? new Set()).add(useOf(fault)))
  const kinds = new Map<string, { readonly planted: Set<string>; readonly natural: Set<string> }>()
  for (const fault of faults) {
    if (uses.get(fault.originalId)?.size !== 1) continue
    const kind = kinds.get(keyOf(fault)) ?? { planted: new Set(), natural: new Set() }
    kind[fault.operator === null ? 'natural' : 'planted'].add(fault.originalId)
    kinds.set(keyOf(fault), kind)
  }
  return [...kinds.values()].reduce(
    (sum, { planted, natural }) => sum + Math.min(planted.size, natural.size),
    0,
  )
}

const keyOf = ({ criterionSha256, value }: FaultToShow) => JSON.stringify([criterionSha256, value])

type Group = {
  readonly operator: OperatorName
  readonly planted: readonly FaultToShow[]
  readonly natural: readonly FaultToShow[]
}

/** By operator, question and answer, where both kinds are left. */
function comparable(faults: readonly FaultToShow[]): readonly Group[] {
  const groups = new Map<string, { planted: FaultToShow[]; natural: FaultToShow[] }>()
  const natural = faults.filter(({ operator }) => operator === null)
  for (const fault of faults) {
    if (fault.operator === null) continue
    const key = `${fault.operator} ${keyOf(fault)}`
    const group = groups.get(key) ?? {
      planted: [],
      natural: natural.filter((one) => keyOf(one) === keyOf(fault)),
    }
    group.planted.push(fault)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ planted, natural }) => {
    const operator = planted[0]?.operator
    return operator == null || natural.length === 0 ? [] : [{ operator, planted, natural }]
  })
}

function pick<Item>(items: readonly Item[], at: number): Item | undefined {
  return items[Math.floor(at * items.length)]
}
