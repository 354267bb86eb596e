/** Opening and ending a validity round, and finding one. */
import { hash } from 'node:crypto'
import type { OpenValidityRound } from '@leeway/contract/validity'
import type { OperatorName } from '@leeway/core/planted-faults/operator'
import { and, desc, eq } from 'drizzle-orm'
import { v4 } from 'uuid'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { validityRoundEnds, validityRounds } from './tables.ts'

export type ValidityRound = Omit<typeof validityRounds.$inferSelect, 'operator'> & {
  readonly operator: OperatorName | null
  readonly seedSha256: string
  readonly ended: { readonly at: Date; readonly reason: string } | null
}

/** Newest first. */
export async function validityRoundsOf(
  executor: Executor,
  projectId: string,
): Promise<readonly ValidityRound[]> {
  const rows = await executor
    .select()
    .from(validityRounds)
    .leftJoin(
      validityRoundEnds,
      and(
        eq(validityRoundEnds.projectId, validityRounds.projectId),
        eq(validityRoundEnds.roundId, validityRounds.id),
      ),
    )
    .where(eq(validityRounds.projectId, projectId))
    .orderBy(desc(validityRounds.at), desc(validityRounds.id))
  return rows.map(({ validity_rounds: round, validity_round_ends: end }) => ({
    ...round,
    operator: round.operator as OperatorName | null,
    seedSha256: hash('sha256', round.seed),
    ended: end === null ? null : { at: end.at, reason: end.reason },
  }))
}

export async function requireValidityRound(
  executor: Executor,
  projectId: string,
  roundId: string,
): Promise<ValidityRound> {
  const found = (await validityRoundsOf(executor, projectId)).find(({ id }) => id === roundId)
  if (found === undefined)
    throw new AppError(
      'not_found',
      'There is no such validity round in this project.',
      'The page of planted faults lists those there are.',
    )
  return found
}

export async function openValidityRound(
  effects: Effects,
  projectId: string,
  actor: string,
  { operator, questions, consent }: z.output<typeof OpenValidityRound>,
): Promise<void> {
  // Those who take part are told its id.
  const id = v4({ random: effects.randomBytes(16) })
  const seed = Buffer.from(effects.randomBytes(32)).toString('hex')
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    await tx.insert(validityRounds).values({ projectId, id, operator, questions, consent, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'validity.opened',
      body: { round: id, operator, questions, seedSha256: hash('sha256', seed) },
    })
  })
}

export async function endValidityRound(
  effects: Effects,
  projectId: string,
  actor: string,
  roundId: string,
  reason: string,
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    await requireValidityRound(tx, projectId, roundId)
    const added = await tx
      .insert(validityRoundEnds)
      .values({ projectId, roundId, reason, actor, at })
      .onConflictDoNothing()
      .returning({ at: validityRoundEnds.at })
    if (added.length === 0)
      throw new AppError('conflict', 'This round has ended already.', 'Open another one.')
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'validity.ended',
      body: { round: roundId, reason },
    })
  })
}
