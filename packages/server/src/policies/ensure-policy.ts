/**
 * Agents and policies: made when they are first named, never changed.
 *
 * Knows tables `agents` and `policies`. Knows nothing of episodes or releases.
 */
import type { Json } from '@leeway/core/episodes/episode'
import { and, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { agents } from '../projects/tables.ts'
import { policies } from './tables.ts'

/** What making a row needs of the effects. */
export type Making = { readonly now: () => Date; readonly newId: () => string }

export type AgentRow = { readonly id: string; readonly name: string }
export type PolicyRow = typeof policies.$inferSelect

/** The agent of that name, made if there is none. Safe when several ask at once. */
export async function ensureAgent(
  executor: Executor,
  making: Making,
  projectId: string,
  name: string,
): Promise<AgentRow> {
  const find = () =>
    executor
      .select({ id: agents.id, name: agents.name })
      .from(agents)
      .where(and(eq(agents.projectId, projectId), eq(agents.name, name)))
  const found = (await find())[0]
  if (found !== undefined) return found
  await executor
    .insert(agents)
    .values({ projectId, id: making.newId(), name, createdAt: making.now() })
    .onConflictDoNothing()
  const [made] = await find()
  if (made === undefined) throw new Error(`agent ${name} was neither found nor made`)
  return made
}

/** `configSha256` '' and `config` null make an undeclared policy. */
export async function ensurePolicy(
  executor: Executor,
  making: Making,
  wanted: {
    readonly projectId: string
    readonly agentId: string
    readonly name: string
    readonly configSha256: string
    readonly config: Json
  },
): Promise<{ readonly policy: PolicyRow; readonly added: boolean }> {
  const { projectId, agentId, name, configSha256, config } = wanted
  const find = () =>
    executor
      .select()
      .from(policies)
      .where(
        and(
          eq(policies.projectId, projectId),
          eq(policies.agentId, agentId),
          eq(policies.name, name),
          eq(policies.configSha256, configSha256),
        ),
      )
  const [found] = await find()
  if (found !== undefined) return { policy: found, added: false }
  const declared = configSha256 !== ''
  const inserted = await executor
    .insert(policies)
    .values({
      projectId,
      id: making.newId(),
      agentId,
      name,
      configSha256,
      config,
      declared,
      createdAt: making.now(),
    })
    .onConflictDoNothing()
    .returning({ id: policies.id })
  const [made] = await find()
  if (made === undefined) throw new Error(`policy ${name} was neither found nor made`)
  return { policy: made, added: inserted.length > 0 }
}

export async function findPolicy(
  executor: Executor,
  projectId: string,
  policyId: string,
): Promise<PolicyRow | undefined> {
  const [found] = await executor
    .select()
    .from(policies)
    .where(and(eq(policies.projectId, projectId), eq(policies.id, policyId)))
  return found
}
