/** The least severity that is shown: what people said of claims, weighed by what a missed flaw costs. */
import { SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { operatingPoint } from '@leeway/core/critiques/operating-point'
import type { Executor } from '../db/connect.ts'
import type { CritiqueRules } from './critique-rules.ts'
import { judgedClaims } from './judged-claims.ts'

export async function shownFrom(
  executor: Executor,
  { projectId, missedCost }: Pick<CritiqueRules, 'projectId' | 'missedCost'>,
): Promise<Severity> {
  const judged = (await judgedClaims(executor, projectId)).filter(({ planted }) => !planted)
  const point = operatingPoint(
    judged.map(({ severity, mark }) => ({ score: SEVERITIES.indexOf(severity), valid: mark !== 'invalid' })),
    missedCost,
  )
  return 'threshold' in point ? (SEVERITIES[point.threshold] ?? 'minor') : 'minor'
}
