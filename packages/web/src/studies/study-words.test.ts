import type { StudyArmView, StudyView } from '@leeway/contract/studies'
import { expect, test } from 'vitest'
import { modelCostWords, powerWords, progressWords, reportWords, surenessWords } from './study-words.ts'

const arm: StudyArmView = {
  arm: 'unaided',
  answers: 40,
  raters: 8,
  right: { share: 0.6, low: 0.45, high: 0.74 },
  logScore: -0.6,
  overconfidence: 0.1,
  medianSeconds: 60,
  usdAnAnswer: 0,
  tokensAnAnswer: 0,
  helpMinutesAnAnswer: 0,
  spoilt: 0,
  mended: 0,
  difference: null,
  verdict: null,
  minutesPerErrorRemoved: null,
  usdPerErrorRemoved: null,
  tokensPerErrorRemoved: null,
}
const view: StudyView = {
  summary: {
    id: 'x',
    name: 'n',
    question: 'q',
    criterion: 'c',
    arms: ['unaided', 'critique'],
    state: 'complete',
    raters: 8,
    joined: 8,
    itemsPerRater: 10,
    items: 20,
    answersPlanned: 80,
    answers: 80,
    at: '2026-01-01T00:00:00.000Z',
  },
  consent: '',
  expected: { control: 0.6, difference: 0.2 },
  sha256: '',
  seed: null,
  stopped: null,
  counts: [],
  report: [
    arm,
    {
      ...arm,
      arm: 'critique',
      right: { share: 0.8, low: 0.7, high: 0.9 },
      difference: { share: 0.2, low: 0.03, high: 0.37 },
      verdict: 'shown',
      minutesPerErrorRemoved: 5,
      usdPerErrorRemoved: 0.12,
      tokensPerErrorRemoved: 3_000,
    },
  ],
}

test('the report says both shares, the difference with its interval, its worth and its price', () => {
  const [first] = reportWords(view).map((sentence) => sentence.replaceAll('\u00a0', ' '))
  expect(first).toBe(
    'People were right on 80 % (70 to 90) with a critique after a first answer, and on 60 % (45 to 74) without help: +20 points (+3 to +37). That is shown. Each wrong answer less cost 5 min of people’s time and $0.12 for 3,000 tokens.',
  )
  expect(reportWords({ ...view, report: null })).toEqual([])
})

test('what models cost an answer, and a dash where none helped or nobody counted', () => {
  expect(modelCostWords(arm)).toBe('–')
  expect(modelCostWords({ ...arm, usdAnAnswer: 0.04, tokensAnAnswer: 900 })).toBe('$0.0400, 900\u00a0tokens')
  expect(modelCostWords({ ...arm, tokensAnAnswer: 900 })).toBe('900\u00a0tokens')
})

test('what an error removed cost is in doubt where the difference is', () => {
  const report = (view.report ?? []).map((one) => ({
    ...one,
    verdict: one.verdict && ('not-shown' as const),
  }))
  expect(reportWords({ ...view, report })[0]).toMatch(
    /That shows nothing.*If it is real, each wrong answer less/,
  )
})

test('where no error was removed there is no price of one, and where nothing can be told nothing is said', () => {
  const nothing = { minutesPerErrorRemoved: null, usdPerErrorRemoved: null, tokensPerErrorRemoved: null }
  const saying = (verdict: 'not-shown' | 'insufficient') => {
    const report = (view.report ?? []).map((one) => ({ ...one, ...nothing, verdict: one.verdict && verdict }))
    return reportWords({ ...view, report })[0]
  }
  expect(saying('not-shown')).toMatch(/It removed no wrong answers, so there is no price of one\.$/)
  expect(saying('insufficient')).toMatch(/There are too few answers to tell\.$/)
})

test('a study that was stopped says so first', () => {
  const stopped = { reason: 'No time.', at: '2026-01-01T00:00:00.000Z' }
  expect(reportWords({ ...view, stopped })[0]).toMatch(/^It was stopped after 80 of 80 answers: No time\./)
  expect(progressWords({ ...view.summary, state: 'open', answers: 3, joined: 2 })).toMatch(/2 of 8 people/)
})

test('power is told in the words of who plans, and small studies are warned of', () => {
  const plan = { raters: 4, itemsPerRater: 10, items: 20, arms: 2, control: 0.7, difference: 0.1 }
  expect(powerWords(plan)).toMatch(/20.answers in each arm.*\+10.points.*Most people plan for 80 %/)
  expect(powerWords({ ...plan, raters: 200, items: 200, itemsPerRater: 50 })).not.toMatch(/Most people/)
  expect(powerWords({ ...plan, difference: 0 })).toMatch(/^Say which difference/)
  expect(surenessWords(arm)).toMatch(/^10.points too sure$/)
})
