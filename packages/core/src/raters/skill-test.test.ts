import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { answersToVet, type SkillVerdict, testSkill } from './skill-test.ts'

const BARS = { bar: 0.75, floor: 0.5, alpha: 0.05 }
const LIVES = 1_000
const ANSWERS = 300

/** Many lives pass through the same counts. */
const known = new Map<number, SkillVerdict>()
function verdictOf(right: number, answers: number): SkillVerdict {
  const key = answers * (ANSWERS + 1) + right
  const verdict = known.get(key) ?? testSkill(right, answers, BARS).verdict
  known.set(key, verdict)
  return verdict
}

/** The first verdict of a rater who is looked at after each answer; 'undecided' when none came. */
function firstVerdict(skill: number, random: () => number): SkillVerdict {
  let right = 0
  for (let answers = 1; answers <= ANSWERS; answers++) {
    if (random() < skill) right += 1
    const verdict = verdictOf(right, answers)
    if (verdict !== 'undecided') return verdict
  }
  return 'undecided'
}
function share(skill: number, wanted: SkillVerdict): number {
  const random = seededRandom(11)
  let found = 0
  for (let life = 0; life < LIVES; life++) if (firstVerdict(skill, random) === wanted) found += 1
  return found / LIVES
}

test('a rater at the bar is seldom vetted and one at the floor seldom suspended, however often one looks', () => {
  expect(share(BARS.bar, 'vetted')).toBeLessThanOrEqual(0.065)
  expect(share(BARS.floor, 'suspended')).toBeLessThanOrEqual(0.065)
})

test('good and poor raters are told', () => {
  expect(share(0.92, 'vetted')).toBeGreaterThan(0.9)
  expect(share(0.3, 'suspended')).toBeGreaterThan(0.95)
})

test('right every time, a rater is vetted after as many answers as foretold', () => {
  const needed = answersToVet(BARS)
  expect(needed).toBe(13)
  expect(testSkill(needed - 1, needed - 1, BARS).verdict).toBe('undecided')
  expect(testSkill(needed, needed, BARS).verdict).toBe('vetted')
})

test('nothing is known before the first answer, and nonsense is refused', () => {
  expect(testSkill(0, 0, BARS)).toEqual({ verdict: 'undecided', low: 0, high: 1 })
  expect(() => testSkill(2, 1, BARS)).toThrow(/right \(2\)/)
  expect(() => testSkill(1, 1, { ...BARS, floor: 0.8 })).toThrow(/floor/)
  expect(() => testSkill(1, 1, { ...BARS, alpha: 0 })).toThrow(/alpha/)
})
