/** What a node of a rubric says about itself, in words. */
import type { RubricNodeView, ScaleView } from '@leeway/contract/rubrics'
import type { RubricCoverage } from '@leeway/core/instruction-coverage/rubric-coverage'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'

const COMBINE = {
  all: 'all of these must hold',
  any: 'one of these is enough',
  weighted: 'weighted mean of these',
  points: 'points of these, added up',
} as const

export function combineWords(combine: NonNullable<RubricNodeView['combine']>): string {
  return COMBINE[combine]
}

export function scaleWords(scale: ScaleView): string {
  switch (scale.kind) {
    case 'yes-no':
      return scale.good === 'yes' ? 'yes or no' : 'yes or no; “no” is good'
    case 'ordinal':
      return scale.levels.join(' < ')
    case 'number':
      return `a number from ${scale.min} to ${scale.max}`
    case 'pairwise':
      return 'left, right or equal'
  }
}

const RATERS = { program: 'programs', model: 'models', human: 'people' } as const

export function answeredByWords(kinds: readonly (keyof typeof RATERS)[]): string {
  const words = kinds.map((kind) => RATERS[kind])
  return words.length < 2 ? (words[0] ?? 'nobody') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** What the node weighs in its parent; null where all count alike. */
export function weightWords(
  node: Pick<RubricNodeView, 'weight' | 'required'>,
  parent: RubricNodeView['combine'],
): string | null {
  if (node.required) return 'required'
  if (parent === 'weighted') return `weight ${node.weight}`
  if (parent === 'points') return node.weight > 0 ? `+${node.weight} points` : `−${-node.weight} points`
  return null
}

/** How much of the instruction the questions say they check. */
export function coverageSentence({ clauses, checked, partly, unchecked, share }: RubricCoverage): string {
  if (share === null) return 'The instruction has no clause that could be checked.'
  const part = partly === 0 ? '' : `, ${formatCount(partly)} in part`
  const none = unchecked === 0 ? 'none is left out' : `${formatCount(unchecked)} not at all`
  return `Questions check ${formatCount(checked)} of ${formatCountOf(clauses.length, 'clause')} (${Math.round(share * 100)} %)${part}; ${none}.`
}
