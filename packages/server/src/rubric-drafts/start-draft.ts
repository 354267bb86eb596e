import { hash } from 'node:crypto'
import type { RubricDraftView, StartRubricDraft } from '@leeway/contract/rubric-drafts'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { requireJudge } from '../models/judge.ts'
import { storableText } from '../models/read-judgement.ts'
import { draftView } from './draft-view.ts'
import { insertDraft } from './stored-drafts.ts'

/** Orders a draft; a background loop has the model write it. Throws AppError. */
export async function startDraft(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof StartRubricDraft>,
): Promise<RubricDraftView> {
  const judge = await requireJudge(effects.db, projectId, wanted.judge)
  if (judge.definition.usdPerMillion === null)
    throw new AppError(
      'unprocessable',
      `The price of "${judge.rater.name}" is not known, so no spend limit can hold.`,
      'Declare it with usdPerMillion; for an endpoint that costs nothing, 0 and 0.',
      { field: 'judge' },
    )
  const draft = {
    projectId,
    id: effects.newId(),
    raterId: judge.rater.id,
    name: storableText(wanted.name),
    instruction: storableText(wanted.instruction),
    startedBy: actor,
    startedAt: effects.now(),
  }
  await effects.db.transaction(async (tx) => {
    await insertDraft(tx, draft)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: draft.startedAt,
      actor,
      action: 'rubric-draft.ordered',
      body: {
        draft: draft.id,
        rater: draft.raterId,
        instructionSha256: hash('sha256', draft.instruction),
      },
    })
  })
  return draftView(effects, projectId, draft.id)
}
