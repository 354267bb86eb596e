/** What is written down in the end: turns, holds, and the episodes that are made of them. */
import type { Database } from '@leeway/server/db/connect'
import { storedEpisodes } from '@leeway/server/episodes/stored-episode'
import { assembleEpisodes } from '@leeway/server/gateway/assemble-episodes'
import type { Effects } from '@leeway/server/http/environment'
import type { Recorded, TurnFacts } from './find-faults.ts'

const AT_ONCE = 200

/** More than any clock was ahead: a conversation is quiet when its last turn has ended, by whatever clock. */
const LATER_MS = 3 * 86_400_000

/** Makes episodes of all conversations first. */
export async function readRecorded(effects: Effects, projectId: string): Promise<Recorded> {
  const later = { ...effects, now: () => new Date(Date.now() + LATER_MS) }
  while ((await assembleEpisodes(later, 0)) > 0) {}
  const { db } = effects
  const turns = new Map<string, TurnFacts>()
  const holds = new Map<string, string>()
  const calls = new Set<string>()
  for (const { id, ...facts } of await rows<TurnFacts & { id: string }>(
    db,
    'select id, outcome, decisions from gateway_turns',
  ))
    turns.set(id, facts)
  for (const { id, turn_id: turn } of await rows<{ id: string; turn_id: string }>(
    db,
    'select id, turn_id from holds order by id',
  ))
    holds.set(turn, id)
  const used = await rows<{ hold_id: string }>(db, 'select hold_id from hold_uses')
  const ids = (await rows<{ id: string }>(db, 'select id from episodes')).map(({ id }) => id)
  for (let at = 0; at < ids.length; at += AT_ONCE)
    for (const { episode } of await storedEpisodes(db, projectId, ids.slice(at, at + AT_ONCE)))
      for (const { kind, callId } of episode.steps)
        if (kind === 'tool_call' && callId !== null) calls.add(callId)
  return { turns, holds, used: used.map(({ hold_id: hold }) => hold), calls }
}

/** Of these turns, those that are in the database. */
export async function inDatabase(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await db.$client.query<{ id: string }>(
    'select id from gateway_turns where id = any($1::uuid[])',
    [ids],
  )
  return new Set(found.rows.map(({ id }) => id))
}

async function rows<Row extends object>(db: Database, query: string): Promise<readonly Row[]> {
  return (await db.$client.query<Row>(query)).rows
}
