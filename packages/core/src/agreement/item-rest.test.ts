/** Simulated rubrics: a quality that the other questions follow, and one that follows it, turns it round or does not care. */
import { expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { CLUSTERS_MIN, type ItemRest, itemRestCorrelation } from './item-rest.ts'

const OPTIONS = { alpha: 0.05, replicates: 400, seed: 1 }

function found(result: IntervalEstimate | Insufficient) {
  if (result.kind === 'insufficient' || result.interval.kind === 'insufficient') throw new Error('none')
  return { value: result.value, low: result.interval.low, high: result.interval.high }
}
/** Episodes whose quality moves both sides; `pull` is how much of it the question shares, with its sign. */
function rubric(episodes: number, pull: number, seed: number): ItemRest[] {
  const random = seededRandom(seed)
  return Array.from({ length: episodes }, (_, at) => {
    const good = random() < 0.5
    const follows = random() < Math.abs(pull)
    const own = random() < 0.5
    return {
      item: follows ? Number(good === pull > 0) : Number(own),
      rest: good ? 0.5 + random() / 2 : random() / 2,
      cluster: String(at),
    }
  })
}

test('the value is the correlation of the rows', () => {
  const rows = Array.from({ length: 24 }, (_, at) => ({
    item: at % 3 === 0 ? 1 : 0,
    rest: ((at * 7) % 24) / 24,
    cluster: String(at),
  }))
  const mean = (of: (row: ItemRest) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  const [x, y] = [mean(({ item }) => item), mean(({ rest }) => rest)]
  const by =
    Math.sqrt(mean(({ item }) => item ** 2) - x * x) * Math.sqrt(mean(({ rest }) => rest ** 2) - y * y)
  expect(found(itemRestCorrelation(rows, OPTIONS)).value).toBeCloseTo(
    (mean(({ item, rest }) => item * rest) - x * y) / by,
    12,
  )
})

test('a question asked the wrong way round is shown to be, one that fits is not, one about nothing is open', () => {
  const turned = found(itemRestCorrelation(rubric(200, -0.6, 3), OPTIONS))
  expect(turned.high).toBeLessThan(0)
  const fits = found(itemRestCorrelation(rubric(200, 0.6, 3), OPTIONS))
  expect(fits.low).toBeGreaterThan(0)
  const beside = found(itemRestCorrelation(rubric(200, 0, 3), OPTIONS))
  expect(beside.low).toBeLessThan(0)
  expect(beside.high).toBeGreaterThan(0)
})

test('a question about nothing is called turned round, or fitting, in about 1 of 40 rubrics each', () => {
  let turned = 0
  let fits = 0
  for (let run = 0; run < 400; run++) {
    const { low, high } = found(itemRestCorrelation(rubric(40, 0, run + 10), { ...OPTIONS, replicates: 200 }))
    if (high < 0) turned += 1
    if (low > 0) fits += 1
  }
  expect(turned / 400).toBeLessThan(0.05)
  expect(fits / 400).toBeLessThan(0.05)
})

test('copies of an episode within its unit do not make anything surer', () => {
  const once = rubric(60, -0.3, 5)
  const tenfold = Array.from({ length: 10 }, () => once).flat()
  const width = (rows: readonly ItemRest[]) => {
    const { low, high } = found(itemRestCorrelation(rows, OPTIONS))
    return high - low
  }
  expect(width(tenfold)).toBeCloseTo(width(once), 6)
  expect(width(tenfold.map((row, at) => ({ ...row, cluster: String(at) })))).toBeLessThan(width(once) / 2)
})

test('too few, or no variation, is insufficient; the order of rows changes nothing', () => {
  const rows = rubric(60, 0.5, 9)
  expect(itemRestCorrelation([], OPTIONS).kind).toBe('insufficient')
  expect(itemRestCorrelation(rows.slice(0, CLUSTERS_MIN - 1), OPTIONS).kind).toBe('insufficient')
  expect(
    itemRestCorrelation(
      rows.map((row) => ({ ...row, item: 1 })),
      OPTIONS,
    ),
  ).toEqual({
    kind: 'insufficient',
    reason: 'every answer on one side is the same',
  })
  expect(itemRestCorrelation([...rows].reverse(), OPTIONS)).toEqual(itemRestCorrelation(rows, OPTIONS))
})
