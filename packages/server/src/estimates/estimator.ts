/** Estimates of criteria, kept in memory while nothing they rest on has changed: an answer moves them at the next look. */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { unheardPairs } from '../supervision/unheard.ts'
import { type CriterionEstimate, estimateCriterion } from './criterion-estimate.ts'
import { criterionRatings, ratingsFingerprint } from './criterion-ratings.ts'

export type Estimator = (
  executor: Executor,
  projectId: string,
  criterion: Criterion,
) => Promise<CriterionEstimate>

const KEPT_MAX = 100

export function createEstimator(): Estimator {
  const kept = new Map<string, { readonly mark: string; readonly estimate: CriterionEstimate }>()
  return async (executor, projectId, criterion) => {
    const sha256 = criterionSha256(criterion)
    const key = `${projectId}:${sha256}`
    const unheard = await unheardPairs(executor, projectId, sha256)
    const mark = await ratingsFingerprint(executor, projectId, sha256, unheard)
    const known = kept.get(key)
    kept.delete(key)
    const estimate =
      known?.mark === mark
        ? known.estimate
        : estimateCriterion(
            criterion,
            await criterionRatings(executor, projectId, sha256, unheard),
            known?.estimate.standing ?? null,
          )
    kept.set(key, { mark, estimate })
    const oldest = kept.keys().next().value
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    return estimate
  }
}
