import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { learnFailure, scoreBin, startCalibration } from './judge-calibration.ts'
import { allocatePairAudits, type PairToAudit, scoreProbabilities } from './pair-audits.ts'

/** Of ten episodes each: one in ten fails below a half, every other one above. */
function calibrated() {
  const calibration = startCalibration()
  for (let answer = 0; answer < 1_000; answer++) {
    learnFailure(calibration, 0.1, answer % 10 === 0 ? 1 : 0)
    learnFailure(calibration, 0.9, answer % 2 === 0 ? 1 : 0)
  }
  return calibration
}
const pair = (candidate: number | null, baseline: number | null, minutes = 2): PairToAudit => ({
  candidate,
  baseline,
  minutes,
})
const many = (count: number, one: PairToAudit) => Array.from({ length: count }, () => one)

test('by hand: in proportion to the root of the variance of both labels, over the minutes', () => {
  const pairs = [...many(50, pair(0.1, 0.1)), ...many(50, pair(0.9, 0.9)), ...many(50, pair(0.9, 0.9, 8))]
  const { probabilities } = allocatePairAudits(pairs, { calibration: calibrated(), share: 0.2, floor: 0.01 })
  const [calm, doubtful, long] = [probabilities[0], probabilities[50], probabilities[100]] as number[]
  expect((doubtful ?? 0) / (calm ?? 1)).toBeCloseTo(Math.sqrt(0.25 / 0.09), 1)
  expect((doubtful ?? 0) / (long ?? 1)).toBeCloseTo(2, 9)
})

test('spends the minutes of the share, never falls below the floor, and tells the least of each score', () => {
  const random = seededRandom(3)
  const scores = [0.1, 0.9, null]
  const score = () => scores[Math.floor(3 * random())] ?? null
  const pairs = Array.from({ length: 500 }, () => pair(score(), score(), random() < 0.3 ? 10 : 2))
  const found = allocatePairAudits(pairs, { calibration: calibrated(), share: 0.3, floor: 0.15 })
  const minutes = pairs.reduce((sum, one) => sum + one.minutes, 0)
  const spent = pairs.reduce((sum, one, at) => sum + one.minutes * (found.probabilities[at] ?? 0), 0)
  expect(spent).toBeCloseTo(0.3 * minutes, 6)
  expect(found.least).toBeGreaterThanOrEqual(0.15)
  expect(found.share).toBeGreaterThan(0.3)
  const byScore = scoreProbabilities(pairs, found.probabilities)
  pairs.forEach((one, at) => {
    const probability = found.probabilities[at] ?? 0
    expect(byScore.candidate[scoreBin(one.candidate)] ?? 2).toBeLessThanOrEqual(probability)
    expect(byScore.baseline[scoreBin(one.baseline)] ?? 2).toBeLessThanOrEqual(probability)
  })
  // Scores that no pair has cannot widen the range.
  expect(byScore.candidate[5]).toBeNull()
})

test('degenerate: everything, no judge at all, no pairs', () => {
  const pairs = many(10, pair(null, null))
  const calibration = startCalibration()
  const all = allocatePairAudits(pairs, { calibration, share: 1, floor: 0.1 })
  expect(new Set(all.probabilities)).toEqual(new Set([1]))
  const alike = allocatePairAudits(pairs, { calibration, share: 0.3, floor: 0.1 })
  for (const one of alike.probabilities) expect(one).toBeCloseTo(0.3, 9)
  expect(() => allocatePairAudits([], { calibration, share: 0.3, floor: 0.1 })).toThrow('without pairs')
})
