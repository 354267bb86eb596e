import { hash } from 'node:crypto'
import type { Json } from '@leeway/core/episodes/episode'
import type { RaterKind } from '@leeway/core/rubrics/rubric'
import { and, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { canonicalJson } from '../episodes/canonical-json.ts'
import type { Making } from '../policies/ensure-policy.ts'
import type { RaterRow } from './stored-raters.ts'
import { raters } from './tables.ts'

export type WantedRater = {
  readonly kind: RaterKind
  readonly name: string
  readonly family: string
  /** The account of a person, whose rater is found by it alone. */
  readonly userId?: string
  /** What makes a model or a program what it is. */
  readonly definition?: Json
}

/** The rater that is exactly this, made if there is none. Safe when several ask at once. */
export async function ensureRater(
  executor: Executor,
  making: Making,
  projectId: string,
  wanted: WantedRater,
): Promise<RaterRow> {
  const identity = identityOf(wanted)
  const find = () =>
    executor
      .select()
      .from(raters)
      .where(and(eq(raters.projectId, projectId), eq(raters.identity, identity)))
  const [found] = await find()
  if (found !== undefined) return found
  await executor
    .insert(raters)
    .values({
      projectId,
      id: making.newId(),
      kind: wanted.kind,
      name: wanted.name,
      family: wanted.family,
      userId: wanted.userId ?? null,
      definition: wanted.definition ?? null,
      identity,
      createdAt: making.now(),
    })
    .onConflictDoNothing()
  const [made] = await find()
  if (made === undefined) throw new Error(`rater ${wanted.name} was neither found nor made`)
  return made
}

/** A person may change their name and stays the same rater. */
function identityOf({ kind, name, userId, definition }: WantedRater): string {
  const parts = userId === undefined ? [kind, name, definition ?? null] : [kind, 'account', userId]
  return hash('sha256', canonicalJson(parts))
}
