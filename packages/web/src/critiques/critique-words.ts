/** The report on critiques in sentences. */
import type { CritiqueReport, OperatingPointView } from '@leeway/contract/critiques'
import {
  formatCountOf,
  formatPercent,
  formatPercentInterval,
  formatPointsInterval,
} from '../numbers/format-number.ts'
import { helpArmWords } from './help-arm-words.ts'

type Rate = NonNullable<CritiqueReport['difference']>

export function critiqueWords({
  rules,
  arms,
  difference,
  claims,
  planted,
}: CritiqueReport): readonly string[] {
  if (rules === null)
    return [
      'Nobody is shown critiques. Where a model or a person has said what is wrong, that can be shown after a first answer; half of the answers, drawn at random, go without, so that the difference can be seen.',
    ]
  return [
    `Shown after ${formatPercent(rules.share)} of the first answers where somebody claims something: ${shownWords({ severity: rules.shownFrom, most: rules.most })}.`,
    ...arms.map((arm) =>
      helpArmWords(arm.arm === 'critique' ? 'With a critique' : 'Without, for comparison', arm),
    ),
    difference === null
      ? 'On known answers the arms cannot be compared yet: it needs more of them in both.'
      : `On known answers those with a critique are right ${pointsWords(difference)} more often.`,
    ...claims.map(claimsWords),
    planted.believed === null
      ? 'No planted false claim was judged: how easily people believe what they read is not known.'
      : `Planted false claims: ${rateWords(planted.believed)} of ${planted.judged} were believed.`,
  ]
}

/** What a choice leaves of a critique. */
export function shownWords({ severity, most }: Pick<OperatingPointView, 'severity' | 'most'>): string {
  const which =
    severity === 'minor'
      ? 'all claims'
      : severity === 'major'
        ? 'claims that are major or critical'
        : 'claims that are critical'
  return most >= 6 ? which : `${which}, ${most} at most`
}

/** What a choice finds and costs. */
export function pointWords(point: OperatingPointView): string {
  const { recall, precision, missed, alarms } = point
  const found = recall === null ? 'no claim held' : `${rateWords(recall)} of the claims that hold are shown`
  const right = precision === null ? 'none is shown' : `${rateWords(precision)} of those shown hold`
  return `With ${shownWords(point)}: ${found}, ${right}; ${missed} missed, ${formatCountOf(alarms, 'false alarm')}.`
}

function claimsWords({ author, valid, seen, invalid, precision }: CritiqueReport['claims'][number]): string {
  const whose = author === 'model' ? 'models' : 'people'
  const judged = valid + seen + invalid
  if (judged === 0 || precision === null) return `Nobody has judged a claim of ${whose} yet.`
  return `Of ${formatCountOf(judged, 'judged claim')} of ${whose} ${valid} were new and held, ${seen} held and had been seen, ${invalid} did not hold: ${rateWords(precision)} hold.`
}

const rateWords = ({ share, low, high }: Rate) => formatPercentInterval({ estimate: share, low, high })

const pointsWords = ({ share, low, high }: Rate) => formatPointsInterval({ estimate: share, low, high })
