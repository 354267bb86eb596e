/** Why a run does not go on, told from what is recorded: every process sees the same, also after a restart. */
import { and, desc, eq, isNull } from 'drizzle-orm'
import { sealedPlace } from '../accounts/provider-keys.ts'
import { openSealed } from '../accounts/sealing.ts'
import { providerKeys } from '../accounts/tables.ts'
import { storedWords } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { tierOf } from '../raters/stored-raters.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { costMax } from './answer-question.ts'
import type { Judge } from './judge.ts'
import { judgePrompt } from './judge-prompt.ts'
import { type JudgeRunRow, lastCalls, openQuestions } from './judge-store.ts'
import { readSpend, readUnderWay } from './spend.ts'

/** Calls in a row without an answer of the endpoint, after which a run rests. */
export const UNAVAILABLE_MAX = 3
const REST_MS = 5 * 60_000

/** Null: it goes on. */
export async function whyResting(
  effects: Pick<Effects, 'db' | 'now'>,
  judge: Judge,
  run: JudgeRunRow,
): Promise<string | null> {
  return (await whySilent(effects, judge)) ?? (await whyOverLimit(effects, judge, run))
}

/** Why a model is asked nothing at all for now; null: nothing holds it up but perhaps the spend limit. */
export async function whySilent(effects: Pick<Effects, 'db' | 'now'>, judge: Judge): Promise<string | null> {
  const { projectId, id } = judge.rater
  if ((await tierOf(effects.db, projectId, [id])).get(id) === 'suspended')
    return 'The judge is suspended: nobody asks it until its tier is set again.'
  return (await whyNoKey(effects, judge)) ?? (await whyUnavailable(effects, judge))
}

/** The key of a judge; null when its endpoint needs none. Throws when it was removed. */
export async function providerKeyOf(
  { db }: Pick<Effects, 'db'>,
  sealingKey: Uint8Array,
  { rater, definition }: Judge,
): Promise<string | null> {
  if (definition.providerKey === null) return null
  const row = await newestKey(db, rater.projectId, definition.providerKey)
  if (row === undefined) throw new Error(`the provider key "${definition.providerKey.name}" was removed`)
  return openSealed(sealingKey, row.sealed, sealedPlace(rater.projectId, row.id))
}

async function whyNoKey({ db }: Pick<Effects, 'db'>, { rater, definition }: Judge): Promise<string | null> {
  const { providerKey } = definition
  if (providerKey === null || (await newestKey(db, rater.projectId, providerKey)) !== undefined) return null
  return `The provider key "${providerKey.name}" was removed. Store one of the same provider and name to go on.`
}

async function newestKey(
  db: Effects['db'],
  projectId: string,
  { provider, name }: { readonly provider: string; readonly name: string },
): Promise<{ readonly id: string; readonly sealed: string } | undefined> {
  const [row] = await db
    .select({ id: providerKeys.id, sealed: providerKeys.sealed })
    .from(providerKeys)
    .where(
      and(
        eq(providerKeys.projectId, projectId),
        eq(providerKeys.provider, provider),
        eq(providerKeys.name, name),
        isNull(providerKeys.revokedAt),
      ),
    )
    .orderBy(desc(providerKeys.id))
    .limit(1)
  return row
}

async function whyUnavailable(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { rater }: Judge,
): Promise<string | null> {
  const calls = await lastCalls(db, rater.projectId, rater.id, UNAVAILABLE_MAX)
  const [last] = calls
  if (last === undefined || calls.length < UNAVAILABLE_MAX) return null
  const again = new Date(last.at.getTime() + REST_MS)
  if (calls.some(({ status }) => status !== 'unavailable') || again <= now()) return null
  const { reason = '' } = (last.response ?? {}) as { readonly reason?: string }
  return `The endpoint failed ${UNAVAILABLE_MAX} times in a row. ${reason} It is tried again at ${again.toISOString()}.`
}

/**
 * What questions under way hold may come back, so it stops nobody for good. By the next question: a long episode may not fit into what is left while a short one would.
 */
async function whyOverLimit(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { definition }: Judge,
  run: JudgeRunRow,
): Promise<string | null> {
  const [next] = await openQuestions(db, run, 1)
  if (next === undefined) return null
  const episode = await storedWords(db, run.projectId, next.episodeId)
  const { criterionSha256 } = next
  const criterion = (await criteriaByHash(db, run.projectId, [criterionSha256])).get(criterionSha256)
  if (episode === undefined || criterion === undefined) return null
  const most = costMax(
    definition,
    judgePrompt(criterion, episode, (length) => new Uint8Array(length)),
  )
  return whyTooDear({ db, now }, run.projectId, most)
}

/** Why a call that may cost so many US dollars is not made now. */
export async function whyTooDear(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  most: number,
): Promise<string | null> {
  const { usdPerDay, spentTodayUsd, reservedUsd } = await readSpend(db, projectId, now())
  const underWayUsd = await readUnderWay(db, projectId, now())
  if (most === 0 || spentTodayUsd + reservedUsd - underWayUsd + most <= usdPerDay) return null
  return `The spend limit of ${usd(usdPerDay)} a day is reached: ${usd(spentTodayUsd)} spent, ${usd(reservedUsd)} reserved, and the next answer may cost up to ${usd(most)}. Raise it, or wait for the next day (UTC).`
}

const usd = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`
