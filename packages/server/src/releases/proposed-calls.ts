/** Outcomes of units as labels of what their policy proposed: what people refused in them is no success by rescue. */
import { type ProposalLabel, type ProposedRound, proposalLabel } from '@leeway/core/gate/proposed-calls'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { UnitOutcome } from '../episodes/views.ts'
import { groupBy } from './group-by.ts'

export type ProposedOutcome = UnitOutcome & { readonly basis: ProposalLabel }

type Turn = {
  unit_key: string
  conversation: string
  outcome: string
  decisions: readonly ProposedRound[]
}

/**
 * `outcomes` of the named units. A unit that was refused fails also while it has no outcome; one of which nothing was told has
 * none. A unit without an episode is in the answer only if it was refused.
 */
export async function outcomesAsProposed(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
  outcomes: ReadonlyMap<string, UnitOutcome>,
): Promise<ReadonlyMap<string, ProposedOutcome>> {
  const bases = await basesOfUnits(executor, projectId, policyId, unitKeys)
  const found = new Map<string, ProposedOutcome>()
  for (const [unitKey, outcome] of outcomes) found.set(unitKey, { ...outcome, basis: 'own' })
  for (const [unitKey, basis] of bases) {
    const outcome = found.get(unitKey)
    if (basis === 'refused') found.set(unitKey, { ...(outcome ?? NOT_THERE), failure: 1, basis })
    else if (basis === 'untold' && outcome !== undefined)
      found.set(unitKey, { ...outcome, failure: null, basis })
  }
  return found
}

const NOT_THERE: UnitOutcome = { failure: null, severe: 0, episodes: 0, stepCountMax: null }

/** Of conversations that this policy began: who began one answers for it. */
async function basesOfUnits(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
): Promise<ReadonlyMap<string, ProposalLabel>> {
  if (unitKeys.length === 0) return new Map()
  const found = await executor.execute<Turn>(sql`
    select unit_key, conversation, outcome, decisions from (
      select *, first_value(coalesce(decisions->0->>'policyId', policy_id::text))
        over (partition by agent_id, unit_key, conversation order by started_at, id) as began_by
      from gateway_turns
      where project_id = ${projectId}
        and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json))
    ) turns
    where began_by = ${policyId}
    order by started_at, id`)
  const units = groupBy(found.rows, ({ unit_key: unitKey }) => unitKey)
  return new Map(
    [...units].map(([unitKey, turns]) => [
      unitKey,
      proposalLabel(
        [...groupBy(turns, ({ conversation }) => conversation).values()].map((own) =>
          own.map(({ outcome, decisions }) => ({ outcome, rounds: decisions })),
        ),
      ),
    ]),
  )
}
