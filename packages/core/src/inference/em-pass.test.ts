import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { type EmPlan, emPlan, runSlice } from './em-pass.ts'
import { fitConfusion } from './fit-confusion.ts'
import { ratingIndex } from './rating-index.ts'

const RATINGS = 140_000

function index(classes: number, raters = 50) {
  const random = seededRandom(classes)
  return ratingIndex({
    items: RATINGS / 5,
    raters,
    classes,
    item: Int32Array.from({ length: RATINGS }, (_, at) => Math.floor(at / 5)),
    rater: Int32Array.from({ length: RATINGS }, () => Math.floor(random() * raters)),
    label: Int32Array.from({ length: RATINGS }, (_, at) =>
      random() < 0.6 ? Math.floor(at / 5) % classes : Math.floor(random() * classes),
    ),
  })
}

test.each([2, 3, 4])(
  '%i classes: whatever the order in which slices run, the fit is the same to the last bit',
  (classes) => {
    const many = index(classes)
    const gold = Int32Array.from({ length: many.items }, (_, item) => (item % 7 === 0 ? item % classes : -1))
    const ran: number[] = []
    const backwards = (plan: EmPlan) => {
      ran.push(plan.slices)
      for (let slice = plan.slices - 1; slice >= 0; slice--) runSlice(plan, slice)
    }
    const options = { gold, iterations: 8, start: null, seed: 1 }
    const here = fitConfusion(many, 'map-ds', options)
    const there = fitConfusion(many, 'map-ds', {
      ...options,
      threads: { allocate: (bytes) => new ArrayBuffer(bytes), runSlices: backwards },
    })
    expect(ran).toEqual(Array.from({ length: 8 }, () => 8))
    expect(there.objective).toEqual(here.objective)
    expect(there.logBeliefs).toEqual(here.logBeliefs)
  },
)

test('slices cover every item once, and few ratings or large tables are one slice', () => {
  const many = index(2)
  const runs = Int32Array.of(0, 10, 12, many.items)
  const { bounds } = emPlan(many, runs)
  expect(bounds[0]).toBe(0)
  expect(bounds.at(-1)).toBe(many.items)
  for (let at = 1; at < bounds.length; at++) {
    const ratings =
      (many.start[bounds[at] as number] as number) - (many.start[bounds[at - 1] as number] as number)
    expect(Math.abs(ratings - RATINGS / 8)).toBeLessThanOrEqual(5)
  }
  expect(emPlan(index(2, 140_000), runs).slices).toBe(1)
})
