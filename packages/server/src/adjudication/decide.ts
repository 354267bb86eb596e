/** Decides an item, or takes a decision back. History stays: each is a row that supersedes the one before. */
import type { Decide } from '@leeway/contract/adjudication'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { answerProblem } from '../ratings/check-answer.ts'
import { answersReadUntil } from '../releases/answers-read.ts'
import type { Adjudicator } from './adjudicator-of.ts'
import { answersOfPeople, noDisagreement, refuseOwn, requireCriterion } from './disagreement-view.ts'
import { findDisagreement, type Item } from './disagreements.ts'
import { type AdjudicationRow, adjudicationsOf, insertAdjudication } from './stored-adjudications.ts'

export async function decide(
  effects: Effects,
  adjudicator: Adjudicator,
  actor: string,
  item: Item,
  wanted: z.output<typeof Decide>,
): Promise<void> {
  const { projectId, raterId } = adjudicator
  const { answer, reason, comment } = wanted
  await effects.db.transaction(async (tx) => {
    await refuseOwn(tx, adjudicator, item)
    const [newest] = await adjudicationsOf(tx, projectId, item)
    const stands = newest?.kind === 'withdrawn' ? undefined : newest
    // What was decided once may be corrected, also when the raters have come to agree meanwhile.
    if (stands === undefined && (await findDisagreement(tx, adjudicator, item)) === undefined)
      throw noDisagreement()
    const { scale } = await requireCriterion(tx, projectId, item.criterionSha256)
    const problem = answerProblem(scale, answer)
    if (problem !== null)
      throw new AppError('unprocessable', `${problem.reason}.`, problem.fix, { field: 'body.answer.value' })
    if (wanted.supersedes !== stands?.id) throw outOfTurn(stands)
    if (stands !== undefined) await refuseLocked(tx, stands)
    const at = effects.now()
    const added = await insertAdjudication(tx, {
      projectId,
      id: effects.newId(),
      ...item,
      raterId,
      kind: answer.kind,
      value: answer.kind === 'answered' ? answer.value : null,
      reason,
      comment,
      ratingIds: (await answersOfPeople(tx, projectId, item)).map(({ id }) => id),
      supersedes: newest?.id ?? null,
      actor,
      at,
    })
    if (!added) throw outOfTurn(stands)
    // What was decided stays out of the ledger, as with known answers: it is exported, and raters must not read it there.
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'adjudication.decided',
      body: { episode: item.episodeId, criterionSha256: item.criterionSha256, reason },
    })
  })
}

/** Takes back the adjudicator's own decision; others' are corrected by a decision anew. */
export async function takeBack(
  effects: Effects,
  { projectId, raterId }: Adjudicator,
  actor: string,
  item: Item,
  decision: string,
): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const [newest] = await adjudicationsOf(tx, projectId, item)
    if (newest === undefined) throw noDisagreement()
    if (newest.kind === 'withdrawn' || newest.id !== decision) throw outOfTurn(newest)
    if (newest.raterId !== raterId)
      throw new AppError(
        'forbidden',
        'Somebody else decided this.',
        'Decide it anew; your decision then takes the place of theirs.',
      )
    await refuseLocked(tx, newest)
    const at = effects.now()
    const added = await insertAdjudication(tx, {
      projectId,
      id: effects.newId(),
      ...item,
      raterId,
      kind: 'withdrawn',
      value: null,
      reason: null,
      comment: '',
      ratingIds: [],
      supersedes: newest.id,
      actor,
      at,
    })
    if (!added) throw outOfTurn(newest)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'adjudication.taken-back',
      body: { episode: item.episodeId, criterionSha256: item.criterionSha256 },
    })
  })
}

/** By question and time alone, as answers lock: if only decisions on audits were locked, a refusal would tell audits. */
async function refuseLocked(tx: Transaction, stands: AdjudicationRow): Promise<void> {
  const read = await answersReadUntil(tx, stands.projectId, stands.criterionSha256)
  if (read !== null && stands.at <= read)
    throw new AppError(
      'conflict',
      'Decisions about this question that were taken before a release was checked are locked.',
      'Leave it as it is; ask the question in new words if the old one is wrong.',
    )
}

function outOfTurn(stands: AdjudicationRow | undefined): AppError {
  return new AppError(
    'conflict',
    stands === undefined
      ? 'What you correct does not stand any more.'
      : 'Another decision stands on this question now.',
    'Read the question again, and decide about what stands there.',
  )
}
