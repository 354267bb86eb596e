/**
 * Who may sit where. A judge has neither answered the question nor met it in another debate; a speaker may know the
 * episode. Afterwards nobody who sat here is asked the question as a rater (assignments/reserve.ts).
 */

import { and, eq, sql } from 'drizzle-orm'
import { metElsewhere } from '../assignments/met-elsewhere.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { JudgeDefinition } from '../models/judge-definition.ts'
import { inConflict } from '../raters/conflicts.ts'
import { findRater, type RaterRow, tierOf } from '../raters/stored-raters.ts'
import { registeredAs } from '../supervision/registered.ts'
import { barredAbout } from '../supervision/unheard.ts'
import { findDebate, type Seat, type StoredDebate } from './stored-debate.ts'
import { debateSeats } from './tables.ts'

type Sitter = { readonly projectId: string; readonly raterId: string }
type DebatedItem = { readonly episodeId: string; readonly criterionSha256: string }

/** Throws AppError when the rater cannot sit there. */
export async function requireSitter(
  executor: Executor,
  { projectId, raterId }: Sitter,
  item: DebatedItem,
  seat: Seat,
): Promise<void> {
  const field = { field: seat === 'judge' ? 'body.judge' : 'body.speakers' }
  const rater = await findRater(executor, projectId, raterId)
  if (rater === undefined || !canAct(rater))
    throw new AppError(
      'not_found',
      'There is no such person or model among the raters of this project.',
      'Name people with an account here, or models declared with "leeway judge declare".',
      field,
    )
  if ((await tierOf(executor, projectId, [raterId])).get(raterId) === 'suspended')
    throw new AppError(
      'conflict',
      `${rater.name} is suspended.`,
      'Name another one, or lift it first.',
      field,
    )
  const role = seat === 'judge' ? 'rater' : 'debater'
  const registered = await registeredAs(executor, projectId, raterId)
  if (registered !== undefined && !registered.roles.includes(role))
    throw new AppError(
      'conflict',
      `${rater.name} runs a policy, and is not registered as a ${role}.`,
      'Register it for that, or name another one.',
      field,
    )
  if ((await barredAbout(executor, projectId, item.episodeId, [role])).has(raterId))
    throw new AppError(
      'conflict',
      `${rater.name} runs the policy that acted here, or is of its family.`,
      `Name another one; of its family alone, it may be registered as a ${role}.`,
      field,
    )
  if (seat === 'judge' && (await knowsItem(executor, projectId, raterId, item)))
    throw new AppError(
      'conflict',
      'Whoever has answered this question about this episode, met it elsewhere, or may not judge its agent cannot judge it.',
      'A judge comes to it new: let another one sit there.',
      field,
    )
}

/** Raters that only imports know cannot: nobody is there who could speak. */
function canAct({ kind, userId, definition }: RaterRow): boolean {
  if (kind === 'model') return JudgeDefinition.safeParse(definition).success
  return kind === 'human' && (userId !== null || definition !== null)
}

async function knowsItem(
  executor: Executor,
  projectId: string,
  raterId: string,
  { episodeId, criterionSha256 }: DebatedItem,
): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 where exists (select 1 from ratings where project_id = ${projectId} and rater_id = ${raterId}
        and episode_id = ${episodeId} and criterion_sha256 = ${criterionSha256})
      or exists (select 1 from ${metElsewhere(projectId, raterId)} met
        where met.episode_id = ${episodeId} and met.criterion_sha256 = ${criterionSha256})
      or ${inConflict(projectId, raterId, episodeId)}`)
  return rows.length > 0
}

/** The same again is the same seat; of two at once the first has it. */
export async function takeSeat(
  effects: Effects,
  sitter: Sitter,
  debateId: string,
  seat: Seat,
): Promise<StoredDebate> {
  const { db } = effects
  const { projectId, raterId } = sitter
  const debate = await findDebate(db, projectId, debateId)
  const exists = debate !== undefined && (seat === 'judge' || debate.rules.speakers.includes(seat))
  if (debate === undefined || !exists) throw noSeat()
  if (debate.seats.get(seat) === raterId) return debate
  if ([...debate.seats.values()].includes(raterId))
    throw new AppError('conflict', 'You sit at this debate already.', 'One person has one seat.')
  await requireSitter(db, sitter, debate.row, seat)
  await db
    .insert(debateSeats)
    .values({ projectId, debateId, seat, raterId, at: effects.now() })
    .onConflictDoNothing()
  const [held] = await db
    .select()
    .from(debateSeats)
    .where(
      and(
        eq(debateSeats.projectId, projectId),
        eq(debateSeats.debateId, debateId),
        eq(debateSeats.seat, seat),
      ),
    )
  if (held?.raterId !== raterId)
    throw new AppError('conflict', 'Somebody else took this seat.', 'Look for another debate.')
  return (await findDebate(db, projectId, debateId)) as StoredDebate
}

/** The debate and the seat of whoever asks. A debate at which one does not sit looks like none. */
export async function requireSeat(
  executor: Executor,
  { projectId, raterId }: Sitter,
  debateId: string,
): Promise<{ readonly debate: StoredDebate; readonly seat: Seat }> {
  const debate = await findDebate(executor, projectId, debateId)
  const [seat] = [...(debate?.seats ?? [])].find(([, sits]) => sits === raterId) ?? []
  if (debate === undefined || seat === undefined) throw noSeat()
  return { debate, seat }
}

function noSeat(): AppError {
  return new AppError(
    'not_found',
    'You have no seat at such a debate.',
    'The inbox lists yours, and those that want somebody.',
  )
}
