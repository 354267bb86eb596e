import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { requireStudy } from './stored-study.ts'
import { studyStops } from './tables.ts'

/** Ends a study before its planned answers are in. Its report then says so: whoever stops at will finds what they look for. */
export async function stopStudy(
  effects: Effects,
  projectId: string,
  actor: string,
  studyId: string,
  reason: string,
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const { summary } = await requireStudy(tx, projectId, studyId)
    if (summary.state !== 'open')
      throw new AppError('conflict', 'This study is over already.', 'Its report is on its page.')
    await tx.insert(studyStops).values({ projectId, studyId, reason, actor, at }).onConflictDoNothing()
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'study.stopped',
      body: { study: studyId, answers: summary.answers, planned: summary.answersPlanned, reason },
    })
  })
}
