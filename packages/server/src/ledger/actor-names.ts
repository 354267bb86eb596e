import { and, eq, inArray, sql } from 'drizzle-orm'
import { apiKeys, users } from '../accounts/tables.ts'
import type { Executor } from '../db/connect.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import { raters } from '../raters/tables.ts'
import { ledgerActor, NAMED } from './append.ts'

const LOCAL_ADMIN = 'key:local-admin'

/**
 * Names of `person:<id>` and `key:<id>` actors, and of people that keys acted for, as far as they are still known.
 * Names are not in the ledger, on purpose.
 */
export async function readActorNames(
  db: Executor,
  projectId: string,
  actors: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>([[LOCAL_ADMIN, 'The operator']])
  const idsOf = (kind: string) =>
    [...new Set(actors)].flatMap((actor) =>
      actor.startsWith(`${kind}:`) && actor !== LOCAL_ADMIN ? [actor.slice(kind.length + 1)] : [],
    )
  const people = idsOf('person')
  if (people.length > 0) {
    const rows = await db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(inArray(users.id, people))
    for (const row of rows) names.set(`person:${row.id}`, row.name)
  }
  const keys = idsOf('key').filter((id) => UUID.test(id))
  if (keys.length > 0) {
    const rows = await db
      .select({ id: apiKeys.id, name: apiKeys.name })
      .from(apiKeys)
      .where(and(eq(apiKeys.projectId, projectId), inArray(apiKeys.id, keys)))
    for (const row of rows) names.set(`key:${row.id}`, `The key "${row.name}"`)
  }
  if (actors.some((actor) => actor.startsWith(NAMED))) {
    const found = await db.execute<{ actor: string }>(
      sql`select distinct actor from decisions where project_id = ${projectId} and starts_with(actor, ${NAMED})`,
    )
    for (const { actor } of found.rows) names.set(ledgerActor(projectId, actor), namedPerson(actor) ?? actor)
  }
  return names
}

/** `Ada Lovelace` of `named:Ada Lovelace (key …)`, the actor of whoever an API key acted for. */
export function namedPerson(actor: string): string | undefined {
  return /^named:(.+?)(?: \(key .*\))?$/.exec(actor)?.[1]
}

/** By id, what people, raters, policies and agents are called now. Ids that are none of these are passed over. */
export async function readSubjectNames(
  db: Executor,
  projectId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = [...new Set(ids)].filter((id) => UUID.test(id))
  if (known.length === 0) return new Map()
  const found = await Promise.all([
    db
      .select({ id: policies.id, name: policies.name })
      .from(policies)
      .where(and(eq(policies.projectId, projectId), inArray(policies.id, known))),
    db
      .select({ id: agents.id, name: agents.name })
      .from(agents)
      .where(and(eq(agents.projectId, projectId), inArray(agents.id, known))),
    db
      .select({ id: raters.id, name: raters.name })
      .from(raters)
      .where(and(eq(raters.projectId, projectId), inArray(raters.id, known))),
    db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, known)),
  ])
  return new Map(found.flat().map(({ id, name }) => [id, name]))
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What to call an actor nobody has a name for. */
export function actorKind(actor: string): string {
  if (actor.startsWith('person:')) return 'Somebody who is gone'
  if (actor.startsWith('key:')) return 'A key'
  if (actor.startsWith(NAMED)) return 'Somebody named by a key'
  if (actor === 'gate') return 'The gate'
  if (actor === 'demo') return 'The demo'
  return 'The server'
}
