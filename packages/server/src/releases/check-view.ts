/** A core `Check` as it is recorded and shown: JSON without infinities, the path thinned for charts. */
import type { CheckView } from '@leeway/contract/checks'
import type { Check } from '@leeway/core/gate/check'
import { type CheckNames, describeCheck } from '@leeway/core/gate/describe-check'
import { describeLabelError } from '@leeway/core/gate/describe-label-error'
import type { EvidencePoint } from '@leeway/core/gate/evidence'

const PATH_POINTS_MAX = 400
/** JSON has no Infinity; an e-value beyond this says nothing more. */
const E_VALUE_MAX = 1e300

export function checkView(
  check: Check,
  names: CheckNames,
  record: { readonly id: string; readonly ordinal: number; readonly stage: string; readonly at: Date },
  shown?: CheckView['behaviouralKl'],
): CheckView {
  const { evidence, plan } = check
  return {
    id: record.id,
    ordinal: record.ordinal,
    stage: record.stage,
    at: record.at.toISOString(),
    verdict: check.verdict,
    reason: check.reason,
    words: describeCheck(check, names),
    eValuePromote: eValue(evidence.logPromote),
    eValueRollback: eValue(evidence.logRollback),
    eValuePromoteMax: eValue(evidence.logPromoteMax),
    eValueRollbackMax: eValue(evidence.logRollbackMax),
    threshold: 1 / plan.alpha,
    rollbackThreshold: 1 / plan.rollbackAlpha,
    crossedAt: evidence.rollbackCrossedAt ?? evidence.promoteCrossedAt,
    units: evidence.units,
    labels: evidence.labels,
    missing: evidence.missing,
    difference: { estimate: evidence.estimate, low: evidence.low, high: evidence.high },
    candidateFailure: evidence.candidateFailure,
    baselineFailure: evidence.baselineFailure,
    margin: plan.margin,
    harmMargin: plan.harmMargin,
    alpha: plan.alpha,
    severe: check.severe,
    ...(check.kl === null ? {} : { kl: check.kl }),
    ...(check.behaviour === null ? {} : { behaviour: check.behaviour }),
    ...(shown === undefined ? {} : { behaviouralKl: shown }),
    unitsNeededIfEqual:
      check.verdict === 'hold' && check.neededIfEqual.kind === 'units' ? check.neededIfEqual.units : null,
    ...(plan.labelError
      ? {
          labelError: {
            gold: plan.labelError.gold,
            marginInForce: evidence.labelError.marginInForce,
            words: [...describeLabelError(check, names)],
          },
        }
      : {}),
    ...(evidence.identical === null
      ? {}
      : {
          identical: {
            ...evidence.identical,
            // Two answers a pair.
            labelsSaved: 2 * (evidence.identical.pairs - evidence.identical.checked),
          },
        }),
    path: thin(evidence.path),
  }
}

function eValue(log: number): number {
  return Math.min(Math.exp(log), E_VALUE_MAX)
}

/** Evenly spaced points; the first and the last always stay. */
function thin(path: readonly EvidencePoint[]): EvidencePoint[] {
  if (path.length <= PATH_POINTS_MAX) return [...path]
  const stride = (path.length - 1) / (PATH_POINTS_MAX - 1)
  return Array.from(
    { length: PATH_POINTS_MAX },
    (_, index) => path[Math.round(index * stride)] as EvidencePoint,
  )
}
