import type { StudyArm, StudyArmView, StudySummary, StudyView } from '@leeway/contract/studies'
import { studyPower } from '@leeway/core/studies/study-power'
import {
  formatCountOf,
  formatDuration,
  formatPercent,
  formatPercentInterval,
  formatPoints,
  formatPointsInterval,
} from '../numbers/format-number.ts'

export const ARM_WORDS: Readonly<Record<StudyArm, string>> = {
  unaided: 'without help',
  critique: 'with a critique after a first answer',
  decomposition: 'with what others say to its parts after a first answer',
  debate: 'from a debate in the place of the episode',
  consultancy: 'from a consultancy in the place of the episode',
}

/** How much two answers to one item tell the same, where nobody has measured it: a usual value. */
const ITEM_CORRELATION = 0.15

export function progressWords({ state, joined, raters, answers, answersPlanned }: StudySummary): string {
  const got = `${formatCountOf(answers, 'answer')} of ${answersPlanned}`
  if (state === 'complete') return `Complete: ${got}`
  if (state === 'stopped') return `Stopped early: ${got}`
  return `${got}; ${joined} of ${raters} people take part`
}

/** What the planned size can find, before anyone is asked. */
export function powerWords(plan: {
  readonly raters: number
  readonly itemsPerRater: number
  readonly items: number | null
  readonly arms: number
  readonly control: number
  readonly difference: number
}): string {
  const items = plan.items ?? plan.itemsPerRater
  if (plan.difference === 0) return 'Say which difference the study should be able to find.'
  const power = studyPower({ ...plan, items, itemCorrelation: ITEM_CORRELATION })
  const answers = Math.floor((plan.raters * Math.min(plan.itemsPerRater, items)) / plan.arms)
  const chance = `With ${formatCountOf(answers, 'answer')} in each arm, a true difference of ${formatPoints(plan.difference)} is found in ${formatPercent(power)} of such studies.`
  return power >= 0.8
    ? chance
    : `${chance} Most people plan for 80 %: ask more people, or give each more items.`
}

export function rightWords({ right }: StudyArmView): string {
  return right.low === null || right.high === null
    ? `${formatPercent(right.share)} (too few for an interval)`
    : formatPercentInterval({ estimate: right.share, low: right.low, high: right.high })
}

export function differenceWords({ difference, verdict }: StudyArmView): string {
  if (difference === null) return verdict === 'insufficient' ? 'cannot be told' : 'the control'
  return difference.low === null || difference.high === null
    ? `${formatPoints(difference.share)} (too few for an interval)`
    : formatPointsInterval({ estimate: difference.share, low: difference.low, high: difference.high })
}

const VERDICT = {
  shown: 'That is shown.',
  fragile: 'That is fragile: a few answers the other way would end it.',
  'not-shown': 'That shows nothing: the same would often come of no difference.',
  insufficient: 'There are too few answers to tell.',
} as const

/** The report in sentences, an arm each. */
export function reportWords({ report, stopped, summary }: StudyView): readonly string[] {
  if (report === null) return []
  const [control, ...others] = report
  const comparisons = others.length === 1 ? 'one comparison was' : `${others.length} comparisons were`
  return [
    ...(stopped === null
      ? []
      : [
          `It was stopped after ${summary.answers} of ${summary.answersPlanned} answers: ${stopped.reason} What follows was not planned so, and proves less.`,
        ]),
    ...others.map((arm) =>
      control === undefined
        ? ''
        : `People were right on ${rightWords(arm)} ${ARM_WORDS[arm.arm]}, and on ${rightWords(control)} ${ARM_WORDS[control.arm]}: ${differenceWords(arm)}. ${VERDICT[arm.verdict ?? 'insufficient']}${costWords(arm)}`,
    ),
    `Intervals are 95 %, clustered by item and by rater, the wider one. ${comparisons.charAt(0).toUpperCase()}${comparisons.slice(1)} made.`,
  ]
}

function costWords(arm: StudyArmView): string {
  const { minutesPerErrorRemoved, usdPerErrorRemoved, tokensPerErrorRemoved, verdict } = arm
  if (minutesPerErrorRemoved === null)
    return verdict === null || verdict === 'insufficient'
      ? ''
      : ' It removed no wrong answers, so there is no price of one.'
  const models = [
    ...(usdPerErrorRemoved === null || usdPerErrorRemoved === 0 ? [] : [`$${usdPerErrorRemoved.toFixed(2)}`]),
    ...(tokensPerErrorRemoved === null || tokensPerErrorRemoved === 0
      ? []
      : [formatCountOf(Math.round(tokensPerErrorRemoved), 'token')]),
  ].join(' for ')
  const each = verdict === 'shown' ? 'Each' : 'If it is real, each'
  const time = `${formatDuration(minutesPerErrorRemoved * 60_000)} of people’s time`
  return ` ${each} wrong answer less cost ${time}${models === '' ? '' : ` and ${models}`}.`
}

/** What models cost for one answer; a dash where none helped. */
export function modelCostWords({ usdAnAnswer, tokensAnAnswer }: StudyArmView): string {
  const parts = [
    ...(usdAnAnswer === 0 ? [] : [`$${usdAnAnswer.toFixed(4)}`]),
    ...(tokensAnAnswer === 0 ? [] : [formatCountOf(Math.round(tokensAnAnswer), 'token')]),
  ]
  return parts.length === 0 ? '–' : parts.join(', ')
}

export function surenessWords({ overconfidence }: StudyArmView): string {
  if (overconfidence === null) return '–'
  if (Math.abs(overconfidence) < 0.005) return 'as sure as right'
  return overconfidence > 0
    ? `${formatPoints(overconfidence).replace('+', '')} too sure`
    : `${formatPoints(-overconfidence).replace('+', '')} not sure enough`
}
