import { seededRandom } from '@leeway/core/numeric/seeded-random'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accuracies, drawChain, supervisionChain } from './supervision-chain.ts'

const RUNS = 40
const { top, halts, sleepers } = supervisionChain(RUNS)

test('the pilot of eight links: audits of one label in ten matter most where little is recovered', () => {
  const expected = [
    [0.833, 0.89],
    [0.957, 0.96],
    [0.967, 0.968],
  ]
  top.forEach(({ pilot }, at) => {
    const [without = 0, audited = 0] = expected[at] ?? []
    expect(Math.abs((pilot[0] ?? 0) - without)).toBeLessThan(0.002)
    expect(Math.abs((pilot[1] ?? 0) - audited)).toBeLessThan(0.002)
  })
})

test('no agent is worse for more recovered or for more audits', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.integer(), share, share, share, share, (seed, recovered, more, audited, further) => {
      const chain = drawChain(seededRandom(seed))
      const worse = accuracies(chain, Math.min(recovered, more), Math.min(audited, further))
      const better = accuracies(chain, Math.max(recovered, more), Math.max(audited, further))
      worse.forEach((one, agent) => {
        expect(better[agent]).toBeGreaterThanOrEqual(one - 1e-12)
      })
    }),
  )
})

test('a chain halts at a link under the bar; the naive rule goes past it', () => {
  const slack = 3 * Math.sqrt((0.05 * 0.95) / RUNS)
  const of = (chain: string, rule: string) => halts.find((row) => row.chain === chain && row.rule === rule)
  expect(of('every link sound', 'ours')?.reachedTop).toBeGreaterThan(RUNS / 2)
  for (const chain of ['one link at the bar', 'one link 10 points under it'])
    expect((of(chain, 'ours')?.passedBad ?? RUNS) / RUNS, chain).toBeLessThanOrEqual(0.05 + slack)
  expect((of('one link at the bar', 'caught 60 % of 30')?.passedBad ?? 0) / RUNS).toBeGreaterThan(0.25)
})

test('one that falls asleep is found within a dozen audited mistakes, one that does not is not', () => {
  const ours = (start: string) => sleepers.find(({ name }) => name.startsWith(start))?.found[0]
  expect(ours('catches nothing after 30')?.soon).toBe(1)
  expect(ours('catches nothing after 100')?.soon).toBe(1)
  // The share of the whole record is still far above the bar then.
  expect(sleepers.find(({ name }) => name.startsWith('catches nothing after 100'))?.found[1]?.soon).toBe(0)
  expect(ours('goes on')?.ever).toBeLessThanOrEqual(0.05)
})
