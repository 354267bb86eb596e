/**
 * Fisher's exact test of two shares, two-sided: the probability, given all margins, of a table no more probable than this one.
 *
 * Ranges      0 <= right <= total, whole numbers; else RangeError. An empty arm gives 1.
 * Assumes     independent observations: with repeated raters or items the p-value is too small.
 */
import gammaln from '@stdlib/math-base-special-gammaln'

export type Share = { readonly right: number; readonly total: number }

/** Tables of equal probability must not differ by rounding. */
const SAME = 1e-7

export function fisherExact(a: Share, b: Share): number {
  for (const { right, total } of [a, b])
    if (!(Number.isInteger(right) && Number.isInteger(total) && right >= 0 && right <= total))
      throw new RangeError(`${right} of ${total} is no share of whole numbers`)
  const rights = a.right + b.right
  const least = Math.max(0, rights - b.total)
  const most = Math.min(a.total, rights)
  const log = (right: number) => logChoose(a.total, right) + logChoose(b.total, rights - right)
  const all = logChoose(a.total + b.total, rights)
  const own = log(a.right) - all
  let p = 0
  for (let right = least; right <= most; right++) {
    const other = log(right) - all
    if (other <= own + SAME) p += Math.exp(other)
  }
  return Math.min(1, p)
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
}
