/** Derivative of log gamma for x > 0: recurrence up to 8, then the asymptotic series; error below 1e-11. */
export function digamma(x: number): number {
  let value = 0
  let at = x
  while (at < 8) {
    value -= 1 / at
    at += 1
  }
  const inverse = 1 / (at * at)
  const series =
    inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
  return value + Math.log(at) - 0.5 / at - series
}
