/** A person decides about calls that wait. The first decision counts; a late one is refused and carries nothing out. */
import type { AnswerHold, AnswerHolds } from '@leeway/contract/holds'
import { decideCalls } from '@leeway/core/autonomy/decide-calls'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { contractOf, findContract } from '../contracts/stored-contracts.ts'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { actorOf, type Effects, type Principal } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { useUpPlanted } from '../planted-requests/use-up.ts'
import { carriedSha256, signAnswer } from './binding.ts'
import { cardOf } from './card.ts'
import type { HoldText } from './hold-text.ts'
import { holdAnswers, holdEdits, holdEscalations, holds, holdTexts } from './tables.ts'

type Wanted = z.output<typeof AnswerHold>
type HoldRow = typeof holds.$inferSelect

/** Throws AppError: forbidden (keys), not_found, conflict (late, or decided already), unprocessable. */
export async function answerHold(
  effects: Effects,
  projectId: string,
  principal: Principal,
  holdId: string,
  wanted: Wanted,
): Promise<void> {
  const actor = personActing(principal)
  await effects.db.transaction(async (tx) =>
    answer(tx, effects, actor, await holdOf(tx, projectId, holdId), wanted),
  )
}

/**
 * Decides about all calls of one card, or about none. Each is still an answer of its own: bound, signed, used once.
 * Throws as `answerHold` does, and unprocessable where they are not of one card.
 */
export async function answerHolds(
  effects: Effects,
  projectId: string,
  principal: Principal,
  { holds: holdIds, answer: wanted }: z.output<typeof AnswerHolds>,
): Promise<void> {
  const actor = personActing(principal)
  await effects.db.transaction(async (tx) => {
    // In one order, so that two who decide about the same card wait for each other.
    const found = []
    for (const holdId of [...new Set(holdIds)].sort()) found.push(await holdOf(tx, projectId, holdId))
    if (new Set(found.map(cardOf)).size !== 1)
      throw new AppError(
        'unprocessable',
        'These calls are not of one card.',
        'Decide together only about what the list shows together.',
        { field: 'body.holds' },
      )
    for (const hold of found) await answer(tx, effects, actor, hold, wanted)
  })
}

function personActing(principal: Principal): string {
  if (principal.kind !== 'person')
    throw new AppError(
      'forbidden',
      'Only a person may decide about a call.',
      'Sign in and decide on the page.',
    )
  return actorOf(principal)
}

async function holdOf(tx: Transaction, projectId: string, holdId: string): Promise<HoldRow> {
  const [hold] = await tx
    .select()
    .from(holds)
    .where(and(eq(holds.projectId, projectId), eq(holds.id, holdId)))
  if (hold === undefined)
    throw new AppError('not_found', 'No such call waits here.', 'The list of holds shows those that do.')
  return hold
}

async function answer(
  tx: Transaction,
  effects: Effects,
  actor: string,
  hold: HoldRow,
  wanted: Wanted,
): Promise<void> {
  const { projectId, id: holdId } = hold
  const at = effects.now()
  if (at >= hold.expiresAt)
    throw new AppError(
      'conflict',
      'Its time is over, and nothing was carried out.',
      'The agent was told that there was no decision.',
    )
  if (wanted.kind === 'escalated') {
    await tx
      .insert(holdEscalations)
      .values({ projectId, holdId, id: effects.newId(), reason: wanted.reason, actor, at })
    return
  }
  const carried = await carriedArguments(tx, effects, hold, wanted)
  const argumentsSha256 = carriedSha256(carried)
  const written = await tx
    .insert(holdAnswers)
    .values({
      projectId,
      holdId,
      kind: wanted.kind,
      reason: wanted.reason,
      argumentsSha256,
      signature: signAnswer(effects.ledgerSigner, {
        binding: hold.binding,
        kind: wanted.kind,
        argumentsSha256,
      }),
      keyId: effects.ledgerSigner.keyId,
      actor,
      lookedMs: wanted.lookedMs ?? null,
      at,
    })
    .onConflictDoNothing()
    .returning({ holdId: holdAnswers.holdId })
  if (written.length === 0)
    throw new AppError('conflict', 'Somebody has decided about it already.', 'Look at the list again.')
  if (wanted.kind === 'approved' || wanted.kind === 'edited')
    await useUpPlanted(tx, { projectId, holdId, at })
  if (wanted.kind === 'edited')
    await tx.insert(holdEdits).values({ projectId, holdId, body: JSON.stringify(carried) })
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor,
    action: `hold.${wanted.kind}`,
    body: { hold: holdId, binding: hold.binding, argumentsSha256, contractVersion: hold.contractVersion },
  })
}

/** What an approval is for. An edit has to be what the contract allows, too. */
async function carriedArguments(
  tx: Transaction,
  { now }: Pick<Effects, 'now'>,
  hold: HoldRow,
  wanted: Exclude<Wanted, { readonly kind: 'escalated' }>,
): Promise<readonly string[]> {
  const { projectId, id: holdId, agentId } = hold
  const [row] = await tx
    .select()
    .from(holdTexts)
    .where(and(eq(holdTexts.projectId, projectId), eq(holdTexts.holdId, holdId)))
  if (row === undefined)
    throw new AppError(
      'conflict',
      'What it would carry out is not here any more.',
      'The agent was told that there was no decision.',
    )
  const { calls } = JSON.parse(row.body) as HoldText
  if (wanted.kind !== 'edited') return calls.map(({ argumentsText }) => argumentsText)
  const field = 'body.argumentsTexts'
  if (wanted.argumentsTexts.length !== calls.length)
    throw new AppError(
      'unprocessable',
      `There are ${calls.length} calls, and arguments for ${wanted.argumentsTexts.length}.`,
      'Give the arguments of each call.',
      { field },
    )
  const contract = await findContract(tx, projectId, agentId)
  if (contract === undefined) throw new Error('a hold without a contract')
  const proposed = calls.map(({ tool }, index) => ({
    tool,
    argumentsText: wanted.argumentsTexts[index] ?? '',
  }))
  const { calls: decided } = decideCalls(contractOf(contract), proposed, {
    role: 'baseline',
    steps: 0,
    denials: 0,
    now: now(),
    outOfTouch: false,
    uniforms: proposed.map(() => 0),
  })
  const wrong = decided.findIndex(({ outcome, rule }) => outcome === 'deny' && ARGUMENT_RULES.has(rule))
  if (wrong !== -1)
    throw new AppError(
      'unprocessable',
      decided[wrong]?.reason ?? 'It is not allowed.',
      'Keep to the ranges of the contract.',
      {
        field: `${field}[${wrong}]`,
      },
    )
  // With what the contract sets, over what the person wrote too.
  return wanted.argumentsTexts.map((text, index) => decided[index]?.argumentsText ?? text)
}

const ARGUMENT_RULES: ReadonlySet<string> = new Set(['malformed-arguments', 'arguments-outside'])
