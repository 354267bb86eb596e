/**
 * Fits the judge of the study `debate-consultancy` to what recorded judges believed, never to how often they were right.
 *
 * Fit     least squares, each number divided by its standard error, by random search: DRAWS uniform draws from BOUNDS, then
 *         STEPS normal steps from the best so far, from a tenth of the range down to a thousandth.
 * Tried   before, on the human records: one noise for a round, however many speak (84 to 90 % and 73 to 75 %, and a worse fit);
 *         stopping blindly, stopping at a bound of belief, skill that differs by item, a first impression, weak opening
 *         speeches, beliefs that stay at one half until evidence is strong (debates at 88 to 94 %), noise with fat tails (84 to
 *         88 % and 70 to 73 %). The recorded accuracies were known when this one was chosen: that it predicts them is less
 *         than if they had not been.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { expectedOf, type Judge, NOISE_MIN, normal } from './debate-judge.ts'
import { type Beliefs, PROTOCOLS, type Protocol, type Records } from './debate-records.ts'

/** Each has what stands before it as well. */
export const FITTED_TO = ['round means', 'spreads of rounds', 'last beliefs'] as const
export type FittedTo = (typeof FITTED_TO)[number]

const BOUNDS: Readonly<Record<keyof Judge, readonly [number, number]>> = {
  honest: [-1, 3],
  dishonest: [-1, 3],
  noise: [NOISE_MIN, 2.5],
}
const DRAWS = 800
const STEPS = 600

export type Fit = {
  readonly judge: Judge
  /** Sum of squared distances in standard errors. */
  readonly distance: number
  readonly accuracies: Readonly<Record<Protocol, number>>
  /** Accuracies of all judges drawn that lie no farther than 3.84 (95 %, one number) beyond the best. */
  readonly near: Readonly<Record<Protocol, readonly [number, number]>>
}

type Tried = Pick<Fit, 'judge' | 'distance' | 'accuracies'>

export function fitJudge(records: Records, to: FittedTo, seed: number, known: Partial<Judge> = {}): Fit {
  const random = seededRandom(seed)
  const tried: Tried[] = []
  const attempt = (propose: (name: keyof Judge) => number): Tried => {
    const within = (name: keyof Judge) =>
      known[name] ?? Math.min(BOUNDS[name][1], Math.max(BOUNDS[name][0], propose(name)))
    const [honest, dishonest, noise] = [within('honest'), within('dishonest'), within('noise')]
    // Nothing changes with `honest` and `-dishonest` exchanged: the larger is called honest.
    const judge =
      honest < -dishonest ? { honest: -dishonest, dishonest: -honest, noise } : { honest, dishonest, noise }
    const next = { judge, ...compared(judge, records, to) }
    tried.push(next)
    return next
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
    const found = near.map(({ accuracies }) => accuracies[protocol])
    return [Math.min(...found), Math.max(...found)]
  }
  return { ...best, near: { debate: span('debate'), consultancy: span('consultancy') } }
}

function compared(judge: Judge, records: Records, to: FittedTo): Omit<Tried, 'judge'> {
  let distance = 0
  const accuracies = { debate: 0, consultancy: 0 }
  const add = (found: Pick<Beliefs, 'mean' | 'spread'>, recorded: Beliefs) => {
    distance += ((found.mean - recorded.mean) / recorded.meanError) ** 2
    if (to !== 'round means') distance += ((found.spread - recorded.spread) / recorded.spreadError) ** 2
  }
  for (const protocol of PROTOCOLS) {
    const { rounds, last, stops } = records[protocol]
    const expected = expectedOf(judge, protocol, stops)
    accuracies[protocol] = expected.accuracy
    for (const [round, recorded] of rounds.entries())
      add(expected.rounds[round] as Pick<Beliefs, 'mean' | 'spread'>, recorded)
    if (to === 'last beliefs') add(expected.last, last)
  }
  return { distance, accuracies }
}
