/** What follows from a comparison of the two forms, in sentences; the first says what it comes to. */
import type { Interval } from '../numeric/interval-estimate.ts'
import type { Accuracy, FormComparison } from './compare-forms.ts'

/** Fewer right by no more than this is as often right, for whoever saves minutes. */
export const AS_OFTEN = 0.05

export function describeForms(compared: FormComparison): readonly string[] {
  const { find, verify, acceptedWrong, refusedRight, wrongProposals, accuracy } = compared
  if (verify.answers === 0) return ['No answer has been checked yet.']
  return [
    `${costWords(find, verify)} ${accuracy.kind === 'accuracy' ? verdict(accuracy) : `How often each is right cannot be compared yet: ${accuracy.reason}.`}`,
    acceptedWrong.of === 0
      ? 'No wrong answer was proposed on a known item: how easily people accept one is not known.'
      : `Wrong proposals were accepted in ${ofWords(acceptedWrong)}${acceptedWrong.interval === null ? '' : `, ${betweenWords(acceptedWrong.interval)}`}; right ones were turned down in ${ofWords(refusedRight)}.`,
    ...(accuracy.kind === 'accuracy' ? [removedWords(wrongProposals, accuracy)] : []),
  ]
}

type Side = FormComparison['find']

function costWords(find: Side, verify: Side): string {
  const [cheap, dear] = [verify.seconds, find.seconds]
  if (verify.usd !== null && find.usd !== null && find.usd > 0)
    return `Checking cost ${(verify.usd / find.usd).toFixed(2)} of what finding cost, $${verify.usd.toPrecision(2)} an answer against $${find.usd.toPrecision(2)}.`
  if (cheap === null || dear === null || dear === 0) return 'What an answer takes is not known in both forms.'
  return `Checking took ${(cheap / dear).toFixed(2)} of the time of finding, ${minutes(cheap)} minutes an answer against ${minutes(dear)}.`
}

function verdict({ found, checked, difference }: Accuracy): string {
  const rights = `right in ${percent(checked.value)} % against ${percent(found.value)} % on known items`
  const { interval } = difference
  if (interval.kind !== 'interval') return `It was ${rights}; ${interval.reason} to say how firm that is.`
  const points = `${signed(interval.low)} to ${signed(interval.high)} points`
  if (interval.low > 0) return `It was more often right: ${rights}, a difference of ${points}.`
  if (interval.high < 0) return `It was less often right: ${rights}, a difference of ${points}.`
  if (interval.low >= -AS_OFTEN) return `It was as often right: ${rights}, a difference of ${points}.`
  return `Whether it is as often right is open: ${rights}, a difference of ${points}.`
}

function removedWords(wrong: FormComparison['wrongProposals'], accuracy: Accuracy): string {
  const { find, verify } = accuracy.perErrorRemoved
  const price = ({ seconds, usd }: typeof find) =>
    usd !== null && usd > 0
      ? `$${usd.toPrecision(2)}`
      : seconds !== null
        ? `${minutes(seconds)} minutes`
        : null
  const [checking, finding] = [price(verify), price(find)]
  const start = `Of the answers that were checked, ${ofWords(wrong)} had been wrong.`
  if (checking === null && finding === null)
    return `${start} Neither checking nor answering anew left fewer errors.`
  return `${start} An error removed costs ${checking ?? 'more than can be told'} by checking and ${finding ?? 'more than can be told'} by answering anew.`
}

const percent = (share: number) => (100 * share).toFixed(0)
const signed = (share: number) => {
  const points = Math.round(100 * share)
  return points === 0 ? '0' : String(points)
}
const minutes = (seconds: number) => (seconds / 60).toFixed(1)
const ofWords = ({ count, of }: { readonly count: number; readonly of: number }) =>
  of === 0 ? `none of 0` : `${percent(count / of)} % of ${of}`
const betweenWords = ({ low, high }: Interval) => `between ${percent(low)} and ${percent(high)} %`
