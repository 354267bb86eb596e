/** A debate with all that was said at it, as read from the store, and what comes next. */
import { type Awaited, awaited, type DebateRules, orderOf, type Side } from '@leeway/core/debates/protocol'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { criteria } from '../rubrics/tables.ts'
import { debateJudgments, debateSeats, debateSpeeches, debates } from './tables.ts'

export type Seat = Side | 'judge'
export type SpeechRow = Omit<typeof debateSpeeches.$inferSelect, 'side'> & { readonly side: Side }
export type JudgmentRow = typeof debateJudgments.$inferSelect

export type StoredDebate = {
  readonly row: Omit<typeof debates.$inferSelect, 'speakers' | 'judgeSees'> & {
    readonly judgeSees: 'quotes' | 'episode'
  }
  readonly criterion: Criterion
  readonly rules: DebateRules
  /** Raters by seat; a seat that nobody has taken is not in it. */
  readonly seats: ReadonlyMap<Seat, string>
  /** By round, and in a round in the order in which sides speak. */
  readonly speeches: readonly SpeechRow[]
  readonly judgments: readonly JudgmentRow[]
  readonly next: Awaited
}

export const kindOf = ({ rules }: Pick<StoredDebate, 'rules'>): 'debate' | 'consultancy' =>
  rules.speakers.length === 2 ? 'debate' : 'consultancy'

/** Seats at which somebody can act now. */
export function seatsAwaited({ next }: Pick<StoredDebate, 'next'>): readonly Seat[] {
  if (next.kind === 'over') return []
  return next.kind === 'judgment' ? ['judge'] : next.sides
}

/** The round that is spoken or judged now; the last one when it is over. */
export function roundOf({ next }: Pick<StoredDebate, 'next'>): number {
  return next.kind === 'over' ? next.rounds : next.round
}

export async function findDebate(
  executor: Executor,
  projectId: string,
  debateId: string,
): Promise<StoredDebate | undefined> {
  return (await findDebates(executor, projectId, [debateId]))[0]
}

/** In no order; ids that are not there are left out. */
export async function findDebates(
  executor: Executor,
  projectId: string,
  ids: readonly string[],
): Promise<readonly StoredDebate[]> {
  if (ids.length === 0) return []
  const rows = await executor
    .select()
    .from(debates)
    .where(and(eq(debates.projectId, projectId), inArray(debates.id, [...ids])))
  return withWords(executor, projectId, rows)
}

/** Newest first. */
export async function newestDebates(
  executor: Executor,
  projectId: string,
  limit: number,
): Promise<readonly StoredDebate[]> {
  const rows = await executor
    .select()
    .from(debates)
    .where(eq(debates.projectId, projectId))
    .orderBy(desc(debates.at), desc(debates.id))
    .limit(limit)
  return withWords(executor, projectId, rows)
}

async function withWords(
  executor: Executor,
  projectId: string,
  rows: readonly (typeof debates.$inferSelect)[],
): Promise<readonly StoredDebate[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const questions = await executor
    .select({ sha256: criteria.sha256, definition: criteria.definition })
    .from(criteria)
    .where(
      and(
        eq(criteria.projectId, projectId),
        inArray(criteria.sha256, [...new Set(rows.map(({ criterionSha256 }) => criterionSha256))]),
      ),
    )
  const definitions = new Map(questions.map(({ sha256, definition }) => [sha256, definition as Criterion]))
  const seats = await executor
    .select()
    .from(debateSeats)
    .where(and(eq(debateSeats.projectId, projectId), inArray(debateSeats.debateId, ids)))
  const speeches = await executor
    .select()
    .from(debateSpeeches)
    .where(and(eq(debateSpeeches.projectId, projectId), inArray(debateSpeeches.debateId, ids)))
    .orderBy(asc(debateSpeeches.round))
  const judgments = await executor
    .select()
    .from(debateJudgments)
    .where(and(eq(debateJudgments.projectId, projectId), inArray(debateJudgments.debateId, ids)))
    .orderBy(asc(debateJudgments.round))
  return rows.map(({ speakers, judgeSees, ...row }) => {
    const rules: DebateRules = { speakers: speakers as readonly Side[], rounds: row.rounds }
    const said = inOrder(
      rules,
      speeches.filter(({ debateId }) => debateId === row.id) as readonly SpeechRow[],
    )
    const judged = judgments.filter(({ debateId }) => debateId === row.id)
    const own = seats.filter(({ debateId }) => debateId === row.id)
    return {
      row: { ...row, judgeSees: judgeSees as 'quotes' | 'episode' },
      criterion: definitions.get(row.criterionSha256) as Criterion,
      rules,
      seats: new Map(own.map(({ seat, raterId }) => [seat as Seat, raterId])),
      speeches: said,
      judgments: judged,
      next: awaited(rules, said, judged),
    }
  })
}

function inOrder({ speakers }: DebateRules, said: readonly SpeechRow[]): readonly SpeechRow[] {
  return [...said].sort((one, other) => {
    const order = orderOf(speakers, one.round)
    return one.round - other.round || order.indexOf(one.side) - order.indexOf(other.side)
  })
}
