import { expect, test } from 'vitest'
import { planWords } from './plan-words.ts'
import type { LookPlan } from './standing-plan.ts'

const plan = (more: Partial<LookPlan>): LookPlan => ({
  projectId: '',
  id: '',
  criterionSha256: '',
  releaseId: '',
  groups: [{ name: 'anyone', probability: 1, cost: null }],
  help: null,
  helpShare: null,
  evidence: {},
  at: new Date(0),
  ...more,
})

test('says who looks and what may follow, and nothing of what is not drawn', () => {
  expect(
    planWords(
      plan({
        groups: [
          { name: 'anyone', probability: 0.2, cost: 1 },
          { name: 'vetted', probability: 0, cost: null },
          { name: 'expert', probability: 0.8, cost: 1 },
        ],
        help: 'critique',
        helpShare: 0.8,
      }),
    ),
  ).toBe(
    'By lot, whatever the episode, 20 % of the questions are for anyone who is trusted and 80 % of the questions are kept a day for experts. After a first answer a critique may follow at 80 % of them.',
  )
  expect(planWords(plan({}))).toBe(
    'By lot, whatever the episode, 100 % of the questions are for anyone who is trusted.',
  )
})
