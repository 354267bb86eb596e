/** Split questions in sentences. */
import type { SplitDifference, SplitNode, SplitPlan, SplitReport } from '@leeway/contract/splits'
import { helpArmWords } from '../critiques/help-arm-words.ts'
import {
  formatCountOf,
  formatPercent,
  formatPercentInterval,
  formatPointsInterval,
} from '../numbers/format-number.ts'

type Rate = NonNullable<SplitNode['right']>

export const RULE_WORDS = {
  all: 'holds if all parts hold',
  any: 'holds if any part holds',
  view: 'decided with the parts in view',
} as const

export function rulesWords({ rules }: Pick<SplitReport, 'rules'>): string {
  if (rules === null)
    return 'No limits are set, so nobody is asked parts or shown them. A split can be written all the same.'
  const { share, depthMax, answersMax, usdMax } = rules
  return `Shown after ${formatPercent(share)} of the first answers where others have answered parts. Below one question about one episode: ${depthMax} deep, at most ${formatCountOf(answersMax, 'answer')} of people and $${usdMax} for models.`
}

export function armsWords({ arms, difference }: Pick<SplitReport, 'arms' | 'difference'>): readonly string[] {
  return [
    ...arms.map((arm) =>
      helpArmWords(arm.arm === 'decomposition' ? 'With the parts' : 'Without, for comparison', arm),
    ),
    difference === null
      ? 'On known answers the arms cannot be compared yet: it needs more of them in both.'
      : `On known answers those with the parts are right ${formatPointsInterval({ estimate: difference.share, low: difference.low, high: difference.high })} more often.`,
  ]
}

/** What is foreseen of a split, and what would mend one that hurts. */
export function planWords(plan: SplitPlan): readonly string[] {
  if (plan.kind === 'unknown')
    return [`Whether it helps is not known, because ${plan.reason}. It may be tried: both ways are measured.`]
  const { basis, verdict, whole, split, partNeeded, ratersNeeded } = plan
  const on =
    basis === 'same-items'
      ? 'On known items that were answered both ways,'
      : 'From known answers to each, if parts err independently,'
  const found = `${on} the parts together are right ${rateWords(split)}, the question as a whole ${rateWords(whole)}.`
  if (verdict === 'helps') return [found, 'So the split helps.']
  if (verdict === 'undecided') return [found, 'So it may help or hurt.']
  return [
    found,
    'So the split hurts, and is refused.',
    ...(partNeeded === null
      ? []
      : [`It would do no harm if each part were answered rightly ${formatPercent(partNeeded)} of the time.`]),
    ratersNeeded === null
      ? 'More raters of each part would not mend it.'
      : `It may be tried with ${ratersNeeded} raters of each part: enough if they err independently.`,
  ]
}

export function rateWords(rate: Rate): string {
  return formatPercentInterval({ estimate: rate.share, low: rate.low, high: rate.high })
}

export function askedWords({ depth, answersWanted, judge }: SplitNode): string {
  if (depth === 0) return 'as the whole'
  const asked = [
    ...(answersWanted === 0 ? [] : [formatCountOf(answersWanted, 'person', 'people')]),
    ...(judge === null ? [] : [judge]),
  ]
  return asked.length === 0 ? 'nobody' : asked.join(' and ')
}

/** Who erred where a question and its parts differ. `name`: of a question. */
export function blameWords(
  { on, certain, nodes, sha256 }: SplitDifference,
  name: (sha256: string) => string,
): string {
  const parts = nodes.filter((node) => node !== sha256).map((node) => `“${name(node)}”`)
  if (on === 'split')
    return 'Every part that decided is right, and so is the whole: the parts do not make up the question.'
  if (on === 'whole')
    return certain
      ? 'The answer to the whole is known to be wrong.'
      : 'Every part that decided is right: the whole, or the split.'
  if (on === 'parts')
    return certain
      ? `Known to be wrong: ${parts.join(', ')}.`
      : `Suspected, as what is true of it is not known: ${parts.join(', ')}.`
  return `Not known: the whole, or ${parts.join(', ')}.`
}
