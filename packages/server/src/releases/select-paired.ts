/** Writes down which pairs of answers a stage will read, before anybody is asked about them. */
import { type PairedAs, pairedUnitKey, readsPairedAnswers } from '@leeway/core/ladder/paired-answers'
import { unitPlace } from '@leeway/core/ladder/unit-region'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { LABEL_DAYS } from './assign-units.ts'
import { draw } from './draw.ts'
import { standing } from './release-limits.ts'
import { countSelections, insertSelections, lockRelease, type ReleaseRow } from './release-store.ts'

export type PairOfTurn = { readonly turnId: string; readonly as: PairedAs }

/** Nothing where the stage reads none. Answers those that are audited; `fresh` is asked for pairs with the release locked. */
export async function selectPaired(
  tx: Transaction,
  { now }: Pick<Effects, 'now'>,
  release: ReleaseRow,
  fresh: (stage: string) => Promise<readonly PairOfTurn[]>,
): Promise<readonly { readonly turnId: string; readonly sequence: number }[]> {
  const { projectId, id: releaseId } = release
  await lockRelease(tx, releaseId)
  const { ladder, state } = await standing(tx, release)
  if (state.kind === 'rolled-back' || state.kind === 'completed') return []
  const stage = ladder.stages[state.stage]
  if (stage === undefined || !readsPairedAnswers(ladder, stage.name)) return []
  const place = unitPlace(ladder, state.stage, { steps: null, stakes: null })
  if (place.kind !== 'inside') return []
  const pairs = await fresh(stage.name)
  const { last } = await countSelections(tx, projectId, releaseId)
  const seed = Buffer.from(release.seedHex, 'hex')
  const at = now()
  const drawn = pairs.map(({ turnId, as }, index) => {
    const sequence = last + index + 1
    const row = {
      projectId,
      releaseId,
      sequence,
      stage: stage.name,
      region: place.region,
      unitKey: pairedUnitKey(as, turnId),
      arm: 'paired',
      armPropensity: 1,
      auditProbability: stage.reviewed,
      audited: draw(seed, 'audit', sequence, 'paired') < stage.reviewed,
      selectedAt: at,
      labelDueAt: new Date(at.getTime() + LABEL_DAYS * 86_400_000),
    }
    return { turnId, row }
  })
  await insertSelections(
    tx,
    drawn.map(({ row }) => row),
  )
  return drawn.flatMap(({ turnId, row }) => (row.audited ? [{ turnId, sequence: row.sequence }] : []))
}
