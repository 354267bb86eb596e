import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { type ActedConversation, behaviouralStanding } from './behavioural-budget.ts'

const random = seededRandom(5)
const TOOLS = ['find', 'refund', 'note', 'an answer']
/** One to four choices, which hang together: some conversations keep to one tool. */
function conversation(role: ActedConversation['role'], shares: readonly number[]): ActedConversation {
  const choose = () => {
    const drawn = random()
    const upTo = (at: number) => shares.slice(0, at + 1).reduce((sum, share) => sum + share, 0)
    return TOOLS[shares.findIndex((_, at) => drawn < upTo(at))] ?? 'an answer'
  }
  const first = choose()
  const keeps = random() < 0.3
  return {
    role,
    choices: Array.from({ length: 1 + Math.floor(4 * random()) }, () => (keeps ? first : choose())),
  }
}
const BASELINE = [0.4, 0.2, 0.1, 0.3]
const klOf = (p: readonly number[]) =>
  p.reduce((sum, share, at) => sum + share * Math.log(share / (BASELINE[at] as number)), 0)
const draw = (count: number, shares: readonly number[]) =>
  Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? conversation('candidate', shares) : conversation('baseline', BASELINE),
  )

test('much like the baseline is within, far from it over, at the budget open', () => {
  const far = [0.05, 0.6, 0.3, 0.05]
  const at = (shares: readonly number[], natsMax: number) =>
    behaviouralStanding(draw(600, shares), { natsMax, alpha: 0.05 })
  expect(at(BASELINE, 0.3)).toMatchObject({ standing: 'within', reason: null, natsMax: 0.3 })
  expect(at(far, 0.3).standing).toBe('over')
  expect(at(far, klOf(far)).standing).toBe('open')
})

test('too few, or all alike, is insufficient and never within', () => {
  const budget = { natsMax: 10, alpha: 0.05 }
  expect(behaviouralStanding([], budget)).toMatchObject({ standing: 'insufficient', look: 0, high: null })
  expect(behaviouralStanding(draw(39, BASELINE), budget).standing).toBe('insufficient')
  expect(behaviouralStanding(draw(40, BASELINE), budget).standing).toBe('within')
  const one = (role: ActedConversation['role']) => ({ role, choices: ['an answer'] })
  const alike = Array.from({ length: 60 }, (_, at) => one(at % 2 === 0 ? 'candidate' : 'baseline'))
  expect(behaviouralStanding(alike, budget)).toMatchObject({ standing: 'insufficient', value: null })
  const alone = draw(200, BASELINE).filter(({ role }) => role === 'candidate')
  expect(behaviouralStanding(alone, budget).reason).toContain('0 of the baseline are too few')
})

test('between two looks the last one stands, so that asking again changes nothing', () => {
  const all = draw(48, BASELINE)
  const standing = (count: number) => behaviouralStanding(all.slice(0, count), { natsMax: 0.3, alpha: 0.05 })
  expect(standing(43)).toEqual(standing(40))
  expect(standing(44).look).toBe(2)
})

test('just past the budget it is called within in at most alpha of runs, and within it over, at any look', () => {
  const shares = [0.15, 0.4, 0.25, 0.2]
  const runs = 120
  const alpha = 0.1
  let within = 0
  let over = 0
  for (let run = 0; run < runs; run++) {
    const all = draw(260, shares)
    const looks = Array.from({ length: 20 }, (_, at) => 40 + 11 * at + at)
    const ever = (natsMax: number, standing: 'within' | 'over') =>
      looks.some(
        (count) => behaviouralStanding(all.slice(0, count), { natsMax, alpha }).standing === standing,
      )
    if (ever(0.98 * klOf(shares), 'within')) within += 1
    if (ever(1.02 * klOf(shares), 'over')) over += 1
  }
  expect(within / runs).toBeLessThanOrEqual(alpha)
  expect(over / runs).toBeLessThanOrEqual(alpha)
}, 120_000)
