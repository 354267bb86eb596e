import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { describePanel, describeRater, groupsTogether } from './describe-panel.ts'
import type { JudgedRating, JudgedRatings } from './judged-ratings.ts'
import { panelCard } from './rater-card.ts'
import { raterDependence, voicesOf } from './rater-dependence.ts'
import { panelSkill, raterSkill, spammerScore } from './rater-skill.ts'
import { recalibrate, statedConfidence } from './stated-confidence.ts'

const CLASSES = ['fail', 'pass']
const ITEMS = 400

/** Truth is known; `answer` says what rater r answers to item i of truth t. */
function world(
  raters: readonly string[],
  answer: (rater: number, item: number, truth: number, random: () => number) => number,
  seed = 1,
): JudgedRatings {
  const random = seededRandom(seed)
  const gold = Array.from({ length: ITEMS }, () => (random() < 0.6 ? 1 : 0))
  const ratings: JudgedRating[] = []
  for (let item = 0; item < ITEMS; item++)
    for (let rater = 0; rater < raters.length; rater++)
      ratings.push({
        row: ratings.length,
        item,
        rater,
        label: answer(rater, item, gold[item] ?? 0, random),
        confidence: null,
      })
  return { classes: CLASSES, raters, ratings, belief: gold.flatMap((truth) => [1 - truth, truth]), gold }
}

const noisy = (accuracy: number, truth: number, random: () => number) =>
  random() < accuracy ? truth : 1 - truth

describe('skill', () => {
  test('accuracy and confusion are near the truth, and their intervals hold it in 95 % of worlds', () => {
    let held = 0
    for (let seed = 1; seed <= 200; seed++) {
      const judged = world(
        ['one', 'two'],
        (_, __, truth, random) => noisy(truth === 1 ? 0.9 : 0.8, truth, random),
        seed,
      )
      const { accuracyInterval } = raterSkill(
        judged,
        judged.ratings.filter(({ rater }) => rater === 0),
        panelSkill(judged),
      )
      if (accuracyInterval.low <= 0.86 && 0.86 <= accuracyInterval.high) held += 1
    }
    // The prior is the panel of the same skill, so a little more than the level is expected.
    expect(held).toBeGreaterThanOrEqual(186)
  })

  test('a rater with three answers looks like the panel, without one even more so', () => {
    const judged = world(['many', 'few'], (_, __, truth, random) => noisy(0.9, truth, random))
    const panel = panelSkill(judged)
    const three = [0, 1, 2].map((item) => ({
      row: item,
      item,
      rater: 1,
      label: 1 - (judged.gold[item] ?? 0),
      confidence: null,
    }))
    const few = raterSkill(judged, three, panel)
    expect(few.accuracy).toBeCloseTo((10 * panel.accuracy) / 13, 10)
    expect(raterSkill(judged, [], panel).accuracy).toBeCloseTo(panel.accuracy, 10)
    expect(few.accuracyInterval.high - few.accuracyInterval.low).toBeGreaterThan(0.3)
  })

  test('spammer score: 1 for perfect, 0 for an answer that ignores the item, whatever it is', () => {
    expect(
      spammerScore([
        [1, 0],
        [0, 1],
      ]),
    ).toBe(1)
    expect(
      spammerScore([
        [0.3, 0.7],
        [0.3, 0.7],
      ]),
    ).toBe(0)
    expect(
      spammerScore([
        [0, 1],
        [1, 0],
      ]),
    ).toBe(1)
    expect(spammerScore([[1]])).toBeNull()
  })
})

describe('dependence', () => {
  test('five copies of one rater and five alone amount to about six', () => {
    const shared: number[] = []
    const judged = world(
      Array.from({ length: 10 }, (_, index) => `rater ${index}`),
      (rater, item, truth, random) => {
        if (rater === 0) shared[item] = noisy(0.7, truth, random)
        return rater < 5 ? (shared[item] ?? 0) : noisy(0.7, truth, random)
      },
    )
    const { independentRaters, correlations } = raterDependence(judged)
    // R^2 / sum = 100 / (25 + 5) for copies that count five times.
    expect(independentRaters).toBeGreaterThan(2.8)
    expect(independentRaters).toBeLessThan(3.6)
    expect(groupsTogether(correlations)).toEqual([[0, 1, 2, 3, 4]])
    // The copies share one voice; who errs apart keeps most of a whole one.
    const voices = voicesOf(raterDependence(judged))
    const heard = (from: number, to: number) => voices.slice(from, to).reduce((sum, one) => sum + one, 0)
    expect(heard(0, 5)).toBeLessThan(1.1)
    expect(heard(5, 10)).toBeGreaterThan(3.5)
  })

  test('property: a copy of a rater never lowers the redundancy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 6 }), (seed, raters) => {
        const judged = world(
          Array.from({ length: raters }, (_, index) => `${index}`),
          (rater, _, truth, random) => noisy(0.5 + rater / 20, truth, random),
          seed,
        )
        const copied = {
          ...judged,
          raters: [...judged.raters, 'copy'],
          ratings: [
            ...judged.ratings,
            ...judged.ratings
              .filter(({ rater }) => rater === 0)
              .map((rating) => ({ ...rating, rater: raters })),
          ],
        }
        expect(raterDependence(copied).redundantRaters).toBeGreaterThanOrEqual(
          raterDependence(judged).redundantRaters - 1e-9,
        )
      }),
      { numRuns: 40, seed: 1 },
    )
  })

  test('raters who share no items are their own; a perfect rater errs with nobody', () => {
    const none = { classes: CLASSES, raters: ['a', 'b'], ratings: [], belief: [], gold: [] }
    expect(raterDependence(none)).toMatchObject({ independentRaters: 2, redundantRaters: 0 })
    const perfect = world(['a', 'b'], (rater, _, truth, random) =>
      rater === 0 ? truth : noisy(0.7, truth, random),
    )
    expect(raterDependence(perfect).correlations[0]?.[1]).toBe(0)
  })
})

describe('cards in words', () => {
  const long = { name: 'over 300 words', has: ({ item }: JudgedRating) => item % 2 === 0 }
  const biased = world(['keen', 'fair'], (rater, item, truth, random) =>
    rater === 0 && item % 2 === 0 && random() < 0.5 ? 1 : noisy(0.95, truth, random),
  )

  test('a bias is said of the rater who has it, and of nobody else', () => {
    const { raters } = panelCard(biased, { features: [long] })
    expect(describeRater(raters[0]!, CLASSES).join(' ')).toMatch(
      /With over 300 words: answers "pass" \d+ points more often/,
    )
    expect(describeRater(raters[1]!, CLASSES).join(' ')).not.toContain('over 300 words')
  })

  test('one answer is one answer, two are answers', () => {
    const judged = world(['a'], (_, __, truth) => truth)
    const firstWords = (ratings: number) => {
      const [card] = panelCard({ ...judged, ratings: judged.ratings.slice(0, ratings) }).raters
      return describeRater(card!, CLASSES)[0]
    }
    expect(firstWords(1)).toMatch(/of 1 answer \(95 %/)
    expect(firstWords(2)).toMatch(/of 2 answers \(95 %/)
  })

  test('no bias anywhere: nothing is said, in nearly all worlds', () => {
    let said = 0
    for (let seed = 1; seed <= 100; seed++) {
      const judged = world(['a', 'b', 'c'], (_, __, truth, random) => noisy(0.85, truth, random), seed)
      const { raters } = panelCard(judged, { features: [long] })
      if (raters.some((card) => describeRater(card, CLASSES).join().includes('300'))) said += 1
    }
    expect(said).toBeLessThanOrEqual(11)
  })

  test('a bias that all share shows against gold', () => {
    const all = world(['a', 'b', 'c'], (_, item, truth, random) =>
      item % 2 === 0 && random() < 0.4 ? 1 : noisy(0.95, truth, random),
    )
    expect(describePanel(panelCard(all, { features: [long] }), CLASSES).join(' ')).toContain(
      'All raters together. With over 300 words: answers',
    )
  })

  test('drift is said with its size', () => {
    const drifting = world(['a'], (_, item, truth, random) => noisy(item > 300 ? 0.6 : 0.95, truth, random))
    expect(describeRater(panelCard(drifting, { inOrder: true }).raters[0]!, CLASSES).join(' ')).toMatch(
      /newest quarter .* less often/,
    )
  })
})

describe('stated confidence', () => {
  test('an overconfident rater is found out, and the recalibrated confidence is right', () => {
    const random = seededRandom(7)
    const judged = world(['a'], (_, __, truth) => truth)
    const own = judged.ratings.map((rating) => ({
      ...rating,
      label: noisy(0.7, judged.gold[rating.item] ?? 0, random),
      confidence: 0.95,
    }))
    const fit = statedConfidence(judged, own, 0.95)
    if (fit.kind === 'insufficient') throw new Error(fit.reason)
    expect(fit.gap.value).toBeGreaterThan(0.18)
    expect(fit.gap.interval).toMatchObject({ kind: 'interval' })
    expect(recalibrate(fit, 0.95)).toBeGreaterThan(0.63)
    expect(recalibrate(fit, 0.95)).toBeLessThan(0.77)
  })

  test('the gap of a rater who is as sure as right holds 0 in 95 of 100 worlds, and nothing is said of it', () => {
    let holds = 0
    let said = 0
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(1_000 + seed)
      const judged = world(['a'], (_, __, truth) => truth, seed)
      const ratings = judged.ratings.map((rating) => {
        const confidence = 0.6 + 0.35 * random()
        return { ...rating, label: noisy(confidence, judged.gold[rating.item] ?? 0, random), confidence }
      })
      const card = panelCard({ ...judged, ratings }).raters[0]
      if (card?.confidence.kind !== 'stated-confidence') throw new Error('no stated confidence')
      const { interval } = card.confidence.gap
      if (interval.kind === 'interval' && interval.low <= 0 && interval.high >= 0) holds += 1
      if (describeRater(card, CLASSES).some((words) => words.includes('confidence'))) said += 1
    }
    expect(holds).toBeGreaterThanOrEqual(89)
    expect(said).toBe(100 - holds)
  })

  test('too few, none, or always certain and always right: no number that is not one', () => {
    const judged = world(['a'], (_, __, truth) => truth)
    expect(statedConfidence(judged, judged.ratings, 0.95)).toMatchObject({ kind: 'insufficient' })
    const sure = statedConfidence(
      judged,
      judged.ratings.map((rating) => ({ ...rating, confidence: 1 })),
      0.95,
    )
    if (sure.kind === 'insufficient') throw new Error(sure.reason)
    expect(Number.isFinite(sure.intercept + sure.slope + sure.gap.value)).toBe(true)
    expect(recalibrate(sure, 1)).toBeLessThan(1)
  })
})
