import { expect, test } from 'vitest'
import { labelsToPromote } from './labels-to-promote.ts'

test('labels to promote a candidate that fails on 7 % against 10 %: the measured 555, up to 15 %', () => {
  const [row] = labelsToPromote(
    { human: 1_500, active: 0 },
    ({ candidateFailure, judge }) => candidateFailure === 0.07 && judge === null,
  )
  expect(row?.labelsMedian).toBeGreaterThan(555 * 0.85)
  expect(row?.labelsMedian).toBeLessThan(555 * 1.15)
  // Told the law beforehand the same gate needs fewer.
  expect(row?.oracleMedian).toBeLessThan(row?.labelsMedian ?? 0)
  // Everything was labelled: two labels a pair.
  expect(row?.labelsMedian).toBe(2 * (row?.pairsMedian ?? 0))
})
