/** Debates about a question that can be read whole: everybody has spoken in every round that was held. */
import { and, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { kindOf, newestDebates } from './stored-debate.ts'
import { debates } from './tables.ts'

type Recorded = { readonly debate?: string; readonly consultancy?: string }

/** By episode, the newest of each kind. */
export async function recordedDebates(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<ReadonlyMap<string, Recorded>> {
  const [any] = await executor
    .select({ id: debates.id })
    .from(debates)
    .where(and(eq(debates.projectId, projectId), eq(debates.criterionSha256, criterionSha256)))
    .limit(1)
  if (any === undefined) return new Map()
  const found = new Map<string, Recorded>()
  for (const debate of await newestDebates(executor, projectId, DEBATES_MAX)) {
    const { row, rules, speeches, next } = debate
    if (row.criterionSha256 !== criterionSha256) continue
    const rounds = next.kind === 'over' ? next.rounds : row.rounds
    const whole = speeches.filter(({ round }) => round <= rounds).length === rounds * rules.speakers.length
    const before = found.get(row.episodeId)
    const kind = kindOf(debate)
    if (whole && before?.[kind] === undefined) found.set(row.episodeId, { ...before, [kind]: row.id })
  }
  return found
}

const DEBATES_MAX = 2_000
