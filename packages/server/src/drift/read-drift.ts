/**
 * Compares this week's conversations of every agent with its rated ones, about once an hour, and alerts where too many are unlike
 * them. Bounded: so many conversations of each, read a few at a time; an agent of which nothing came and nothing was rated is not
 * read again before a day is over.
 */
import type { UnlikeView } from '@leeway/contract/drift'
import { type DriftKind, describeDrift } from '@leeway/core/drift/describe-drift'
import { askedFeatures, doneFeatures, type Features } from '@leeway/core/drift/features'
import { unlikeShare } from '@leeway/core/drift/unlike-share'
import { sql } from 'drizzle-orm'
import { type Condition, noteConditions } from '../alerts/note-conditions.ts'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { type DrawnEpisodes, drawEpisodes } from './drawn-episodes.ts'
import { driftLimit } from './drift-limit.ts'
import { driftReadings } from './tables.ts'

/** Of conversations that are called unlike where nothing has changed, at most. */
export const FALSE_ALARM_RATE = 0.01
const LEVEL = 0.95
const WINDOW_MS = 7 * 86_400_000
const EACH_MAX = 400
const AT_ONCE = 20
const SHOWN_MAX = 10

type Agent = { readonly projectId: string; readonly agentId: string; readonly agent: string }

export async function readDrift(effects: Effects): Promise<void> {
  for (const agent of await dueAgents(effects.db, effects.now())) {
    try {
      await readAgent(effects, agent)
    } catch (error) {
      // One that cannot be read must not hide the others.
      effects.log.error({ err: error, agent: agent.agentId }, 'the drift of an agent could not be read')
    }
  }
}

/** Agents that something happened to since they were read an hour ago or longer, or that were not read for a day. */
async function dueAgents(executor: Executor, now: Date): Promise<readonly Agent[]> {
  const at = sql`${now.toISOString()}::timestamptz`
  const found = await executor.execute<{ project_id: string; id: string; name: string }>(sql`
    select agents.project_id, agents.id, agents.name from agents
    left join lateral (
      select max(at) as at from drift_readings read where read.project_id = agents.project_id and read.agent_id = agents.id
    ) last on true
    where exists (select from episodes where episodes.project_id = agents.project_id and episodes.agent_id = agents.id)
      and (last.at is null or last.at <= ${at} - interval '1 day' or (last.at <= ${at} - interval '1 hour' and (
        exists (select from episodes where episodes.project_id = agents.project_id and episodes.agent_id = agents.id
          and imported_at >= last.at)
        or exists (select from ratings where ratings.project_id = agents.project_id and assignment_id is not null
          and committed_at >= last.at))))
    order by last.at nulls first limit 100`)
  return found.rows.map((row) => ({ projectId: row.project_id, agentId: row.id, agent: row.name }))
}

async function readAgent(effects: Effects, agent: Agent): Promise<void> {
  const { db, now, newId, randomBytes } = effects
  const { projectId, agentId } = agent
  const at = now()
  const since = new Date(at.getTime() - WINDOW_MS)
  const seed = new DataView(randomBytes(4).buffer).getUint32(0) >>> 1
  const drawn = await drawEpisodes(db, agent, { since, seed, many: EACH_MAX })
  const [rated, fresh] = [
    await featuresOf(db, projectId, drawn.rated),
    await featuresOf(db, projectId, drawn.fresh),
  ]
  const compare = (kind: DriftKind): UnlikeView =>
    compared(
      kind,
      drawn,
      rated.map((one) => one[kind]),
      fresh.map((one) => one[kind]),
    )
  const [asked, done] = [compare('asked'), compare('done')]
  await db.insert(driftReadings).values({ projectId, id: newId(), agentId, since, seed, asked, done, at })
  const shareMax = await driftLimit(db, projectId)
  await noteConditions(effects, projectId, [
    conditionOf(agent, 'asked', asked, shareMax),
    conditionOf(agent, 'done', done, shareMax),
  ])
}

type Both = Readonly<Record<DriftKind, Features>>

/** In the order of the ids; a few texts are held at a time. */
async function featuresOf(
  executor: Executor,
  projectId: string,
  ids: readonly string[],
): Promise<readonly Both[]> {
  const all = new Map<string, Both>()
  for (let from = 0; from < ids.length; from += AT_ONCE)
    for (const { id, episode } of await storedEpisodes(executor, projectId, ids.slice(from, from + AT_ONCE)))
      all.set(id, { asked: askedFeatures(episode), done: doneFeatures(episode) })
  // One that was erased meanwhile says nothing.
  return ids.map((id) => all.get(id) ?? { asked: new Map(), done: new Map() })
}

function compared(
  kind: DriftKind,
  drawn: DrawnEpisodes,
  rated: readonly Features[],
  fresh: readonly Features[],
): UnlikeView {
  const found = unlikeShare(rated, fresh, { falseAlarmRate: FALSE_ALARM_RATE, level: LEVEL })
  const words = describeDrift(kind, found, FALSE_ALARM_RATE)
  if (found.kind === 'insufficient') return { estimate: null, words, episodes: [] }
  return {
    estimate: {
      share: found.share,
      low: found.interval.low,
      high: found.interval.high,
      fresh: found.fresh,
      unlike: found.unlike.length,
      rated: found.rated,
    },
    words,
    episodes: found.unlike.slice(0, SHOWN_MAX).map((at) => drawn.fresh[at] as string),
  }
}

/** Begins where the lower bound is above the limit, and ends where the share is below half of it. */
function conditionOf(
  { agentId, agent }: Agent,
  kind: DriftKind,
  { estimate, words }: UnlikeView,
  shareMax: number | null,
): Condition {
  const state =
    shareMax === null
      ? 'good'
      : estimate === null
        ? 'between'
        : estimate.low > shareMax
          ? 'bad'
          : estimate.share < shareMax / 2
            ? 'good'
            : 'between'
  return {
    kind: 'drift',
    place: `${agentId} ${kind}`,
    state,
    sentence: `${agent}: ${words} Rate some of them.`,
  }
}
