/** Runs of model raters over the parts that were opened: one for each judge and set of parts, over all their episodes. */
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { type NewRun, recordRun } from '../models/record-run.ts'
import type { OpenedPart } from './parts-within.ts'
import type { SplitRow } from './stored-splits.ts'

export async function startPartRuns(
  tx: Transaction,
  effects: Effects,
  { projectId, id, rubricId }: SplitRow,
  opened: readonly { readonly episodeId: string; readonly asked: readonly OpenedPart[] }[],
): Promise<void> {
  const scopes = new Map<string, { readonly raterId: string; readonly scope: NewRun['scope'] }>()
  for (const { episodeId, asked } of opened) {
    const judges = new Set(asked.flatMap(({ judgeId }) => (judgeId === null ? [] : [judgeId])))
    for (const raterId of judges) {
      const criteria = asked.filter(({ judgeId }) => judgeId === raterId).map(({ sha256 }) => sha256)
      const key = `${raterId} ${criteria.join()}`
      const before = scopes.get(key)?.scope.episodes ?? []
      scopes.set(key, { raterId, scope: { episodes: [...before, episodeId], criteria } })
    }
  }
  const startedAt = effects.now()
  // Who saved the split and set the limits is in the ledger.
  const startedBy = 'system:parts'
  for (const { raterId, scope } of scopes.values()) {
    const run = { projectId, id: effects.newId(), raterId, rubricId, startedBy, startedAt }
    await recordRun(tx, effects, { ...run, scope }, { split: id })
  }
}
