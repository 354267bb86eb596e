/**
 * The simulated judge of the study `debate-consultancy`: it adds evidence as log-odds of the true answer.
 *
 * Model   each round adds honest - dishonest + noise z in a debate. A consultant speaks alone: honest + noise z where it
 *         was given the true answer, -dishonest + noise z where not, half and half; `dishonest` below 0 means that arguments
 *         for the wrong answer give themselves away. After each round the judge stops with a fixed probability and answers
 *         what it then holds for more probable.
 * Fit     least squares over the round means, each divided by its standard error, by random search: DRAWS uniform
 *         draws from BOUNDS, then STEPS normal steps from the best so far, from a tenth of the range down to a thousandth.
 * Tried   before this one was chosen, on the human records: stopping at a bound of belief, evidence of the judge's own, skill
 *         that differs by item, beliefs that stay at one half until evidence is strong. With accuracies fitted only the
 *         last came nearer (7.9 against 13.9 in squares), by three more numbers, and was 5 points off in consultancies;
 *         without them, the variants put consultancies anywhere from 50 to 97 %.
 */
import { normalQuantile, normalUpperTail } from '@leeway/core/numeric/normal'
import { seededRandom } from '@leeway/core/numeric/seeded-random'

export type Judge = { readonly honest: number; readonly dishonest: number; readonly noise: number }
export type Protocol = 'debate' | 'consultancy'

/** What the records of one protocol say: Michael et al. 2023 (arXiv 2311.08702), judgments of the paper. */
export type ArmRecord = {
  readonly judgments: number
  readonly accuracy: number
  /** Mean probability of the right answer after one to four speeches of each side, of those who still judge. */
  readonly means: readonly number[]
  /** Their standard deviation over the root of how many still judge. */
  readonly errors: readonly number[]
  /** One over the mean number of rounds. */
  readonly stop: number
}

export type Records = Readonly<Record<Protocol, ArmRecord>>

export const HUMAN: Records = {
  debate: {
    judgments: 154,
    accuracy: 0.844,
    means: [0.589, 0.703, 0.723, 0.756],
    errors: [0.018, 0.02, 0.03, 0.05],
    stop: 1 / 2.75,
  },
  consultancy: {
    judgments: 96,
    accuracy: 0.74,
    means: [0.527, 0.54, 0.541, 0.645],
    errors: [0.02, 0.024, 0.032, 0.037],
    stop: 1 / 4.02,
  },
}

export const GPT4: Records = {
  debate: {
    judgments: 87,
    accuracy: 0.782,
    means: [0.568, 0.609, 0.673, 0.617],
    errors: [0.023, 0.029, 0.034, 0.04],
    stop: 1 / 3.82,
  },
  consultancy: {
    judgments: 76,
    accuracy: 0.803,
    means: [0.591, 0.601, 0.617, 0.573],
    errors: [0.026, 0.03, 0.04, 0.036],
    stop: 1 / 4.18,
  },
}

/** The longest recorded judgment has 18 rounds. */
const ROUNDS_MAX = 18
const BOUNDS: Readonly<Record<keyof Judge, readonly [number, number]>> = {
  honest: [-1, 3],
  dishonest: [-1, 3],
  noise: [0.05, 4],
}
const DRAWS = 4_000
const STEPS = 2_000

/** Evidence of one round without its noise: one number for each side the consultant may have been given. */
function drifts({ honest, dishonest }: Judge, protocol: Protocol): readonly number[] {
  return protocol === 'debate' ? [honest - dishonest] : [honest, -dishonest]
}

/** Standard normal numbers of equal weight, to take means over the noise. */
const NORMALS = Array.from({ length: 41 }, (_, at) => normalQuantile((at + 0.5) / 41))

/** Mean probability of the right answer after this many rounds. Whoever stops does so whatever it believes. */
export function meanAfter(judge: Judge, protocol: Protocol, rounds: number): number {
  return meanOver(drifts(judge, protocol), (drift) =>
    meanOver(NORMALS, (z) => probability(drift * rounds + judge.noise * Math.sqrt(rounds) * z)),
  )
}

export function expectedAccuracy(judge: Judge, protocol: Protocol, stop: number): number {
  let judging = 1
  let right = 0
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    const stopping = rounds === ROUNDS_MAX ? judging : judging * stop
    judging -= stopping
    right +=
      stopping *
      meanOver(drifts(judge, protocol), (drift) =>
        normalUpperTail((-drift * Math.sqrt(rounds)) / judge.noise),
      )
  }
  return right
}

export type Fit = {
  readonly judge: Judge
  /** Sum of squared distances in standard errors. */
  readonly distance: number
  /** Accuracies of all judges drawn that lie no farther than 3.84 (95 %, one number) beyond the best. */
  readonly accuracies: Readonly<Record<Protocol, readonly [number, number]>>
}

export function fitJudge(
  records: Records,
  to: 'means' | 'means and accuracies',
  seed: number,
  known: Partial<Judge> = {},
): Fit {
  const random = seededRandom(seed)
  const tried: { readonly judge: Judge; readonly distance: number }[] = []
  const attempt = (propose: (name: keyof Judge) => number) => {
    const within = (name: keyof Judge) =>
      known[name] ?? Math.min(BOUNDS[name][1], Math.max(BOUNDS[name][0], propose(name)))
    const [honest, dishonest, noise] = [within('honest'), within('dishonest'), within('noise')]
    // Means and accuracies are the same with `honest` and `-dishonest` exchanged: the larger is called honest.
    const judge =
      honest < -dishonest ? { honest: -dishonest, dishonest: -honest, noise } : { honest, dishonest, noise }
    tried.push({ judge, distance: distanceOf(judge, records, to) })
    return tried.at(-1) as (typeof tried)[number]
  }
  const range = (name: keyof Judge) => BOUNDS[name][1] - BOUNDS[name][0]
  let best = attempt((name) => BOUNDS[name][0] + range(name) * random())
  for (let draw = 1; draw < DRAWS; draw++) {
    const next = attempt((name) => BOUNDS[name][0] + range(name) * random())
    if (next.distance < best.distance) best = next
  }
  for (let step = 0; step < STEPS; step++) {
    const reach = 0.1 * 0.01 ** (step / STEPS)
    const next = attempt((name) => best.judge[name] + range(name) * reach * normal(random))
    if (next.distance < best.distance) best = next
  }
  const near = tried.filter(({ distance }) => distance <= best.distance + 3.84)
  const span = (protocol: Protocol): readonly [number, number] => {
    const found = near.map(({ judge }) => expectedAccuracy(judge, protocol, records[protocol].stop))
    return [Math.min(...found), Math.max(...found)]
  }
  return { ...best, accuracies: { debate: span('debate'), consultancy: span('consultancy') } }
}

function distanceOf(judge: Judge, records: Records, to: 'means' | 'means and accuracies'): number {
  let sum = 0
  for (const protocol of ['debate', 'consultancy'] as const) {
    const { means, errors, accuracy, judgments, stop } = records[protocol]
    means.forEach((mean, at) => {
      sum += ((meanAfter(judge, protocol, at + 1) - mean) / (errors[at] as number)) ** 2
    })
    if (to === 'means') continue
    const variance = (accuracy * (1 - accuracy)) / judgments
    sum += (expectedAccuracy(judge, protocol, stop) - accuracy) ** 2 / variance
  }
  return sum
}

/** How many of these judgments end right. `extra` is what the speeches of one round add besides skill. */
export function judgeMany(
  setting: {
    readonly judge: Judge
    readonly protocol: Protocol
    readonly stop: number
    readonly extra?: (random: () => number) => number
  },
  judgments: number,
  random: () => number,
): number {
  const { judge, protocol, stop, extra } = setting
  const sides = drifts(judge, protocol)
  let right = 0
  for (let judgment = 0; judgment < judgments; judgment++) {
    const drift = sides[judgment % sides.length] as number
    let logOdds = 0
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      logOdds += drift + judge.noise * normal(random) + (extra?.(random) ?? 0)
      if (random() < stop) break
    }
    if (logOdds > 0) right += 1
  }
  return right
}

function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function meanOver(values: readonly number[], of: (value: number) => number): number {
  let sum = 0
  for (const value of values) sum += of(value)
  return sum / values.length
}
