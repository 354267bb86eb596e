import type { EvidencePoint } from '@leeway/core/gate/evidence'
import { formatCount, formatEValue, formatPointsInterval } from '../numbers/format-number.ts'
import type { EvidencePlan } from './evidence-plan.ts'
import { unitWords } from './unit-words.ts'

/** The numbers under the cursor, in a line that stays where it is. */
export function EvidenceReading({
  point,
  plan,
  unitWord,
  isLatest,
}: {
  readonly point: EvidencePoint
  readonly plan: EvidencePlan
  readonly unitWord: string
  readonly isLatest: boolean
}) {
  const cell = 'min-w-0'
  const term = 'text-12 text-ink-2'
  return (
    <dl className="figures mt-2 grid grid-cols-2 gap-x-6 gap-y-2 border-t border-line pt-3 sm:grid-cols-4">
      <div className={cell}>
        <dt className={term}>{isLatest ? `Latest ${unitWord}` : 'At the cursor'}</dt>
        <dd className="font-medium">
          {unitWord} {formatCount(point.n)}
          {point.unit === '' ? null : (
            <bdi className="block truncate text-12 font-normal text-ink-2" title={point.unit}>
              {unitWords(point.unit)}
            </bdi>
          )}
        </dd>
      </div>
      <div className={cell}>
        <dt className={term}>Candidate minus baseline</dt>
        <dd className="font-medium">
          {formatPointsInterval({ estimate: point.estimate, low: point.low, high: point.high })}
        </dd>
      </div>
      <div className={cell}>
        <dt className={term}>Evidence for promotion</dt>
        <dd className="font-medium text-promote">{evidenceWords(point.logPromote, plan.threshold)}</dd>
      </div>
      <div className={cell}>
        <dt className={term}>Evidence for rollback</dt>
        <dd className="font-medium text-rollback">
          {evidenceWords(point.logRollback, plan.rollbackThreshold)}
        </dd>
      </div>
    </dl>
  )
}

function evidenceWords(logE: number, enough: number): string {
  return `${formatEValue(logE)} (${formatEValue(Math.log(enough))} is enough)`
}
