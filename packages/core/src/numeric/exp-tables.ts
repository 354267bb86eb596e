/**
 * e to the x out of two small tables, for loops that a call of Math.exp would rule. e^x = 2^a * 2^(b / 256) * e^r with
 * whole a and b, and |r| <= log(2) / 512 by a polynomial of degree 3.
 *
 * Range   |x| <= EXP_RANGE: the caller clamps. Beyond it the result is NaN.
 * Error   relative, at most 2e-13.
 */
export const EXP_RANGE = 300

const BITS = 8
const PARTS = 1 << BITS
const MASK = PARTS - 1
const PER_UNIT = PARTS / Math.LN2
const UNIT = Math.LN2 / PARTS
const HALVINGS = Math.ceil(EXP_RANGE / Math.LN2) + 1
/** Half a part is added because `| 0` cuts off; the rest keeps the number positive. */
const SHIFT = HALVINGS * PARTS + 0.5

/** 2^(b / 256). */
export const EXP_FRACTIONS = Float64Array.from({ length: PARTS }, (_, b) => 2 ** (b / PARTS))

/** 2^(a - HALVINGS). */
export const EXP_POWERS = Float64Array.from({ length: 2 * HALVINGS + 1 }, (_, a) => 2 ** (a - HALVINGS))

/** The tables are parameters, so that a loop keeps them in registers. */
export function expByTables(x: number, fractions: Float64Array, powers: Float64Array): number {
  const whole = (x * PER_UNIT + SHIFT) | 0
  const r = x - (whole - HALVINGS * PARTS) * UNIT
  return (
    (powers[whole >> BITS] as number) *
    (fractions[whole & MASK] as number) *
    (1 + r * (1 + r * (0.5 + r * (1 / 6))))
  )
}
