/** What a contract would have done with the newest episodes of its agent. */
import type { SimulateContract, SimulatedContractView } from '@leeway/contract/autonomy'
import { type SimulatedContract, simulateContract } from '@leeway/core/autonomy/simulate-contract'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { isNotPaired } from '../episodes/not-paired.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { readContract } from './read-contracts.ts'

/** Episodes held in memory at once. */
const AT_ONCE = 50

/** Throws AppError not_found. Episodes whose text is gone have no calls to look at and are left out. */
export async function simulateOnEpisodes(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  wanted: z.output<typeof SimulateContract>,
): Promise<z.infer<typeof SimulatedContractView>> {
  const { contract } = await readContract(db, projectId, wanted.agent, wanted.version)
  const found = await db.execute<{ id: string }>(sql`
    select episodes.id from episodes join agents on agents.project_id = episodes.project_id and agents.id = agent_id
    where episodes.project_id = ${projectId} and agents.name = ${wanted.agent} and ${isNotPaired(sql`unit_key`)}
    order by episodes.id desc limit ${wanted.episodes}`)
  const parts: SimulatedContract[] = []
  for (let at = 0; at < found.rows.length; at += AT_ONCE) {
    const ids = found.rows.slice(at, at + AT_ONCE).map(({ id }) => id)
    const episodes = (await storedEpisodes(db, projectId, ids)).flatMap(({ id, episode }) =>
      episode.steps.length === 0 ? [] : [{ id, steps: episode.steps }],
    )
    parts.push(simulateContract(contract as never, episodes, now()))
  }
  return { agent: wanted.agent, version: contract.version, ...added(parts) }
}

function added(parts: readonly SimulatedContract[]) {
  const tools = new Map<
    string,
    { calls: number; released: number; held: number; refused: number; rules: Set<string> }
  >()
  for (const { tool, rules, ...counts } of parts.flatMap((part) => part.tools)) {
    const sum = tools.get(tool) ?? { calls: 0, released: 0, held: 0, refused: 0, rules: new Set<string>() }
    sum.calls += counts.calls
    sum.released += counts.released
    sum.held += counts.held
    sum.refused += counts.refused
    for (const rule of rules) sum.rules.add(rule)
    tools.set(tool, sum)
  }
  return {
    episodes: parts.reduce((sum, { episodes }) => sum + episodes, 0),
    untouched: parts.reduce((sum, part) => sum + part.untouched, 0),
    tools: [...tools]
      .map(([tool, { rules, ...counts }]) => ({ tool, ...counts, rules: [...rules] }))
      .sort((a, b) => b.calls - a.calls),
    refused: parts.flatMap(({ refused }) => refused).slice(0, 20),
  }
}
