/** What an examiner of an episode needs to know of its surroundings: read once, and written down before anything moves. */
import { createHash } from 'node:crypto'
import type { FrozenIncident } from '@leeway/contract/incidents'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { canonicalJson } from '../episodes/canonical-json.ts'
import type { episodes } from '../episodes/tables.ts'
import { standing } from '../releases/release-limits.ts'
import { releaseHistory, releaseOfPolicy } from '../releases/release-of-policy.ts'
import type { releases } from '../releases/tables.ts'

type EpisodeRow = typeof episodes.$inferSelect
type ReleaseRow = typeof releases.$inferSelect

export type Frozen = {
  readonly frozen: FrozenIncident
  readonly sha256: string
  readonly release: ReleaseRow | undefined
}

export async function freezeIncident(tx: Transaction, episode: EpisodeRow): Promise<Frozen> {
  const { projectId, policyId } = episode
  const served = await tx.execute<{ name: string; config_sha256: string }>(
    sql`select name, config_sha256 from policies where project_id = ${projectId} and id = ${policyId}`,
  )
  const turns = await turnsOf(tx, episode)
  const release = await releaseOfPolicy(tx, projectId, policyId)
  const frozen: FrozenIncident = {
    episode: {
      id: episode.id,
      contentHash: episode.contentHash,
      unit: episode.unitKey,
      startedAt: episode.startedAt?.toISOString() ?? null,
      importedAt: episode.importedAt.toISOString(),
    },
    served: {
      policyId,
      policy: served.rows[0]?.name ?? '',
      configSha256: served.rows[0]?.config_sha256 ?? '',
    },
    contract: await contractOf(tx, episode, turns[0]?.contractVersion),
    release: release === undefined ? null : await releaseThen(tx, episode, release),
    turns,
  }
  return { frozen, sha256: createHash('sha256').update(canonicalJson(frozen)).digest('hex'), release }
}

async function contractOf(
  tx: Transaction,
  { projectId, agentId, startedAt, importedAt }: EpisodeRow,
  version: number | undefined,
): Promise<FrozenIncident['contract']> {
  const began = (startedAt ?? importedAt).toISOString()
  const held = version === undefined ? sql`issued_at <= ${began}::timestamptz` : sql`version = ${version}`
  const found = await tx.execute<{ version: number; sha256: string }>(sql`
    select version, sha256 from autonomy_contracts where project_id = ${projectId} and agent_id = ${agentId} and ${held}
    order by version desc limit 1`)
  return found.rows[0] ?? null
}

async function releaseThen(
  tx: Transaction,
  episode: EpisodeRow,
  release: ReleaseRow,
): Promise<FrozenIncident['release']> {
  const { ladder, state } = await standing(tx, release)
  const drawn = await tx.execute<{
    sequence: string
    stage: string
    arm: string
    arm_propensity: number
    audit_probability: number
  }>(sql`
    select sequence, stage, arm, arm_propensity, audit_probability from selections
    where project_id = ${release.projectId} and release_id = ${release.id} and unit_key = ${episode.unitKey}
    order by sequence desc limit 1`)
  const [selection] = drawn.rows
  return {
    id: release.id,
    ordinal: release.ordinal,
    role: release.candidatePolicyId === episode.policyId ? 'candidate' : 'baseline',
    state: state.kind,
    stage: ladder.stages[state.stage]?.name ?? '',
    selection:
      selection === undefined
        ? null
        : {
            sequence: Number(selection.sequence),
            stage: selection.stage,
            arm: selection.arm,
            armPropensity: selection.arm_propensity,
            auditProbability: selection.audit_probability,
          },
    decisions: await releaseHistory(tx, release),
  }
}

/** Of the whole conversation up to the end of the episode, where the gateway served it. */
async function turnsOf(
  tx: Transaction,
  { projectId, agentId, sourceId }: EpisodeRow,
): Promise<FrozenIncident['turns']> {
  if (sourceId === null) return []
  const found = await tx.execute<{
    id: string
    policy_id: string
    role: string
    contract_version: number
    outcome: string
    decisions: FrozenIncident['turns'][number]['decisions']
    ended_at: string
  }>(sql`
    select turns.id, policy_id, role, contract_version, outcome, decisions, ended_at from gateway_episodes made
    join gateway_turns turns on turns.project_id = made.project_id and turns.agent_id = made.agent_id
      and turns.conversation = made.conversation and turns.id <= made.last_turn_id
    where made.project_id = ${projectId} and made.agent_id = ${agentId} and made.source_id = ${sourceId}
    order by turns.started_at, turns.id`)
  return found.rows.map((turn) => ({
    id: turn.id,
    policyId: turn.policy_id,
    role: turn.role,
    contractVersion: turn.contract_version,
    outcome: turn.outcome,
    decisions: turn.decisions,
    endedAt: new Date(turn.ended_at).toISOString(),
  }))
}
