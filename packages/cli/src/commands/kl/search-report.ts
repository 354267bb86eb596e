import { bestOfN, bestOfNKlBound, type ScoredSample } from '@leeway/core/divergence/best-of-n'
import { type Curve, type CurvePoint, fitOverOptimisation } from '@leeway/core/divergence/over-optimisation'
import { type SearchSize, searchSize } from '@leeway/core/divergence/search-size'
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import { printLine, printTable } from '../../output.ts'
import { percent } from '../print-interval.ts'
import type { KlOptions } from './kl-options.ts'

const REPLICATES = 1000
/** One-sided; the level at which the study's regret is below a tenth of what the best n gains. */
const SIZE_ALPHA = 0.1

/** n = 1, 2, 4, … up to the fewest samples of a prompt; one prompt counts as one group of the bootstrap. */
export function searchReport(prompts: readonly (readonly ScoredSample[])[], options: KlOptions) {
  const fewest = prompts.reduce((least, samples) => Math.min(least, samples.length), Number.POSITIVE_INFINITY)
  const sizes = prompts.length === 0 ? [] : powersOfTwo(fewest)
  const found = prompts.map((samples) => sizes.map((n) => bestOfN(samples, n)))
  const mean = (at: number, of: 'gold' | 'proxy') =>
    found.reduce((sum, prompt) => sum + (prompt[at]?.[of] ?? 0) / found.length, 0)
  const points = found.flatMap((prompt, group) =>
    sizes.map(
      (n, at): CurvePoint => ({
        kl: bestOfNKlBound(n),
        gain: (prompt[at]?.gold ?? 0) - (prompt[0]?.gold ?? 0),
        weight: 1,
        group: String(group),
      }),
    ),
  )
  return {
    prompts: prompts.length,
    samplesMin: prompts.length === 0 ? 0 : fewest,
    bestOfN: sizes.map((n, at) => ({
      n,
      klBound: bestOfNKlBound(n),
      proxy: mean(at, 'proxy'),
      gold: mean(at, 'gold'),
    })),
    curve: fitOverOptimisation(points, 'best-of-n', {
      alpha: options.alpha,
      replicates: REPLICATES,
      seed: options.seed,
    }),
    size: searchSize(prompts, { alpha: SIZE_ALPHA, replicates: REPLICATES, seed: options.seed }),
    level: 1 - options.alpha,
  }
}

export function curveReport(points: readonly CurvePoint[], options: KlOptions) {
  return {
    points: points.length,
    curve: fitOverOptimisation(points, options.form, {
      alpha: options.alpha,
      replicates: REPLICATES,
      seed: options.seed,
    }),
    level: 1 - options.alpha,
  }
}

export function printSearch(report: ReturnType<typeof searchReport>): void {
  printLine(`Best of n by proxy, over ${report.prompts} prompts with at least ${report.samplesMin} samples`)
  printLine()
  printTable(
    ['n', 'KL at most', 'proxy', 'gold'],
    report.bestOfN.map(({ n, klBound, proxy, gold }) => [
      String(n),
      klBound.toFixed(3),
      proxy.toFixed(4),
      gold.toFixed(4),
    ]),
  )
  printLine()
  printLine(inWords(report.curve, report.level))
  printLine(sizeInWords(report.size))
}

export function printCurve(report: ReturnType<typeof curveReport>): void {
  printLine(inWords(report.curve, report.level))
}

function sizeInWords(size: SearchSize | Insufficient): string {
  if (size.kind === 'insufficient') return `How far to search cannot be said: ${size.reason}.`
  if (size.n === 1) return 'Do not search: no n is shown to bring more gold than one sample.'
  return `Search no further than n = ${size.n}: it brings ${size.gain.toFixed(4)} more gold than one sample, at least ${size.low.toFixed(4)} (${percent(1 - SIZE_ALPHA)} bound, for each n by itself).`
}

function inWords(curve: Curve | Insufficient, level: number): string {
  if (curve.kind === 'insufficient') return `No curve: ${curve.reason}.`
  const form = curve.form === 'best-of-n' ? 'd (a - b d)' : 'd (a - b log d)'
  const fitted = `Gold over d = sqrt(KL): ${form} with a = ${curve.a.toPrecision(4)}, b = ${curve.b.toPrecision(4)}.`
  if (curve.peak === null) return `${fitted} No peak within reach: gold still rises where it was measured.`
  const { interval } = curve
  const range =
    interval.kind === 'insufficient'
      ? `no interval: ${interval.reason}`
      : `${percent(level)} interval of d: ${interval.low.toFixed(2)} to ${interval.high?.toFixed(2) ?? 'open'}`
  return `${fitted} It peaks at ${curve.peak.kl.toFixed(2)} nats (d = ${curve.peak.d.toFixed(2)}; ${range}). Stop before the lower end.`
}

function powersOfTwo(most: number): readonly number[] {
  const sizes: number[] = []
  for (let n = 1; n <= most; n *= 2) sizes.push(n)
  return sizes
}
