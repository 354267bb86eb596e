/**
 * Sums of two numbers of k digits: an agent that learned to write them and one that learned to check them, both from sums of
 * k digits alone, both through the same window of two places.
 *
 * Generator  digit by digit, from the digits of its place and the one before: whether a carry comes from further back it cannot see.
 * Verifier   the same, and the written answer in that window, which lays the carry open. The score of a sum is the sum of
 *            the log probabilities that each of its digits is right.
 * Blind      the verifier of a task whose answers hide the way: it sees the answer's digit at its place and not the one before.
 */
import { argmax, trainSmallModel } from './small-model.ts'

export type Sum = {
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly answer: readonly number[]
}

/** Least digit first; the answer has one place more than the numbers. */
export function drawSum(digits: number, random: () => number): Sum {
  const draw = () => Array.from({ length: digits }, () => Math.floor(10 * random()))
  const [a, b] = [draw(), draw()]
  let carry = 0
  const answer = Array.from({ length: digits + 1 }, (_, at) => {
    const total = (a[at] ?? 0) + (b[at] ?? 0) + carry
    carry = total >= 10 ? 1 : 0
    return total % 10
  })
  return { a, b, answer }
}

export type SumModels = {
  /** What it holds for the likeliest. */
  readonly guess: (sum: Omit<Sum, 'answer'>) => readonly number[]
  /** A written answer, and another one each time where it is unsure. */
  readonly write: (sum: Omit<Sum, 'answer'>, random: () => number) => readonly number[]
  readonly score: (sum: Sum) => number
}

export type Learning = {
  readonly digits: number
  readonly sums: number
  /** Share of the labels, digits or verdicts, that are wrong. */
  readonly labelNoise: number
  readonly verifier: 'sees the digit before' | 'blind' | 'labels at random'
}

const TOTALS = 19
const DIFFERENCES = 28
const SHAPE = { hidden: 16 }
const TRAINING = { epochs: 20, rate: 0.01 }

export function learnSums(learning: Learning, random: () => number): SumModels {
  const { digits, sums, labelNoise, verifier } = learning
  const taught = Array.from({ length: sums }, () => drawSum(digits, random))
  const noisy = (digit: number) => (random() < labelNoise ? Math.floor(10 * random()) : digit)
  const generator = trainSmallModel(
    taught.flatMap((sum) =>
      sum.answer.map((digit, at) => ({ input: windowOf(sum, at), target: noisy(digit) })),
    ),
    { ...SHAPE, classes: 10 },
    TRAINING,
    random,
  )
  const isBlind = verifier === 'blind'
  const checker = trainSmallModel(
    taught.flatMap((sum) => {
      const shown = {
        ...sum,
        answer: sum.answer.map((digit) => (random() < 0.3 ? Math.floor(10 * random()) : digit)),
      }
      return shown.answer.map((digit, at) => {
        const isRight = Number(digit === sum.answer[at])
        const flipped = random() < labelNoise ? 1 - isRight : isRight
        const target = verifier === 'labels at random' ? Number(random() < 0.5) : flipped
        return { input: checkWindow(shown, at, isBlind), target }
      })
    }),
    { ...SHAPE, classes: 2 },
    TRAINING,
    random,
  )
  const places = (sum: Omit<Sum, 'answer'>) => Array.from({ length: sum.a.length + 1 }, (_, at) => at)
  return {
    guess: (sum) => places(sum).map((at) => argmax(generator(windowOf(sum, at)))),
    write: (sum, draw) => places(sum).map((at) => pick(generator(windowOf(sum, at)), draw())),
    score: (sum) =>
      sum.answer.reduce(
        (total, _, at) => total + Math.log(Math.max(1e-12, checker(checkWindow(sum, at, isBlind))[1] ?? 0)),
        0,
      ),
  }
}

/** One of the drawn answers that the verifier holds for the best. */
export function bestOf(
  models: SumModels,
  sum: Omit<Sum, 'answer'>,
  many: number,
  random: () => number,
): readonly number[] {
  const answers = Array.from({ length: many }, () => models.write(sum, random))
  const scores = answers.map((answer) => models.score({ ...sum, answer }))
  return answers[scores.indexOf(Math.max(...scores))] as readonly number[]
}

export const isRight = (answer: readonly number[], sum: Sum) =>
  answer.every((digit, at) => digit === sum.answer[at])

const totalAt = ({ a, b }: Omit<Sum, 'answer'>, at: number) => (a[at] ?? 0) + (b[at] ?? 0)

function windowOf(sum: Omit<Sum, 'answer'>, at: number): Float64Array {
  const input = new Float64Array(2 * TOTALS)
  input[totalAt(sum, at)] = 1
  if (at > 0) input[TOTALS + totalAt(sum, at - 1)] = 1
  return input
}

/** By difference of total and written digit, from -9 to 18; where blind, the place before by its total alone. */
function checkWindow(sum: Sum, at: number, isBlind: boolean): Float64Array {
  const input = new Float64Array(DIFFERENCES + Math.max(DIFFERENCES, TOTALS))
  input[totalAt(sum, at) - (sum.answer[at] ?? 0) + 9] = 1
  if (at > 0)
    input[
      DIFFERENCES + (isBlind ? totalAt(sum, at - 1) : totalAt(sum, at - 1) - (sum.answer[at - 1] ?? 0) + 9)
    ] = 1
  return input
}

function pick(chances: Float64Array, draw: number): number {
  let left = draw
  for (let at = 0; at < chances.length; at++) {
    left -= chances[at] as number
    if (left < 0) return at
  }
  return chances.length - 1
}
