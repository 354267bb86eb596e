/**
 * Says which policy serves the next units of a streaming release, and writes the draw down before anybody acts.
 * A unit asked for again in the same stage gets the same answer.
 *
 * Units of the stage's own region are drawn in blocks and audited; those of regions that were opened before are served
 * with the same exposure, but are no evidence here; what the stage does not allow is left to the baseline.
 */
import type { UnitToAssign } from '@leeway/contract/releases'
import type { Stage } from '@leeway/core/ladder/ladder'
import { isPairedUnit } from '@leeway/core/ladder/paired-answers'
import { type UnitPlace, type UnitTraits, unitPlace } from '@leeway/core/ladder/unit-region'
import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { blockSize, drawBlock } from './draw.ts'
import { standing } from './release-limits.ts'
import {
  countByRegion,
  countSelections,
  insertSelections,
  lockRelease,
  type ReleaseRow,
} from './release-store.ts'
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
  asked: readonly z.infer<typeof UnitToAssign>[],
): Promise<readonly Assigned[]> {
  if (release.unitSource !== 'stream')
    throw new AppError(
      'conflict',
      'This release rests on recorded episodes; its units were all drawn at the start.',
      'Start a release with unitSource "stream" to assign units as they arrive.',
    )
  const paired = asked.findIndex((one) => isPairedUnit(traitsOf(one)[0]))
  if (paired !== -1)
    throw new AppError(
      'unprocessable',
      'A key that begins so names answers given beside each other, not a user, session or task.',
      'Give the key of the user, session or task.',
      { field: `body.units[${paired}]` },
    )
  // The first mention of a unit says what is expected of it.
  const traits = new Map(asked.map(traitsOf).reverse())
  const units = asked.map((one) => traitsOf(one)[0])
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
    const before = await countSelections(tx, release.projectId, release.id)
    const drawn = await countByRegion(tx, release, stage.name)
    const at = effects.now()
    const rows = fresh.map((unitKey, index) => {
      const sequence = before.last + index + 1
      const place = unitPlace(ladder, state.stage, traits.get(unitKey) ?? { steps: null, stakes: null })
      const earlier = drawn.get(place.region) ?? 0
      drawn.set(place.region, earlier + 1)
      return {
        projectId: release.projectId,
        releaseId: release.id,
        sequence,
        stage: stage.name,
        region: place.region,
        unitKey,
        selectedAt: at,
        labelDueAt: new Date(at.getTime() + LABEL_DAYS * 86_400_000),
        ...armOf(stage, place, seed, earlier),
      }
    })
    await insertSelections(tx, rows)
    for (const row of rows)
      known.set(row.unitKey, {
        ...row,
        identical: false,
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

/** `earlier` units of this region were drawn in this stage before. */
function armOf(stage: Stage, place: UnitPlace, seed: Uint8Array, earlier: number) {
  if (place.kind === 'beyond')
    return {
      arm: 'outside',
      armPropensity: 1,
      auditProbability: 0,
      audited: false,
      block: null,
      auditAtEnd: false,
    }
  if (stage.autonomy !== 'act')
    return {
      arm: 'paired',
      armPropensity: 1,
      auditProbability: 1,
      audited: true,
      block: null,
      auditAtEnd: false,
    }
  const size = blockSize(stage.exposure)
  const block = Math.floor(earlier / size)
  const drawn = drawBlock(seed, block, size)
  const at = earlier % size
  const arm = at === drawn.candidate ? 'candidate' : at === drawn.baseline ? 'baseline' : 'outside'
  if (place.kind === 'covered')
    return { arm, armPropensity: 1 / size, auditProbability: 0, audited: false, block, auditAtEnd: false }
  const isRead = arm !== 'outside'
  return {
    arm,
    armPropensity: 1 / size,
    auditProbability: stage.reviewed,
    audited: isRead && stage.reviewed === 1,
    // Nobody can read off a unit that is still served whether it will be looked at.
    auditAtEnd: isRead && stage.reviewed < 1,
    block,
  }
}

function traitsOf(one: z.infer<typeof UnitToAssign>): readonly [string, UnitTraits] {
  if (typeof one === 'string') return [one, { steps: null, stakes: null }]
  return [one.unit, { steps: one.steps ?? null, stakes: one.stakes ?? null }]
}
