import type { Effects } from '../http/environment.ts'
import { recordDecisions } from '../releases/record-decisions.ts'
import type { releases } from '../releases/tables.ts'

/** Only what a gateway sees of a move; that moves need evidence is tested where they are decided. */
export async function moveRelease(
  effects: Effects,
  release: typeof releases.$inferSelect,
  kind: 'promote' | 'close' | 'rollback',
  { from = 'shadow', to }: { readonly from?: string; readonly to: string },
): Promise<void> {
  await effects.db.transaction((tx) =>
    recordDecisions(tx, effects, release, [{ kind, fromStage: from, toStage: to }], {
      actor: 'gate',
      reason: '',
      checkId: null,
      evidence: {},
    }),
  )
}
