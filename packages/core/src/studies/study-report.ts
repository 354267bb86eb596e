/**
 * What a study with people shows, by the analysis that was fixed before the first answer: each arm beside the control.
 *
 * Estimates   share right in each arm and its difference from the control (compare-arms.ts: intervals clustered by item and by
 *             rater, the wider one); mean log score in nats and how much surer raters were than right; median seconds an
 *             answer; what help did to first answers; minutes (also of those whose answers were the help), US dollars and
 *             tokens for each wrong answer that the help removed.
 * Several     with k comparisons each is called shown only if its interval at 95 % excludes 0 and Fisher's word survives (see there);
 *             the report says how many comparisons were made.
 * Degenerate  an arm without answers, or fewer clusters than five: insufficient. Cost per error removed: null where the gain is
 *             not above 0.
 */
import type { Insufficient } from '../numeric/insufficient.ts'
import { type ArmAccuracy, type ArmDifference, armAccuracy, compareArms } from './compare-arms.ts'
import type { Judgment } from './judgment.ts'

export type StudyAnswer = {
  readonly arm: string
  readonly rater: string
  readonly item: string
  /** Given to the right answer, in (0, 1). */
  readonly right: number
  /** Before the help was shown; null where help came first, or none. */
  readonly rightBefore: number | null
  readonly seconds: number
  /** Of the people whose answers were shown as help; 0 where models helped, or nobody. */
  readonly helpSeconds: number
  /** What models cost for the help, US dollars; 0 without help or price. */
  readonly usd: number
  /** In and out, of the models that helped; 0 without help, or where nobody counted. */
  readonly tokens: number
}

export type ArmReport = {
  readonly accuracy: ArmAccuracy
  readonly raters: number
  /** Mean of ln(probability of the right answer). */
  readonly logScore: number | null
  /** Mean stated confidence less the share right: above 0, raters were too sure. */
  readonly overconfidence: number | null
  readonly medianSeconds: number | null
  readonly usdAnAnswer: number
  readonly tokensAnAnswer: number
  readonly helpMinutesAnAnswer: number
  /** Of answers given before the help: right ones that it turned, and wrong ones that it mended. */
  readonly spoilt: number
  readonly mended: number
  /** Against the control; null for the control itself. */
  readonly against: (ArmDifference | Insufficient) | null
  readonly minutesPerErrorRemoved: number | null
  readonly usdPerErrorRemoved: number | null
  readonly tokensPerErrorRemoved: number | null
}

/** `arms[0]` is the control. */
export function studyReport(
  answers: readonly StudyAnswer[],
  arms: readonly string[],
  seed: number,
): readonly ArmReport[] {
  const judgments: readonly Judgment[] = answers.map(({ arm, rater, item, right }) => ({
    arm,
    rater,
    item,
    probabilities: [right],
  }))
  const [control = ''] = arms
  const of = (arm: string) => answers.filter((one) => one.arm === arm)
  type Spent = 'seconds' | 'helpSeconds' | 'usd' | 'tokens'
  const meanIn = (arm: string, what: Spent) => meanOf(of(arm).map((one) => one[what])) ?? 0
  const more = (arm: string, what: Spent) => meanIn(arm, what) - meanIn(control, what)
  return arms.map((arm) => {
    const own = of(arm)
    const accuracy = armAccuracy(judgments, arm, seed)
    const against = arm === control ? null : compareArms(judgments, [arm, control], seed)
    const gain = against?.kind === 'difference' ? against.difference.value : 0
    const perError = (spent: number) => (gain > 0 ? Math.max(0, spent) / gain : null)
    const before = own.flatMap(({ right, rightBefore }) =>
      rightBefore === null ? [] : [{ right, rightBefore }],
    )
    return {
      accuracy,
      raters: new Set(own.map(({ rater }) => rater)).size,
      logScore: meanOf(own.map(({ right }) => Math.log(right))),
      overconfidence: meanOf(own.map(({ right }) => Math.max(right, 1 - right) - Number(right > 0.5))),
      medianSeconds: medianOf(own.map(({ seconds }) => seconds)),
      usdAnAnswer: meanIn(arm, 'usd'),
      tokensAnAnswer: meanIn(arm, 'tokens'),
      helpMinutesAnAnswer: meanIn(arm, 'helpSeconds') / 60,
      spoilt: before.filter((one) => one.rightBefore > 0.5 && one.right <= 0.5).length,
      mended: before.filter((one) => one.rightBefore <= 0.5 && one.right > 0.5).length,
      against,
      minutesPerErrorRemoved: perError((more(arm, 'seconds') + more(arm, 'helpSeconds')) / 60),
      usdPerErrorRemoved: perError(more(arm, 'usd')),
      tokensPerErrorRemoved: perError(more(arm, 'tokens')),
    }
  })
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
