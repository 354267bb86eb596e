/**
 * Question  Can the error of a chain of agents that vouch for one another be told from gold of its links?
 * Data      Recorded votes of model judges on pairs with known answers (gzipped CSV: subset, idx, judge, rep, swap, winner, label). A
 *           judge's answer is what most of its votes say; a tie is no answer.
 * Method    A third of the pairs orders the judges by accuracy; those right on 55 % or more are agents N, N+1, … at even
 *           steps from the weakest to the best. Another third is gold of the links. The last third measures.
 * Answer    Share of wrong answers among those that every agent of the chain gives: as if nobody erred together, link by link,
 *           and measured. Fails where link by link is not nearer to what is measured than independence is.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Interval } from '@leeway/core/numeric/interval-estimate'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type ChainItem, chainOutcome, forecastChain } from '@leeway/core/oversight/vouching-chain'
import { percent } from './percent.ts'
import { mean } from './truth-inference.ts'

const ACCURACY_MIN = 0.55
const LENGTHS = [2, 3, 4, 6] as const

type Judged = { readonly truth: number; readonly answers: ReadonlyMap<string, number> }

export function vouchingChain(path: string, draws: number): string {
  const pairs = readAnswers(path)
  const judges = [...new Set(pairs.flatMap(({ answers }) => [...answers.keys()]))].sort()
  const rows = [
    ...LENGTHS.flatMap((length) => rowOf('any family', pairs, judges, length, draws)),
    ...largestFamilies(judges).flatMap(([family, own]) =>
      [2, 3].flatMap((length) => rowOf(`family ${family} alone`, pairs, own, length, draws)),
    ),
  ]
  return [
    '| chain | agents | top agent alone | as if apart | link by link | counted on gold | measured | pass | measured within the interval: link by link, counted |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function rowOf(
  name: string,
  pairs: readonly Judged[],
  judges: readonly string[],
  length: number,
  draws: number,
): readonly string[] {
  const runs = Array.from({ length: draws }, (_, seed) => oneDraw(pairs, judges, length, seed + 1)).filter(
    (run) => run !== null,
  )
  // A family with fewer able judges has no such chain.
  if (runs.length === 0) return []
  const meanShare = (of: (run: (typeof runs)[number]) => number) => percent(mean(runs.map(of)))
  const within = ({ low, high }: Interval, error: number) => low <= error && error <= high
  const held = runs.filter(({ forecast, error }) => within(forecast.interval, error)).length
  const heldCounted = runs.filter(({ forecast, error }) => within(forecast.counted.interval, error)).length
  const cells = [
    meanShare(({ forecast }) => forecast.alone),
    meanShare(({ forecast }) => forecast.independent),
    meanShare(({ forecast }) => forecast.linkByLink),
    meanShare(({ forecast }) => forecast.counted.wrong / Math.max(1, forecast.counted.passed)),
    meanShare(({ error }) => error),
    meanShare(({ passed }) => passed),
    `${held} and ${heldCounted} of ${runs.length}`,
  ]
  return [`| ${name} | ${length} | ${cells.join(' | ')} |`]
}

function oneDraw(pairs: readonly Judged[], judges: readonly string[], length: number, seed: number) {
  const random = seededRandom(seed)
  const order = pairs.map((pair) => ({ pair, at: random() })).sort((a, b) => a.at - b.at)
  const third = (part: number) => order.filter((_, at) => at % 3 === part).map(({ pair }) => pair)
  const [fit, gold, rest] = [third(0), third(1), third(2)]
  const accuracy = (judge: string) =>
    fit.filter(({ truth, answers }) => answers.get(judge) === truth).length / fit.length
  const able = judges
    .map((judge) => ({ judge, accuracy: accuracy(judge) }))
    .filter((one) => one.accuracy >= ACCURACY_MIN)
    .sort((a, b) => a.accuracy - b.accuracy || (a.judge < b.judge ? -1 : 1))
  if (able.length < length) return null
  const chain = Array.from(
    { length },
    (_, agent) => able[Math.round((agent * (able.length - 1)) / (length - 1))]?.judge ?? '',
  )
  const itemsOf = (part: readonly Judged[]): readonly ChainItem[] =>
    part.map(({ truth, answers }) => ({ truth, answers: chain.map((judge) => answers.get(judge) ?? -1) }))
  const { passed, wrong } = chainOutcome(itemsOf(rest))
  if (passed === 0) return null
  return {
    forecast: forecastChain(itemsOf(gold), seed),
    error: wrong / passed,
    passed: passed / rest.length,
  }
}

/** The two families with most judges: models that share a base err together. */
function largestFamilies(judges: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const families = grouped(judges)
  return [...families].sort((a, b) => b[1].length - a[1].length).slice(0, 2)
}

function grouped(judges: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...new Set(judges.map(familyOf))].map((family) => [
      family,
      judges.filter((one) => familyOf(one) === family),
    ]),
  )
}

function familyOf(judge: string): string {
  return judge.split('/')[0] ?? judge
}

function readAnswers(path: string): readonly Judged[] {
  const votes = new Map<string, { truth: number; margins: Map<string, number> }>()
  for (const row of gunzipSync(readFileSync(path)).toString('utf8').trim().split(/\r?\n/).slice(1)) {
    const [subset = '', idx, judge = '', , , winner, label] = row.split(',')
    const key = `${subset}/${idx}`
    const pair = votes.get(key) ?? { truth: Number(label), margins: new Map<string, number>() }
    votes.set(key, pair)
    if (winner !== '') pair.margins.set(judge, (pair.margins.get(judge) ?? 0) + (winner === '1' ? 1 : -1))
  }
  return [...votes.values()].map(({ truth, margins }) => ({
    truth,
    answers: new Map([...margins].map(([judge, margin]) => [judge, margin === 0 ? -1 : margin > 0 ? 1 : 2])),
  }))
}
