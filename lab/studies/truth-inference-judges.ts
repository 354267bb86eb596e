/**
 * Model judges who are wrong together: recorded votes on pairs with known answers (subset, idx, judge, rep, swap, winner,
 * label; gzipped CSV without quotes). 50 gold pairs, scored on the others; beside it the judge who did best on the gold.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { fitWithoutGold, type InferredTruth, inferTruth } from '@leeway/core/inference/infer-truth'
import { type RatingIndex, ratingIndex } from '@leeway/core/inference/rating-index'
import { scoreBeliefs } from '@leeway/core/inference/score-beliefs'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { percent } from './percent.ts'
import { drawGold, mean } from './truth-inference.ts'

const GOLD = 50
const REPLICATES = 2000
const FAMILY_DRAWS = 5

type Votes = {
  readonly index: RatingIndex
  readonly truth: Int32Array
  readonly subsets: readonly string[]
  readonly judges: readonly string[]
}

export function judgesStudy(path: string, draws: number): string {
  const votes = readVotes(path, () => true)
  const infer = inferencesOf(votes)
  const runs = Array.from({ length: draws }, (_, seed) => {
    const gold = drawGold(votes.truth, GOLD, seed + 1)
    const auto = infer(gold)
    return { gold, auto, ours: hits(votes, auto.logBeliefs), best: bestJudge(votes, gold) }
  })
  const scores = runs.map(({ auto, gold }) => scoreBeliefs(auto.logBeliefs, 2, votes.truth, gold))
  const interval = pairedInterval(
    runs.map(({ gold, ours, best }) =>
      ours.map((hit, i) => ((gold[i] as number) < 0 ? hit - (best[i] as number) : null)),
    ),
  )
  const others = (pick: (run: (typeof runs)[number]) => readonly number[]) =>
    mean(runs.map((run) => mean(pick(run).filter((_, i) => (run.gold[i] as number) < 0))))
  const methods = [...new Set(runs.map(({ auto }) => auto.method))].map(
    (name) => `${name} ${runs.filter(({ auto }) => auto.method === name).length}`,
  )
  return [
    '| what | gold | scored on | accuracy | log loss | widened by |',
    '|---|---|---|---|---|---|',
    `| auto (${methods.join(', ')} of ${draws} draws) | ${GOLD} pairs | the others | ${percent(others(({ ours }) => ours))} | ${mean(scores.map((one) => one?.logLoss ?? 0)).toFixed(3)} | ${mean(runs.map(({ auto }) => auto.goldShift)).toFixed(3)} |`,
    `| the judge who did best on the gold | ${GOLD} pairs | the others | ${percent(others(({ best }) => best))} | - | |`,
    `| auto less best judge, 95 % by pair | | | ${interval.map((value) => (100 * value).toFixed(1)).join(' to ')} points | | |`,
    ...crossSubset(votes, infer),
    ...leaveFamilyOut(path, Math.min(draws, FAMILY_DRAWS)),
  ].join('\n')
}

/** Fits without gold are the same in every draw. */
function inferencesOf({ index }: Votes): (gold: Int32Array) => InferredTruth {
  const withoutGold = new Map(
    (['map-ds', 'one-coin', 'ebcc', 'stacked'] as const).map((name) => [
      name,
      fitWithoutGold(index, name, 1),
    ]),
  )
  return (gold) => inferTruth(index, { method: 'auto', gold, iterations: null, seed: 1, withoutGold })
}

function crossSubset(votes: Votes, infer: (gold: Int32Array) => InferredTruth): readonly string[] {
  return [...new Set(votes.subsets)].map((subset) => {
    const inside = votes.truth.map((truth, i) => (votes.subsets[i] === subset ? truth : -1))
    const gold = drawGold(inside, GOLD, 1)
    const auto = infer(gold)
    const outside = votes.truth.map((truth, i) => (votes.subsets[i] === subset ? -1 : truth))
    const score = scoreBeliefs(auto.logBeliefs, 2, outside, gold)
    return `| ${auto.method} | ${gold.filter((known) => known >= 0).length} pairs of ${subset} | other subsets | ${percent(score?.accuracy ?? 0)} | ${(score?.logLoss ?? 0).toFixed(3)} | ${auto.goldShift.toFixed(3)} |`
  })
}

function leaveFamilyOut(path: string, draws: number): readonly string[] {
  const families = [...new Set(readVotes(path, () => true).judges.map(familyOf))]
  return families.map((family) => {
    const votes = readVotes(path, (judge) => familyOf(judge) !== family)
    const infer = inferencesOf(votes)
    const scores = Array.from({ length: draws }, (_, seed) => {
      const gold = drawGold(votes.truth, GOLD, seed + 1)
      const auto = infer(gold)
      return scoreBeliefs(auto.logBeliefs, 2, votes.truth, gold)
    })
    return `| auto, without the family ${family} | ${GOLD} pairs | the others | ${percent(mean(scores.map((one) => one?.accuracy ?? 0)))} | ${mean(scores.map((one) => one?.logLoss ?? 0)).toFixed(3)} | |`
  })
}

function familyOf(judge: string): string {
  return judge.split('/')[0] as string
}

function readVotes(path: string, keep: (judge: string) => boolean): Votes {
  const rows = gunzipSync(readFileSync(path)).toString('utf8').trim().split(/\r?\n/).slice(1)
  const pairs = new Map<string, number>()
  const judges = new Map<string, number>()
  const truth: number[] = []
  const subsets: string[] = []
  const ratings: [number, number, number][] = []
  const numberOf = (names: Map<string, number>, name: string) => {
    const known = names.get(name) ?? names.size
    names.set(name, known)
    return known
  }
  for (const row of rows) {
    const [subset = '', idx, judge = '', , , winner, label] = row.split(',')
    const pair = numberOf(pairs, `${subset}/${idx}`)
    truth[pair] = Number(label) - 1
    subsets[pair] = subset
    if (winner !== '' && keep(judge)) ratings.push([pair, numberOf(judges, judge), Number(winner) - 1])
  }
  return {
    truth: Int32Array.from(truth),
    subsets,
    judges: [...judges.keys()],
    index: ratingIndex({
      items: pairs.size,
      raters: judges.size,
      classes: 2,
      item: Int32Array.from(ratings, (rating) => rating[0]),
      rater: Int32Array.from(ratings, (rating) => rating[1]),
      label: Int32Array.from(ratings, (rating) => rating[2]),
    }),
  }
}

/** 1, 0 or (a tie) 1/2 for each pair. */
function hits({ truth }: Votes, logBeliefs: Float64Array): readonly number[] {
  return Array.from(truth, (known, i) => {
    const margin = (logBeliefs[2 * i + known] as number) - (logBeliefs[2 * i + 1 - known] as number)
    return Math.abs(margin) < 1e-9 ? 0.5 : margin > 0 ? 1 : 0
  })
}

/** Hits of the judge whose votes, averaged over orders and repetitions, did best on the gold; ties by more votes. */
function bestJudge(votes: Votes, gold: Int32Array): readonly number[] {
  const { start, cells, raters, items } = votes.index
  const margins = new Float64Array(items * raters)
  for (let i = 0; i < items; i++)
    for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
      const cell = cells[at] as number
      const place = i * raters + (cell >> 1)
      margins[place] = (margins[place] as number) + (cell % 2 === votes.truth[i] ? 1 : -1)
    }
  const hit = (i: number, w: number) => (Math.sign(margins[i * raters + w] as number) + 1) / 2
  const onGold = Array.from({ length: raters }, (_, w) =>
    Array.from(gold.keys()).reduce((sum, i) => sum + ((gold[i] as number) >= 0 ? hit(i, w) : 0), 0),
  )
  // Judges who tie on the gold share.
  const top = Math.max(...onGold)
  const best = Array.from(onGold.keys()).filter((w) => (onGold[w] as number) === top)
  return Array.from({ length: items }, (_, i) => mean(best.map((w) => hit(i, w))))
}

/** Bootstrap over pairs of the mean over draws of the difference; null where the pair was gold in that draw. */
function pairedInterval(runs: readonly (readonly (number | null)[])[]): readonly [number, number] {
  const random = seededRandom(11)
  const pairs = runs[0]?.length ?? 0
  const sums = Array.from({ length: pairs }, (_, i) => runs.reduce((sum, run) => sum + (run[i] ?? 0), 0))
  const counts = Array.from({ length: pairs }, (_, i) => runs.filter((run) => run[i] !== null).length)
  const means = Array.from({ length: REPLICATES }, () => {
    let sum = 0
    let count = 0
    for (let at = 0; at < pairs; at++) {
      const i = Math.floor(random() * pairs)
      sum += sums[i] as number
      count += counts[i] as number
    }
    return sum / count
  }).sort((a, b) => a - b)
  return [means[Math.floor(0.025 * REPLICATES)] as number, means[Math.floor(0.975 * REPLICATES)] as number]
}
