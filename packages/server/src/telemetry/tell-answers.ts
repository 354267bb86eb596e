/**
 * Tells answers about episodes as `gen_ai.evaluation.result`, a few seconds after they were given, each once whichever server tells
 * it: what was taken to be told and then lost with a process is not told again. Only from the first time on that telemetry was on.
 * The question's name and the answer; no words of the rater, nor who it is. Copies with planted faults are not told of.
 */
import type { Logger as EventLogger } from '@opentelemetry/api-logs'
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'

/** Longer than a transaction that inserts answers takes: what it inserted may have ids before those that were seen. */
const SETTLED_MS = 10_000
const AT_ONCE = 1_000

type Answer = {
  id: string
  name: string
  value: unknown
  rater_kind: string
  committed_at: string
  episode_id: string
  source_id: string | null
  agent: string
  is_told: boolean
}

export async function tellAnswers(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  events: EventLogger,
): Promise<void> {
  const projects = await db.execute<{ id: string }>(sql`select id from projects`)
  for (const { id } of projects.rows)
    for (;;) {
      const answers = await takeAnswers({ db, now }, id)
      for (const answer of answers) if (answer.is_told) tell(events, answer)
      if (answers.length < AT_ONCE) break
    }
}

function takeAnswers(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
): Promise<readonly Answer[]> {
  const settled = idAt(now().getTime() - SETTLED_MS)
  return db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into telemetry_cursors (project_id, rating_id) values (${projectId}, ${settled}) on conflict do nothing`)
    const found = await tx.execute<Answer>(sql`
      with cursor as materialized (select rating_id from telemetry_cursors where project_id = ${projectId} for update)
      select ratings.id, ratings.value, ratings.committed_at, ratings.episode_id, raters.kind as rater_kind,
        coalesce(criteria.definition->>'id', ratings.criterion_sha256) as name, episodes.source_id, agents.name as agent,
        ratings.kind = 'answered' and ratings.form = 'find' and episodes.id is not null as is_told
      from cursor
      join ratings on ratings.project_id = ${projectId} and ratings.id > cursor.rating_id and ratings.id < ${settled}
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
      left join criteria on criteria.project_id = ratings.project_id and criteria.sha256 = ratings.criterion_sha256
      left join episodes on episodes.project_id = ratings.project_id and episodes.id = ratings.episode_id
      left join agents on agents.project_id = episodes.project_id and agents.id = episodes.agent_id
      order by ratings.id limit ${AT_ONCE}`)
    const last = found.rows.at(-1)
    if (last !== undefined)
      await tx.execute(
        sql`update telemetry_cursors set rating_id = ${last.id} where project_id = ${projectId}`,
      )
    return found.rows
  })
}

function tell(events: EventLogger, answer: Answer): void {
  const { value, source_id: sourceId } = answer
  events.emit({
    eventName: 'gen_ai.evaluation.result',
    timestamp: new Date(answer.committed_at),
    attributes: {
      'gen_ai.evaluation.name': answer.name,
      ...(typeof value === 'number'
        ? { 'gen_ai.evaluation.score.value': value }
        : { 'gen_ai.evaluation.score.label': String(value) }),
      'gen_ai.agent.name': answer.agent,
      ...(sourceId === null ? {} : { 'gen_ai.conversation.id': conversationOf(sourceId) }),
      'leeway.episode.id': answer.episode_id,
      'leeway.rating.id': answer.id,
      'leeway.rater.kind': answer.rater_kind,
    },
  })
}

/** As its turns are told: an episode of the gateway is called after the conversation, and after its part. */
function conversationOf(sourceId: string): string {
  const [, conversation] = /^gateway:[^:]+:([^#]+)/.exec(sourceId) ?? []
  return conversation === undefined ? sourceId : decodeURIComponent(conversation)
}

/** The first id (UUIDv7) of a moment. */
function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
