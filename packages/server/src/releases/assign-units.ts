/**
 * Says which policy serves the next units of a streaming release, and writes the draw down before anybody acts.
 * A unit asked for again in the same stage gets the same answer.
 */
import { regionKey } from '@leeway/core/ladder/ladder'
import { and, eq, inArray } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { standing } from './check-release.ts'
import { blockSize, draw, drawBlock } from './draw.ts'
import { countSelections, insertSelections, lockRelease, type ReleaseRow } from './release-store.ts'
import { selections } from './tables.ts'

/** How long a label may take before it is resolved against the claim under test. */
export const LABEL_DAYS = 7

export type Assigned = {
  readonly unit: string
  readonly sequence: number
  readonly arm: 'paired' | 'candidate' | 'baseline'
}

export async function assignUnits(
  effects: Effects,
  release: ReleaseRow,
  units: readonly string[],
): Promise<readonly Assigned[]> {
  if (release.unitSource !== 'stream')
    throw new AppError(
      'conflict',
      'This release rests on recorded episodes; its units were all drawn at the start.',
      'Start a release with unitSource "stream" to assign units as they arrive.',
    )
  return effects.db.transaction(async (tx) => {
    await lockRelease(tx, release.id)
    const { ladder, state } = await standing(tx, release)
    if (state.kind === 'rolled-back' || state.kind === 'completed')
      throw new AppError(
        'conflict',
        `The release has ended (${state.kind}).`,
        'Serve the baseline, or start a new release.',
      )
    const stage = ladder.stages[state.stage]
    if (!stage) throw new Error('a release stands on a stage its ladder lacks')
    const seed = Buffer.from(release.seedHex, 'hex')
    const known = new Map(
      (
        await tx
          .select()
          .from(selections)
          .where(
            and(
              eq(selections.projectId, release.projectId),
              eq(selections.releaseId, release.id),
              eq(selections.stage, stage.name),
              inArray(selections.unitKey, [...units]),
            ),
          )
      ).map((row) => [row.unitKey, row]),
    )
    const fresh = [...new Set(units)].filter((unit) => !known.has(unit))
    const before = await countSelections(tx, release.projectId, release.id, stage.name)
    const at = effects.now()
    const size = blockSize(stage.exposure)
    const rows = fresh.map((unitKey, index) => {
      const sequence = before.last + index + 1
      const common = {
        projectId: release.projectId,
        releaseId: release.id,
        sequence,
        stage: stage.name,
        region: regionKey(stage.region),
        unitKey,
        selectedAt: at,
        labelDueAt: new Date(at.getTime() + LABEL_DAYS * 86_400_000),
      }
      if (stage.autonomy !== 'act')
        return { ...common, arm: 'paired', armPropensity: 1, auditProbability: 1, audited: true, block: null }
      const place = before.inStage + index
      const block = Math.floor(place / size)
      const drawn = drawBlock(seed, block, size)
      const arm =
        place % size === drawn.candidate
          ? 'candidate'
          : place % size === drawn.baseline
            ? 'baseline'
            : 'outside'
      const audited = arm !== 'outside' && draw(seed, 'audit', sequence, arm) < stage.reviewed
      return { ...common, arm, armPropensity: 1 / size, auditProbability: stage.reviewed, audited, block }
    })
    await insertSelections(tx, rows)
    for (const row of rows)
      known.set(row.unitKey, {
        ...row,
        predictedCandidateFailure: null,
        predictedBaselineFailure: null,
        judgeVersion: null,
      })
    return units.flatMap((unit) => {
      const row = known.get(unit)
      // Whether a unit is read as evidence is nobody's business but the gate's.
      return row
        ? [
            {
              unit,
              sequence: row.sequence,
              arm: row.arm === 'outside' ? 'baseline' : (row.arm as Assigned['arm']),
            },
          ]
        : []
    })
  })
}
