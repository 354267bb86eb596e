import type { DeclareJudge } from '@leeway/contract/judges'
import type { RaterSummary } from '@leeway/contract/raters'
import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { providerKeys } from '../accounts/tables.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { type RaterRow, tierOf } from '../raters/stored-raters.ts'
import { judgeRecord } from './judge.ts'
import type { JudgeDefinition } from './judge-definition.ts'
import { PROMPT_VERSION } from './judge-prompt.ts'

/** Declared again in the same words, it is the same rater. Throws AppError. */
export async function declareJudge(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof DeclareJudge>,
): Promise<RaterSummary> {
  const { username, password } = new URL(wanted.baseUrl ?? 'http://localhost')
  if (username !== '' || password !== '')
    throw new AppError(
      'unprocessable',
      'The address holds a name or a password, and addresses of judges are shown.',
      'Store the secret as a provider key and name it here.',
      { field: 'baseUrl' },
    )
  if (wanted.provider === 'anthropic' && wanted.providerKeyId === undefined)
    throw new AppError('unprocessable', 'Anthropic needs a key.', 'Store one under Settings and name it.', {
      field: 'providerKeyId',
    })
  return effects.db.transaction(async (tx) => {
    const definition: JudgeDefinition = {
      provider: wanted.provider,
      model: wanted.model,
      baseUrl: wanted.baseUrl ?? null,
      providerKey:
        wanted.providerKeyId === undefined ? null : await requireKey(tx, projectId, wanted.providerKeyId),
      promptVersion: PROMPT_VERSION,
      usdPerMillion: wanted.usdPerMillion ?? null,
      timeoutMs: wanted.timeoutSeconds * 1000,
    }
    const newId = effects.newId()
    const rater = await ensureRater(tx, { now: effects.now, newId: () => newId }, projectId, {
      kind: 'model',
      name: wanted.name,
      family: wanted.family ?? wanted.model,
      definition,
    })
    if (rater.id === newId)
      await appendLedger(tx, effects.ledgerSigner, {
        projectId,
        at: rater.createdAt,
        actor,
        action: 'judge.declared',
        body: { rater: rater.id, provider: wanted.provider, model: wanted.model },
      })
    return summaryOf(tx, rater)
  })
}

async function requireKey(
  executor: Executor,
  projectId: string,
  keyId: string,
): Promise<{ readonly provider: string; readonly name: string }> {
  const [key] = await executor
    .select({ provider: providerKeys.provider, name: providerKeys.name })
    .from(providerKeys)
    .where(
      and(eq(providerKeys.projectId, projectId), eq(providerKeys.id, keyId), isNull(providerKeys.revokedAt)),
    )
  if (key !== undefined) return key
  throw new AppError(
    'not_found',
    'This project has no such provider key.',
    'Store one under Settings; the list of keys shows their ids.',
    { field: 'providerKeyId' },
  )
}

/** How good it is, its card tells. */
async function summaryOf(executor: Executor, rater: RaterRow): Promise<RaterSummary> {
  const tiers = await tierOf(executor, rater.projectId, [rater.id])
  const { ratings, abstained, usdAnAnswer, lastRatingAt } = await judgeRecord(executor, rater)
  return {
    id: rater.id,
    kind: 'model',
    name: rater.name,
    family: rater.family,
    tier: tiers.get(rater.id) ?? 'trainee',
    ratings,
    abstained,
    accuracy: null,
    accuracyFrom: 0,
    minutesAnAnswer: null,
    usdAnAnswer,
    lastRatingAt,
  }
}
