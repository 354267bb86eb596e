/** Calls that wait, and what was decided, as approvers see them: not whose policy proposed them. */
import type { HoldList, HoldSummary, HoldView } from '@leeway/contract/holds'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { readActorNames } from '../ledger/actor-names.ts'
import { cardOf } from './card.ts'
import type { HoldText } from './hold-text.ts'

const OPEN_MAX = 500
const ANSWERED_MAX = 50
/** Agents use an approval at once, but not all as fast: sooner than this one could tell by the moment whether one waits. */
const USED_SHOWN_MS = 2_000

type Row = {
  id: string
  agent_id: string
  agent: string
  conversation: string
  tools: string[]
  stakes: HoldSummary['stakes']
  asked_at: string
  expires_at: string
  escalations: number
  kind: 'approved' | 'edited' | 'denied' | 'stopped' | null
  reason: string | null
  actor: string | null
  answered_at: string | null
  evidence: boolean
  used: boolean | null
}

export async function listHolds(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
): Promise<HoldList> {
  const open = await rows(
    { db, now },
    projectId,
    sql`hold_answers.at is null and expires_at > ${now().toISOString()}::timestamptz order by expires_at, holds.id limit ${OPEN_MAX}`,
  )
  const answered = await rows(
    { db, now },
    projectId,
    sql`hold_answers.at is not null order by hold_answers.at desc, holds.id desc limit ${ANSWERED_MAX}`,
  )
  const names = await namesOf(db, projectId, answered)
  return {
    open: open.map((row) => summary(row, names)),
    answered: answered.map((row) => summary(row, names)),
  }
}

/** Throws AppError not_found. */
export async function showHold(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  holdId: string,
): Promise<HoldView> {
  const found = await rows({ db, now }, projectId, sql`holds.id = ${holdId}`)
  const [row] = found
  if (row === undefined)
    throw new AppError('not_found', 'No such call waits here.', 'The list of holds shows those that do.')
  const escalated = await db.execute<{ reason: string; actor: string; at: string }>(sql`
    select reason, actor, at from hold_escalations where project_id = ${projectId} and hold_id = ${holdId} order by id`)
  const names = await readActorNames(db, projectId, [
    ...(row.actor === null ? [] : [row.actor]),
    ...escalated.rows.map(({ actor }) => actor),
  ])
  const text = await textOf(db, projectId, holdId)
  return {
    ...summary(row, names),
    text:
      text === null
        ? null
        : {
            calls: text.calls.map(({ tool, argumentsText, says, decision: { outcome, reason, stakes } }) => ({
              tool,
              argumentsText,
              outcome,
              reason,
              stakes,
              says: says ?? null,
            })),
            before: [...text.before] as never,
            earlier: text.earlier,
          },
    lastSimilar: await lastSimilar(db, projectId, row),
    escalated: escalated.rows.map(({ reason, actor, at }) => ({
      reason,
      actorName: names.get(actor) ?? 'somebody',
      at: iso(at),
    })),
    otherwise:
      'If nobody decides in time, none of these calls is carried out. The agent is told that there was no decision, and goes on.',
  }
}

async function lastSimilar(
  db: Executor,
  projectId: string,
  { id, agent_id: agentId, tools }: Row,
): Promise<HoldView['lastSimilar']> {
  const found = await db.execute<{ body: string; at: string }>(sql`
    select body, hold_answers.at from holds
    join hold_answers on hold_answers.project_id = holds.project_id and hold_answers.hold_id = holds.id
      and hold_answers.kind = 'approved'
    join hold_texts on hold_texts.project_id = holds.project_id and hold_texts.hold_id = holds.id
    where holds.project_id = ${projectId} and holds.agent_id = ${agentId} and holds.id <> ${id}
      and holds.tools = array(select jsonb_array_elements_text(${JSON.stringify(tools)}::jsonb))
    order by hold_answers.at desc limit 1`)
  const [row] = found.rows
  if (row === undefined) return null
  const { calls } = JSON.parse(row.body) as HoldText
  return { at: iso(row.at), calls: calls.map(({ tool, argumentsText }) => ({ tool, argumentsText })) }
}

async function textOf(db: Executor, projectId: string, holdId: string): Promise<HoldText | null> {
  const found = await db.execute<{ body: string }>(
    sql`select body from hold_texts where project_id = ${projectId} and hold_id = ${holdId}`,
  )
  const [row] = found.rows
  return row === undefined ? null : (JSON.parse(row.body) as HoldText)
}

async function rows(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  which: SQL,
): Promise<readonly Row[]> {
  const shown = new Date(now().getTime() - USED_SHOWN_MS).toISOString()
  const found = await db.execute<Row>(sql`
    select holds.id, holds.agent_id, agents.name as agent, conversation, tools, stakes, asked_at, expires_at,
      (select count(*)::int from hold_escalations where hold_escalations.project_id = holds.project_id
        and hold_escalations.hold_id = holds.id) as escalations,
      hold_answers.kind, hold_answers.reason, hold_answers.actor, hold_answers.at as answered_at, evidence,
      hold_answers.at <= ${shown}::timestamptz and exists (select 1 from hold_uses
        where hold_uses.project_id = holds.project_id and hold_uses.hold_id = holds.id) as used
    from holds
    join agents on agents.project_id = holds.project_id and agents.id = holds.agent_id
    left join hold_answers on hold_answers.project_id = holds.project_id and hold_answers.hold_id = holds.id
    where holds.project_id = ${projectId} and ${which}`)
  return found.rows
}

const namesOf = (db: Executor, projectId: string, found: readonly Row[]) =>
  readActorNames(
    db,
    projectId,
    found.flatMap(({ actor }) => actor ?? []),
  )

function summary(row: Row, names: ReadonlyMap<string, string>): HoldSummary {
  return {
    id: row.id,
    agent: row.agent,
    tools: row.tools,
    stakes: row.stakes,
    askedAt: iso(row.asked_at),
    expiresAt: iso(row.expires_at),
    card: cardOf({ ...row, agentId: row.agent_id }),
    escalations: row.escalations,
    answer:
      row.kind === null || row.answered_at === null
        ? null
        : {
            kind: row.kind,
            reason: row.reason ?? '',
            actorName: names.get(row.actor ?? '') ?? 'somebody',
            at: iso(row.answered_at),
            used: row.used === true,
            countsFor: row.evidence ? 'gate' : 'judge',
          },
  }
}

const iso = (at: string) => new Date(at).toISOString()
