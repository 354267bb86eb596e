/**
 * Draws the whole order of a release on recorded episodes before any label is read: which units are audited, with what
 * probability, and what programs and models expected of each. Nothing else may enter the gate.
 */
import type { Transaction } from '../db/connect.ts'
import { allocateUnits } from './allocate-units.ts'
import { draw, orderUnits } from './draw.ts'
import { type Predictions, predictedFailures } from './predicted-failure.ts'
import type { ProposedOutcome } from './proposed-calls.ts'
import { insertLabels, insertSelections, type ReleaseRow } from './release-store.ts'
import { unitsOfSameBehaviour } from './same-behaviour.ts'
import type { selections } from './tables.ts'
import { type CriterionTruth, truthOf } from './truth.ts'

/** How long people have to answer what a release on recorded episodes asks; after that a label is missing. */
const ANSWER_DAYS = 90
/** One pair in twenty of those that did the same is labelled all the same. */
export const IDENTICAL_AUDIT = 0.05

export type TaskSet = {
  /** Sorted, so that their hash does not depend on the database. */
  readonly units: readonly string[]
  readonly outsideRegion: number
  readonly candidate: ReadonlyMap<string, ProposedOutcome>
  readonly baseline: ReadonlyMap<string, ProposedOutcome>
}

type Audit = Pick<
  typeof selections.$inferInsert,
  | 'auditProbability'
  | 'audited'
  | 'identical'
  | 'predictedCandidateFailure'
  | 'predictedBaselineFailure'
  | 'judgeVersion'
>

export async function selectUnits(
  tx: Transaction,
  release: ReleaseRow,
  seed: Uint8Array,
  taskSet: TaskSet,
  place: { readonly stage: string; readonly region: string; readonly at: Date },
): Promise<void> {
  const { stage, region, at } = place
  const truth = truthOf(release)
  const auditOf =
    truth.kind === 'criterion' ? await criterionAudits(tx, release, seed, taskSet, truth) : () => ALL
  const rows = orderUnits(seed, taskSet.units).map((unitKey, index) => ({
    projectId: release.projectId,
    releaseId: release.id,
    sequence: index + 1,
    stage,
    region,
    unitKey,
    arm: 'paired',
    armPropensity: 1,
    ...auditOf(unitKey, index + 1),
    selectedAt: at,
    // What was recorded before the start is all there is: an outcome that is not there now is missing. People may
    // take their time.
    labelDueAt: truth.kind === 'outcome' ? at : new Date(at.getTime() + ANSWER_DAYS * 86_400_000),
  }))
  await insertSelections(tx, rows)
  await insertLabels(
    tx,
    rows
      .filter(({ audited }) => audited)
      .flatMap(({ unitKey, sequence }) =>
        (['candidate', 'baseline'] as const).flatMap((arm) => {
          const outcome = taskSet[arm].get(unitKey)
          // An arm without any episode has nothing that could be answered.
          if (truth.kind === 'criterion' && outcome !== undefined) return []
          return {
            projectId: release.projectId,
            releaseId: release.id,
            sequence,
            arm,
            failure: outcome?.failure ?? null,
            severe: outcome?.severe ?? 0,
            episodes: outcome?.episodes ?? 0,
            basis: outcome?.basis ?? 'own',
            labelledAt: at,
          }
        }),
      ),
  )
}

const ALL: Audit = { auditProbability: 1, audited: true, identical: false }

async function criterionAudits(
  tx: Transaction,
  release: ReleaseRow,
  seed: Uint8Array,
  taskSet: TaskSet,
  truth: CriterionTruth,
): Promise<(unitKey: string, sequence: number) => Audit> {
  const { projectId, candidatePolicyId, baselinePolicyId } = release
  const predict = (policyId: string): Promise<Predictions> =>
    predictedFailures(tx, projectId, policyId, taskSet.units, truth)
  const candidate = await predict(candidatePolicyId)
  const baseline = await predict(baselinePolicyId)
  const same = await unitsOfSameBehaviour(
    tx,
    projectId,
    { candidate: candidatePolicyId, baseline: baselinePolicyId },
    taskSet.units,
    truth,
  )
  const different = taskSet.units.filter((unit) => !same.has(unit))
  const allocated =
    truth.auditsBy === 'allocation'
      ? await allocateUnits(tx, release, truth, {
          all: taskSet.units,
          different,
          predicted: { candidate: candidate.byUnit, baseline: baseline.byUnit },
        })
      : null
  return (unitKey, sequence) => {
    const identical = same.has(unitKey)
    const auditProbability = identical
      ? Math.min(IDENTICAL_AUDIT, truth.auditShare)
      : (allocated?.get(unitKey) ?? truth.auditShare)
    return {
      auditProbability,
      audited: draw(seed, 'audit', sequence, 'paired') < auditProbability,
      identical,
      predictedCandidateFailure: candidate.byUnit.get(unitKey) ?? null,
      predictedBaselineFailure: baseline.byUnit.get(unitKey) ?? null,
      judgeVersion: candidate.judgeVersion ?? baseline.judgeVersion,
    }
  }
}
