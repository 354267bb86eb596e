/** What leaving claims out would have done, from what trusted people said of those in critiques that were shown whole. */
import { SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { type JudgedClaim, type OperatingPoint, operatingPoint } from '@leeway/core/critiques/operating-point'
import type { MarkedClaim } from './judged-claims.ts'

/** A rater should not have to read more than the answer was worth. */
export const CLAIMS_MAX = 6

export type ShownClaims = { readonly shownFrom: Severity; readonly claimsMax: number }

export function curveClaims(judged: readonly MarkedClaim[]): readonly JudgedClaim[] {
  return judged
    .filter(({ planted, whole, trusted }) => !planted && whole && trusted)
    .map(({ severity, place, mark, item }) => ({
      score: SEVERITIES.indexOf(severity),
      place,
      valid: mark !== 'invalid',
      item,
    }))
}

/** By what a missed flaw costs in false alarms; all, where too few were judged. */
export function shownAt(judged: readonly MarkedClaim[], missedCost: number): ShownClaims {
  const claims = curveClaims(judged)
  const point = operatingPoint(claims, missedCost)
  return 'threshold' in point ? shownBy(claims, point) : { shownFrom: 'minor', claimsMax: CLAIMS_MAX }
}

/** A choice as a rule: a severity below those judged, or a place after the last one, was never seen and is not left out. */
export function shownBy(
  claims: readonly JudgedClaim[],
  { threshold, most }: Pick<OperatingPoint, 'threshold' | 'most'>,
): ShownClaims {
  const isLeast = claims.every(({ score }) => score >= threshold)
  const isLast = claims.every(({ place }) => place < most)
  return {
    shownFrom: isLeast ? 'minor' : (SEVERITIES[threshold] ?? 'minor'),
    claimsMax: isLast ? CLAIMS_MAX : most,
  }
}
