/**
 * A classifier of one hidden layer, trained by Adam on soft targets, for studies in which something must really be learned.
 *
 * Inputs      rows of `features` numbers; targets: a class each. `hidden` 0 makes it a logistic regression.
 * Confidence  after Burns et al. 2023 (arXiv 2312.09390): a share of the target is the model's own hardened prediction, rising
 *             from 0 over the first fifth of the training. 0: plain cross-entropy.
 */
import { shuffled } from '@leeway/core/numeric/shuffled'
export type SmallModel = (input: Float64Array) => Float64Array

const BATCH = 32
const WARM_UP = 0.2
const BETA = [0.9, 0.999] as const

export function trainSmallModel(
  examples: readonly { readonly input: Float64Array; readonly target: number }[],
  shape: { readonly classes: number; readonly hidden: number },
  training: { readonly epochs: number; readonly rate: number; readonly confidence?: number },
  random: () => number,
): SmallModel {
  const features = examples[0]?.input.length ?? 0
  const { classes, hidden } = shape
  const width = hidden === 0 ? features : hidden
  const first = layer(features, hidden, random)
  const last = layer(width, classes, random)
  const layers = hidden === 0 ? [last] : [first, last]
  let order = examples.map((_, at) => at)
  let steps = 0
  for (let epoch = 0; epoch < training.epochs; epoch++) {
    order = shuffled(order, random)
    const own = (training.confidence ?? 0) * Math.min(1, epoch / (WARM_UP * training.epochs))
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = order.slice(from, from + BATCH)
      for (const at of batch) {
        const { input, target } = examples[at] as (typeof examples)[number]
        const middle = hidden === 0 ? input : activated(first, input)
        const p = softmax(output(last, middle))
        const chosen = argmax(p)
        // Gradient of the cross-entropy to the mixed target.
        const error = p.map(
          (value, k) => value - (1 - own) * Number(k === target) - own * Number(k === chosen),
        )
        if (hidden > 0) {
          const back = new Float64Array(hidden)
          for (let j = 0; j < hidden; j++) {
            if ((middle[j] as number) <= 0) continue
            for (let k = 0; k < classes; k++)
              back[j] = (back[j] as number) + (error[k] as number) * (last.weights[k * width + j] as number)
          }
          gather(first, input, back)
        }
        gather(last, middle, error)
      }
      steps += 1
      for (const one of layers) update(one, training.rate, batch.length, steps)
    }
  }
  return (input) => softmax(output(last, hidden === 0 ? input : activated(first, input)))
}

type Layer = {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float64Array
  readonly bias: Float64Array
  readonly gradient: Float64Array
  readonly moments: readonly [Float64Array, Float64Array]
}

/** The bias follows the weights in `gradient` and `moments`. */
function layer(inputs: number, outputs: number, random: () => number): Layer {
  const scale = Math.sqrt(2 / Math.max(1, inputs))
  const size = inputs * outputs + outputs
  return {
    inputs,
    outputs,
    weights: Float64Array.from({ length: inputs * outputs }, () => scale * normal(random)),
    bias: new Float64Array(outputs),
    gradient: new Float64Array(size),
    moments: [new Float64Array(size), new Float64Array(size)],
  }
}

function output({ inputs, outputs, weights, bias }: Layer, input: Float64Array): Float64Array {
  const sums = bias.slice()
  for (let i = 0; i < inputs; i++) {
    const value = input[i] as number
    if (value === 0) continue
    for (let k = 0; k < outputs; k++)
      sums[k] = (sums[k] as number) + value * (weights[k * inputs + i] as number)
  }
  return sums
}

const activated = (one: Layer, input: Float64Array) => output(one, input).map((value) => Math.max(0, value))

function gather({ inputs, outputs, gradient }: Layer, input: Float64Array, error: Float64Array): void {
  for (let i = 0; i < inputs; i++) {
    const value = input[i] as number
    if (value === 0) continue
    for (let k = 0; k < outputs; k++) {
      const at = k * inputs + i
      gradient[at] = (gradient[at] as number) + value * (error[k] as number)
    }
  }
  for (let k = 0; k < outputs; k++) {
    const at = inputs * outputs + k
    gradient[at] = (gradient[at] as number) + (error[k] as number)
  }
}

/** Kingma and Ba 2015. */
function update(one: Layer, rate: number, count: number, step: number): void {
  const [mean, square] = one.moments
  const [b1, b2] = BETA
  const size = one.weights.length
  for (let at = 0; at < one.gradient.length; at++) {
    const g = (one.gradient[at] as number) / count
    one.gradient[at] = 0
    mean[at] = b1 * (mean[at] as number) + (1 - b1) * g
    square[at] = b2 * (square[at] as number) + (1 - b2) * g * g
    const moved =
      (rate * ((mean[at] as number) / (1 - b1 ** step))) /
      (Math.sqrt((square[at] as number) / (1 - b2 ** step)) + 1e-8)
    if (at < size) one.weights[at] = (one.weights[at] as number) - moved
    else one.bias[at - size] = (one.bias[at - size] as number) - moved
  }
}

function softmax(sums: Float64Array): Float64Array {
  const top = Math.max(...sums)
  const powers = sums.map((value) => Math.exp(value - top))
  const total = powers.reduce((sum, value) => sum + value, 0)
  return powers.map((value) => value / total)
}

export function argmax(values: Float64Array): number {
  let best = 0
  for (let at = 1; at < values.length; at++) if ((values[at] as number) > (values[best] as number)) best = at
  return best
}

/** Box and Muller 1958. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
