/** Writes down that a model rater shall answer: the run and its ledger entry, in the caller's transaction. */
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { insertRun, type RunScope } from './judge-store.ts'
import type { judgeRuns } from './tables.ts'

export type NewRun = Omit<typeof judgeRuns.$inferInsert, 'scope'> & {
  readonly scope: RunScope
}

/** `more`: what else the ledger says of it; hashes and ids, no text. */
export async function recordRun(
  tx: Transaction,
  effects: Pick<Effects, 'ledgerSigner'>,
  run: NewRun,
  more: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const { projectId, id, raterId, rubricId, scope, startedBy, startedAt } = run
  await insertRun(tx, run)
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at: startedAt,
    actor: startedBy,
    action: 'judge-run.started',
    body: {
      run: id,
      rater: raterId,
      rubric: rubricId,
      episodes: scope.episodes.length,
      criteria: scope.criteria,
      ...(scope.voicesWanted === undefined ? {} : { voicesWanted: scope.voicesWanted }),
      ...more,
    },
  })
}
