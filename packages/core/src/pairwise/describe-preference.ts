/** What people prefer, in sentences; without them a share of 52 % would pass for a winner. */
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { PolicyPair, PreferenceReport } from './preference-report.ts'

export function describePreference({
  better,
  worse,
  people,
}: Pick<PolicyPair, 'better' | 'worse' | 'people'>): string {
  if (people.kind === 'insufficient')
    return `Nothing can be said about \`${better}\` and \`${worse}\`: ${people.reason}.`
  const { interval } = people
  return interval.kind === 'interval' && interval.low > 0.5
    ? `\`${better}\` is preferred to \`${worse}\` in ${shareWords(people)} of pairs.`
    : `\`${better}\` and \`${worse}\` cannot be told apart: \`${better}\` is preferred in ${shareWords(people)} of pairs.`
}

/** How far the side and the length may have decided; a part that cannot be told yet is left out. */
export function describeHabits({
  leftChosen,
  longerChosen,
}: Pick<PreferenceReport, 'leftChosen' | 'longerChosen'>): readonly string[] {
  const left =
    leftChosen.kind === 'insufficient'
      ? []
      : [
          `Left was chosen in ${shareWords(leftChosen)} of the answers that preferred one${
            isOffHalf(leftChosen)
              ? '. The side was drawn at random, so that this favours no policy, but it makes answers tell less'
              : ''
          }.`,
        ]
  const longer =
    longerChosen.kind === 'insufficient'
      ? []
      : [
          `The longer run was chosen in ${shareWords(longerChosen)}${
            isOffHalf(longerChosen)
              ? ': people may have gone by length. `leeway compare` allows for it on the exported answers'
              : ''
          }.`,
        ]
  return [...left, ...longer]
}

/** "58 % (51 to 65)". */
function shareWords({ value, interval }: IntervalEstimate): string {
  const percent = (share: number) => Math.round(share * 100)
  return interval.kind === 'interval'
    ? `${percent(value)} % (${percent(interval.low)} to ${percent(interval.high)})`
    : `${percent(value)} %`
}

function isOffHalf({ interval }: IntervalEstimate): boolean {
  return interval.kind === 'interval' && (interval.low > 0.5 || interval.high < 0.5)
}
