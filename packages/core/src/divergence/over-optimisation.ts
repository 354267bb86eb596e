/**
 * How gold reward rises and falls as a proxy is optimised, as a function of d = sqrt(KL).
 *
 * Curves      best-of-n: R(d) = d (a - b d), peak at d = a / (2 b); reinforcement learning: R(d) = d (a - b log d),
 *             peak at d = exp(a / b - 1). Both are linear in a and b and pass through 0: weighted least squares.
 * Peak        exists only where b > 0 and (best-of-n) a > 0; otherwise the gold reward does not turn over in the form
 *             fitted, and there is none. Peaks beyond twice the largest d seen count as "not seen" as well.
 * Interval    bootstrap over `groups` (prompts or runs): replicates without a peak count as a peak at infinity, so the
 *             upper end is null ("open") as soon as more than alpha/2 of them have none.
 * Alarm       stop optimising where d passes the lower end of the peak (`low`).
 * Degenerate  fewer than 3 distinct d above 0: insufficient. Fewer than GROUPS_MIN groups: no interval.
 * Source      Gao, Schulman, Hilton 2022 (arXiv 2210.10760).
 * Evidence    divergence.test.ts
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { quantileOfSorted } from '../numeric/quantile.ts'

export type CurveForm = 'best-of-n' | 'reinforcement'

/** One measurement; those of one group are resampled together. */
export type CurvePoint = {
  /** Nats from the policy that was optimised; at least 0. */
  readonly kl: number
  /** Gold reward minus that of the unoptimised policy. */
  readonly gain: number
  /** How many observations it stands for; above 0. */
  readonly weight: number
  readonly group: string
}

export type Curve = {
  readonly kind: 'curve'
  readonly form: CurveForm
  readonly a: number
  readonly b: number
  /** The peak in d and in nats; null where the curve has none within reach. */
  readonly peak: { readonly d: number; readonly kl: number; readonly gain: number } | null
  /** Interval of the peak's d; `high` null where it is open. */
  readonly interval:
    | {
        readonly kind: 'interval'
        readonly low: number
        readonly high: number | null
        readonly level: number
      }
    | Insufficient
}

const GROUPS_MIN = 10
const REACH = 2

export function fitOverOptimisation(
  points: readonly CurvePoint[],
  form: CurveForm,
  options: { readonly alpha: number; readonly replicates: number; readonly seed: number },
): Curve | Insufficient {
  const seen = points.filter(({ kl }) => kl > 0)
  if (new Set(seen.map(({ kl }) => kl)).size < 3)
    return insufficient('fewer than 3 different distances were measured')
  const farthest = Math.sqrt(seen.reduce((most, { kl }) => Math.max(most, kl), 0))
  const groups = groupsOf(seen, form)
  const whole = solveCurve(sum(groups, null))
  if (whole === null) return insufficient('the distances are too close together to tell a curve')
  const peak = peakOf(whole, form, farthest)
  return {
    kind: 'curve',
    form,
    ...whole,
    peak: peak === null ? null : { d: peak, kl: peak * peak, gain: curveAt(whole, form, peak) },
    interval: intervalOf(groups, form, farthest, options),
  }
}

/** Expected gain of a curve at d > 0; 0 at 0. */
export function curveAt(
  { a, b }: { readonly a: number; readonly b: number },
  form: CurveForm,
  d: number,
): number {
  if (d === 0) return 0
  return form === 'best-of-n' ? d * (a - b * d) : d * (a - b * Math.log(d))
}

function peakOf({ a, b }: { a: number; b: number }, form: CurveForm, farthest: number): number | null {
  if (!(b > 0)) return null
  if (form === 'best-of-n' && !(a > 0)) return 0
  const peak = form === 'best-of-n' ? a / (2 * b) : Math.exp(Math.min(700, a / b - 1))
  return peak <= REACH * farthest ? peak : null
}

/** Sums of squares and products of the two columns u (with a) and v (with b), and with the gain. */
type Normal = { uu: number; uv: number; vv: number; ug: number; vg: number }

function groupsOf(points: readonly CurvePoint[], form: CurveForm): readonly Normal[] {
  const groups = new Map<string, Normal>()
  for (const { kl, gain, weight, group } of points) {
    const d = Math.sqrt(kl)
    const v = form === 'best-of-n' ? -d * d : -d * Math.log(d)
    const found = groups.get(group) ?? { uu: 0, uv: 0, vv: 0, ug: 0, vg: 0 }
    groups.set(group, {
      uu: found.uu + weight * d * d,
      uv: found.uv + weight * d * v,
      vv: found.vv + weight * v * v,
      ug: found.ug + weight * d * gain,
      vg: found.vg + weight * v * gain,
    })
  }
  // By content: the order of the rows and the names of the groups change nothing.
  return [...groups.values()].sort((a, b) => a.ug - b.ug || a.vg - b.vg || a.uu - b.uu)
}

function sum(groups: readonly Normal[], drawn: Float64Array | null): Normal {
  const all = { uu: 0, uv: 0, vv: 0, ug: 0, vg: 0 }
  groups.forEach((group, at) => {
    const weight = drawn === null ? 1 : (drawn[at] as number)
    all.uu += weight * group.uu
    all.uv += weight * group.uv
    all.vv += weight * group.vv
    all.ug += weight * group.ug
    all.vg += weight * group.vg
  })
  return all
}

function solveCurve({ uu, uv, vv, ug, vg }: Normal): { a: number; b: number } | null {
  const determinant = uu * vv - uv * uv
  if (!(determinant > 1e-10 * uu * vv)) return null
  const a = (ug * vv - vg * uv) / determinant
  const b = (vg * uu - ug * uv) / determinant
  return Number.isFinite(a) && Number.isFinite(b) ? { a, b } : null
}

function intervalOf(
  groups: readonly Normal[],
  form: CurveForm,
  farthest: number,
  options: { readonly alpha: number; readonly replicates: number; readonly seed: number },
): Curve['interval'] {
  if (groups.length < GROUPS_MIN)
    return insufficient(`${groups.length} independent groups are too few (at least ${GROUPS_MIN})`)
  const peaks: number[] = []
  let open = 0
  resampleClusters(
    groups.map(() => 1),
    options,
    (drawn) => {
      const curve = solveCurve(sum(groups, drawn))
      const peak = curve && peakOf(curve, form, farthest)
      if (peak === null) open += 1
      else peaks.push(peak)
    },
  )
  if (peaks.length === 0) return insufficient('no resample has a peak within reach')
  // The open ones stand after every peak: ranks are those of all replicates.
  const all = [...peaks.sort((a, b) => a - b), ...Array.from({ length: open }, () => REACH * farthest)]
  return {
    kind: 'interval',
    low: quantileOfSorted(all, options.alpha / 2),
    high:
      open > (options.alpha / 2) * options.replicates ? null : quantileOfSorted(all, 1 - options.alpha / 2),
    level: 1 - options.alpha,
  }
}
