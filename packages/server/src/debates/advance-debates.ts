/**
 * Lets models speak and judge wherever it is their turn, in the background. Driven by the tables alone: any number of
 * processes may do it at once, and any may be killed.
 */
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import type { AskEnvironment } from '../models/ask-model.ts'
import { type Judge, requireJudge } from '../models/judge.ts'
import { providerKeyOf, whySilent, whyTooDear } from '../models/resting.ts'
import { findRater } from '../raters/stored-raters.ts'
import { modelStep } from './model-step.ts'
import { findDebate, type Seat, type StoredDebate, seatsAwaited } from './stored-debate.ts'

/** Until nothing is left that a model can do now. */
export async function advanceDebates(
  effects: Effects,
  sealingKey: Uint8Array,
  environment: Omit<AskEnvironment, 'key'>,
): Promise<void> {
  for (const place of await unfinished(effects)) {
    let went = true
    while (went) {
      environment.stop.throwIfAborted()
      const debate = await findDebate(effects.db, place.projectId, place.id)
      went = debate !== undefined && (await advance(effects, sealingKey, debate, environment))
    }
  }
}

/** Both openings at once. False: nothing went on. */
async function advance(
  effects: Effects,
  sealingKey: Uint8Array,
  debate: StoredDebate,
  environment: Omit<AskEnvironment, 'key'>,
): Promise<boolean> {
  const steps = (await modelsAwaited(effects, debate)).map(async ({ seat, judge }) => {
    if ((await whySilent(effects, judge)) !== null) return 'later'
    const key = await providerKeyOf(effects, sealingKey, judge)
    return modelStep(effects, debate, seat, judge, { ...environment, key })
  })
  const ended = await Promise.allSettled(steps)
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return ended.some((one) => one.status === 'fulfilled' && one.value === 'recorded')
}

/** Why a model that has the floor says nothing; null when nothing holds it up, or people have the floor. */
export async function whyModelWaits(effects: Effects, debate: StoredDebate): Promise<string | null> {
  for (const { judge } of await modelsAwaited(effects, debate)) {
    const why =
      (await whySilent(effects, judge)) ??
      (await whyTooDear(effects, debate.row.projectId, costMax(judge.definition, { inputTokensMax: 0 })))
    if (why !== null) return why
  }
  return null
}

async function modelsAwaited(
  { db }: Effects,
  debate: StoredDebate,
): Promise<readonly { readonly seat: Seat; readonly judge: Judge }[]> {
  const found: { seat: Seat; judge: Judge }[] = []
  for (const seat of seatsAwaited(debate)) {
    const raterId = debate.seats.get(seat)
    if (raterId === undefined) continue
    const rater = await findRater(db, debate.row.projectId, raterId)
    if (rater?.kind === 'model')
      found.push({ seat, judge: await requireJudge(db, debate.row.projectId, raterId) })
  }
  return found
}

/** With a model among the seats; the oldest first. */
async function unfinished({
  db,
}: Effects): Promise<readonly { readonly projectId: string; readonly id: string }[]> {
  const { rows } = await db.execute<{ project_id: string; id: string }>(sql`
    select debates.project_id, debates.id from debates
    where not exists (select 1 from debate_judgments last where last.project_id = debates.project_id
        and last.debate_id = debates.id and (last.stop or last.round >= debates.rounds))
      and exists (select 1 from debate_seats join raters on raters.project_id = debate_seats.project_id
          and raters.id = debate_seats.rater_id and raters.kind = 'model'
        where debate_seats.project_id = debates.project_id and debate_seats.debate_id = debates.id)
    order by debates.at`)
  return rows.map(({ project_id: projectId, id }) => ({ projectId, id }))
}
