/**
 * The standard normal distribution.
 *
 * Method  upper tail: power series below 3, continued fraction above (Abramowitz and Stegun 26.2.11, 26.2.14);
 *         quantile: their 26.2.23 as start, then Halley steps on the tail itself, so that tiny probabilities keep
 *         their relative precision (about 1e-13).
 */

/** P(Z > x); 1 at minus infinity. */
export function normalUpperTail(x: number): number {
  if (x < 0) return 1 - normalUpperTail(-x)
  if (x > 38) return 0
  const density = normalDensity(x)
  if (x < 3) {
    let term = x
    let sum = x
    for (let k = 1; Math.abs(term) > 1e-18; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = 0
  for (let k = 60; k >= 1; k--) fraction = k / (x + fraction)
  return density / (x + fraction)
}

/** The z with P(Z <= z) = probability. Throws outside (0, 1): there is no finite answer. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`a quantile needs a probability between 0 and 1, not ${probability}`)
  return probability < 0.5 ? -upperQuantile(probability) : upperQuantile(1 - probability)
}

/** The x >= 0 with P(Z > x) = tail, for tail in (0, 0.5]. */
function upperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail))
  let x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 3; step++) {
    const error = (normalUpperTail(x) - tail) / normalDensity(x)
    x += error / (1 - (x * error) / 2)
  }
  return x
}

function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}
