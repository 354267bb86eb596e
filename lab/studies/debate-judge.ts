/**
 * The simulated judge of the study `debate-consultancy`: it adds evidence as log-odds of the true answer.
 *
 * Model   each speech adds its skill and noise of its own. A round of a debate has two speeches: honest - dishonest + noise
 *         √2 z. A consultant speaks alone, so the other speech falls away with its noise: honest + noise z where the true
 *         answer was given to it, -dishonest + noise z where not, half and half; `dishonest` below 0 means that arguments for
 *         the wrong answer give themselves away. After each round the judge stops as often as recorded judges who are as sure
 *         (`stops`), and answers what it holds for more probable. Beliefs end at 1 and 99 %, as they do in the records.
 */
import { normalUpperTail } from '@leeway/core/numeric/normal'
import { type Protocol, sureness } from './debate-records.ts'

export type Judge = { readonly honest: number; readonly dishonest: number; readonly noise: number }

/** The longest recorded judgment has 18 rounds. */
const ROUNDS_MAX = 18
const SPEECHES: Readonly<Record<Protocol, number>> = { debate: 2, consultancy: 1 }

/** Evidence of one round without its noise: one number for each side the consultant may have been given. */
function drifts({ honest, dishonest }: Judge, protocol: Protocol): readonly number[] {
  return protocol === 'debate' ? [honest - dishonest] : [honest, -dishonest]
}

function noiseOf({ noise }: Judge, protocol: Protocol): number {
  return noise * Math.sqrt(SPEECHES[protocol])
}

/** Log-odds from -EDGE to EDGE, STEP apart; what goes beyond stays at the edge, far beyond 99 %. */
const STEP = 0.2
const EDGE = 10
const CELLS = Math.round((2 * EDGE) / STEP) + 1
const MIDDLE = (CELLS - 1) / 2
const BELIEFS = Array.from({ length: CELLS }, (_, cell) => probability((cell - MIDDLE) * STEP))
/** Places in a cell, in cells from its middle. */
const WITHIN = [-0.4, -0.2, 0, 0.2, 0.4] as const
/** A cell must be narrow beside the noise that spreads over cells. */
export const NOISE_MIN = STEP

export type Expected = {
  /** Mean belief in the right answer after each round, and its mean squared distance from one half, of those who still judge. */
  readonly rounds: readonly { readonly mean: number; readonly spread: number }[]
  readonly last: { readonly mean: number; readonly spread: number }
  readonly accuracy: number
  /** Mean number of rounds. */
  readonly length: number
}

/** What is expected of a judge, by carrying the distribution of its log-odds from round to round. Throws below NOISE_MIN. */
export function expectedOf(judge: Judge, protocol: Protocol, stops: readonly number[]): Expected {
  if (judge.noise < NOISE_MIN) throw new RangeError(`noise ${judge.noise} is finer than the cells`)
  const kernels = drifts(judge, protocol).map((drift) => kernelOf(drift, noiseOf(judge, protocol)))
  let judging = kernels.map(() => {
    const start = new Float64Array(CELLS)
    start[MIDDLE] = 1 / kernels.length
    return start
  })
  const stopsAt = BELIEFS.map((_, cell) =>
    meanOver(WITHIN, (place) => shareOf(stops, (cell - MIDDLE + place) * STEP)),
  )
  const rounds: { readonly mean: number; readonly spread: number }[] = []
  const last = { mean: 0, spread: 0 }
  let accuracy = 0
  let length = 0
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    judging = judging.map((mass, side) => after(mass, kernels[side] as Kernel))
    let all = 0
    let mean = 0
    let spread = 0
    for (const mass of judging)
      for (let cell = 0; cell < CELLS; cell++) {
        const here = mass[cell] as number
        const belief = BELIEFS[cell] as number
        all += here
        mean += here * belief
        spread += here * (belief - 0.5) ** 2
        const stopping = round === ROUNDS_MAX ? here : here * (stopsAt[cell] as number)
        mass[cell] = here - stopping
        last.mean += stopping * belief
        last.spread += stopping * (belief - 0.5) ** 2
        accuracy += stopping * (cell === MIDDLE ? 0.5 : Number(cell > MIDDLE))
      }
    rounds.push({ mean: mean / all, spread: spread / all })
    length += all
  }
  return { rounds, last, accuracy, length }
}

/** Weight of each step of `first`, `first` + 1, … cells. */
type Kernel = { readonly first: number; readonly weights: Float64Array }

/** Beyond six standard deviations is a billionth. */
function kernelOf(drift: number, noise: number): Kernel {
  const first = Math.floor((drift - 6 * noise) / STEP)
  const steps = Math.ceil((drift + 6 * noise) / STEP) - first + 1
  const beyond = Array.from({ length: steps + 1 }, (_, step) =>
    normalUpperTail(((first + step - 0.5) * STEP - drift) / noise),
  )
  return {
    first,
    weights: Float64Array.from(
      { length: steps },
      (_, step) => (beyond[step] as number) - (beyond[step + 1] as number),
    ),
  }
}

function after(mass: Float64Array, { first, weights }: Kernel): Float64Array<ArrayBuffer> {
  const next = new Float64Array(CELLS)
  for (let from = 0; from < CELLS; from++) {
    const here = mass[from] as number
    if (here < 1e-12) continue
    for (let step = 0; step < weights.length; step++) {
      const to = Math.min(CELLS - 1, Math.max(0, from + first + step))
      next[to] = (next[to] as number) + here * (weights[step] as number)
    }
  }
  return next
}

/** How many of these judgments end right. `extra` is what the speeches of one round add besides skill. */
export function judgeMany(
  setting: {
    readonly judge: Judge
    readonly protocol: Protocol
    readonly stops: readonly number[]
    readonly extra?: (random: () => number) => number
  },
  judgments: number,
  random: () => number,
): number {
  const { judge, protocol, stops, extra } = setting
  const sides = drifts(judge, protocol)
  const noise = noiseOf(judge, protocol)
  let right = 0
  for (let judgment = 0; judgment < judgments; judgment++) {
    const drift = sides[judgment % sides.length] as number
    let logOdds = 0
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      logOdds += drift + noise * normal(random) + (extra?.(random) ?? 0)
      if (random() < shareOf(stops, logOdds)) break
    }
    if (logOdds > 0) right += 1
  }
  return right
}

function shareOf(stops: readonly number[], logOdds: number): number {
  return stops[sureness(probability(logOdds))] as number
}

function meanOver<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length
}

function probability(logOdds: number): number {
  return Math.min(0.99, Math.max(0.01, 1 / (1 + Math.exp(-logOdds))))
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
