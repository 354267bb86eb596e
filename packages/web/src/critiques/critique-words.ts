/** The report on critiques in sentences. */
import type { CritiqueReport } from '@leeway/contract/critiques'
import { formatCountOf, formatPercent, formatPointsInterval } from '../numbers/format-number.ts'
import { helpArmWords } from './help-arm-words.ts'

type Rate = NonNullable<CritiqueReport['difference']>

export function critiqueWords({
  rules,
  arms,
  difference,
  claims,
  planted,
  shownFrom,
}: CritiqueReport): readonly string[] {
  if (rules === null)
    return [
      'Nobody is shown critiques. Where a model has answered too, what it says is wrong can be shown after a first answer; half of the answers, drawn at random, go without, so that the difference can be seen.',
    ]
  const judged = claims.valid + claims.seen + claims.invalid
  return [
    `Shown after ${formatPercent(rules.share)} of the first answers where a model claims something; from “${shownFrom}” up, as a missed flaw costs ${rules.missedCost} false alarms.`,
    ...arms.map((arm) =>
      helpArmWords(arm.arm === 'critique' ? 'With a critique' : 'Without, for comparison', arm),
    ),
    difference === null
      ? 'On known answers the arms cannot be compared yet: it needs more of them in both.'
      : `On known answers those with a critique are right ${pointsWords(difference)} more often.`,
    judged === 0
      ? 'Nobody has judged a claim yet.'
      : `Of ${formatCountOf(judged, 'judged claim')} ${claims.valid} were new and held, ${claims.seen} held and had been seen, ${claims.invalid} did not hold${claims.precision === null ? '' : `: ${rateWords(claims.precision)} hold`}.`,
    planted.believed === null
      ? 'No planted false claim was judged: how easily people believe what they read is not known.'
      : `Planted false claims: ${rateWords(planted.believed)} of ${planted.judged} were believed.`,
  ]
}

const rateWords = ({ share, low, high }: Rate) =>
  `${formatPercent(share)} (${formatPercent(low)} to ${formatPercent(high)})`

const pointsWords = ({ share, low, high }: Rate) => formatPointsInterval({ estimate: share, low, high })
