/** Reads all that gateways enforce from the database, in one transaction: parts of different moments would contradict each other. */
import { KEY_ADDED } from '@leeway/contract/ledger-chain'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import type { Json } from '@leeway/core/episodes/episode'
import { sql } from 'drizzle-orm'
import { contractIsSigned, contractSha256 } from '../contracts/sign-contract.ts'
import type { Database, Transaction } from '../db/connect.ts'
import { readMcpServers } from '../mcp/read-servers.ts'
import {
  type ActingKey,
  agentKey,
  BUNDLE_MS,
  type Bundle,
  type GovernedAgent,
  type ServedAgent,
  type Serving,
  type UpstreamPlace,
} from './bundle.ts'
import { withOpenedKeys } from './opened-keys.ts'

type ContractRead = {
  project_id: string
  agent_id: string
  name: string
  /** Null where a document with this hash was read before. */
  document: AutonomyContract | null
  sha256: string
  signature: string
  public_key: string | null
}

/** `known`: documents of the reading before. To hash one again takes longer than all else here. */
export async function readBundle(
  db: Database,
  sealingKey: Uint8Array,
  known: Bundle['documents'] = new Map(),
): Promise<Bundle> {
  const startedMs = performance.now()
  return db.transaction(
    async (tx) => {
      const seen = await tx.execute<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`)
      const keys = await actingKeys(tx)
      const halted = await haltedProjects(tx)
      const servings = await allServings(tx, sealingKey)
      const governed = new Map<string, GovernedAgent>()
      const agents = new Map<string, ServedAgent>()
      const unserved = new Map<string, string>()
      const documents = new Map<string, AutonomyContract>()
      for (const row of await newestContracts(tx, known)) {
        const key = agentKey(row.project_id, row.name)
        const contract = documentOf(row, known)
        if (contract !== null) documents.set(row.sha256, contract)
        const agent = govern(row, contract, halted.has(row.project_id))
        if (agent !== null) governed.set(key, agent)
        const served =
          agent === null
            ? 'The signature of its contract is wrong, so nothing of it holds.'
            : serve(agent, servings)
        if (typeof served === 'string') unserved.set(key, served)
        else agents.set(key, served)
      }
      return {
        keys,
        governed,
        agents,
        documents,
        unserved,
        mcpServers: await readMcpServers(tx, sealingKey),
        snapshot: seen.rows[0]?.snapshot ?? '',
        validUntilMs: startedMs + BUNDLE_MS,
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** Null where the contract is not signed as it stands: nothing of it holds. */
function govern(
  { project_id: projectId, agent_id: agentId, name, sha256, signature, public_key: publicKey }: ContractRead,
  contract: AutonomyContract | null,
  halted: boolean,
): GovernedAgent | null {
  if (contract === null || publicKey === null || !isSigned(sha256, signature, publicKey)) return null
  return { projectId, agentId, name, contract, halted }
}

/** A sentence where the agent cannot be served. */
function serve(agent: GovernedAgent, servings: ReadonlyMap<string, Serving>): ServedAgent | string {
  const { projectId, contract, halted } = agent
  const baseline = servings.get(servingKey(projectId, contract.baseline.policyId))
  if (baseline === undefined) return 'Nobody has said which model serves its baseline.'
  const { candidate } = contract
  return {
    ...agent,
    baseline,
    candidate:
      halted || candidate === null ? null : (servings.get(servingKey(projectId, candidate.policyId)) ?? null),
  }
}

/** Null when it is not what its hash says. */
function documentOf({ document, sha256 }: ContractRead, known: Bundle['documents']): AutonomyContract | null {
  if (document === null) return known.get(sha256) ?? null
  return contractSha256(document) === sha256 ? document : null
}

const SIGNED_MAX = 10_000
const signed = new Set<string>()
/** Checked once for each signature: it takes longer than all else here. */
function isSigned(sha256: string, signature: string, publicKey: string): boolean {
  const known = `${sha256} ${signature} ${publicKey}`
  if (signed.has(known)) return true
  if (!contractIsSigned({ sha256, signature }, publicKey)) return false
  if (signed.size >= SIGNED_MAX) signed.clear()
  signed.add(known)
  return true
}

const servingKey = (projectId: string, policyId: string) => `${projectId} ${policyId}`

async function actingKeys(tx: Transaction): Promise<ReadonlyMap<string, ActingKey>> {
  const found = await tx.execute<{
    key_sha256: string
    project_id: string
    id: string
    expires_at: string | null
  }>(sql`
    select key_sha256, project_id, id, expires_at from api_keys
    where revoked_at is null and scopes @> '"act"'::jsonb`)
  return new Map(
    found.rows.map((row) => [
      row.key_sha256,
      {
        projectId: row.project_id,
        keyId: row.id,
        expiresAtMs: row.expires_at === null ? null : new Date(row.expires_at).getTime(),
      },
    ]),
  )
}

async function haltedProjects(tx: Transaction): Promise<ReadonlySet<string>> {
  const found = await tx.execute<{ project_id: string }>(sql`
    select project_id from (
      select distinct on (project_id) project_id, halted from halts order by project_id, ledger_seq desc, id desc
    ) newest where halted`)
  return new Set(found.rows.map((row) => row.project_id))
}

async function newestContracts(
  tx: Transaction,
  known: Bundle['documents'],
): Promise<readonly ContractRead[]> {
  const hashes = `{${[...known.keys()].join(',')}}`
  const found = await tx.execute<ContractRead>(sql`
    select held.project_id, held.agent_id, agents.name, held.sha256, held.signature,
      case when held.sha256 = any(${hashes}::text[]) then null else held.document end as document, (
        select body->>'publicKey' from ledger_entries introduced
        where introduced.project_id = held.project_id and introduced.action = ${KEY_ADDED}
          and introduced.body->>'keyId' = held.key_id limit 1) as public_key
    from agents
    join lateral (
      select * from autonomy_contracts own where own.project_id = agents.project_id and own.agent_id = agents.id
      order by own.version desc limit 1
    ) held on true`)
  return found.rows
}

async function allServings(tx: Transaction, sealingKey: Uint8Array): Promise<ReadonlyMap<string, Serving>> {
  const places = await allPlaces(tx, sealingKey)
  const found = await tx.execute<{
    project_id: string
    policy_id: string
    policy: string
    upstream: string
    fallback: string | null
    model: string
    set: Record<string, Json>
    usd_per_million: Serving['usdPerMillion']
  }>(sql`
    select distinct on (serving.project_id, policy_id) serving.project_id, policy_id, policies.name as policy, upstream, fallback, model, set,
      usd_per_million
    from policy_servings serving join policies on policies.project_id = serving.project_id and policies.id = policy_id
    order by serving.project_id, policy_id, ledger_seq desc, serving.id desc`)
  return new Map(
    found.rows.flatMap((row) => {
      const place = places.get(placeKey(row.project_id, row.upstream))
      if (place === undefined) return []
      const serving = {
        ...place,
        policyId: row.policy_id,
        policy: row.policy,
        fallback: row.fallback === null ? null : (places.get(placeKey(row.project_id, row.fallback)) ?? null),
        model: row.model,
        set: row.set,
        usdPerMillion: row.usd_per_million,
      }
      return [[servingKey(row.project_id, row.policy_id), serving] as const]
    }),
  )
}

const placeKey = (projectId: string, name: string) => `${projectId} ${name}`

async function allPlaces(
  tx: Transaction,
  sealingKey: Uint8Array,
): Promise<ReadonlyMap<string, UpstreamPlace>> {
  const found = await tx.execute<{
    project_id: string
    name: string
    base_url: string
    timeout_ms: number
    scores_with: UpstreamPlace['scoresWith']
    key_id: string | null
    sealed: string | null
  }>(sql`
    select upstream.project_id, upstream.name, upstream.base_url, upstream.timeout_ms, upstream.scores_with, upstream.provider_key_id as key_id,
      provider_keys.sealed
    from (
      select distinct on (project_id, name) * from upstreams order by project_id, name, ledger_seq desc, id desc
    ) upstream
    left join provider_keys on provider_keys.project_id = upstream.project_id
      and provider_keys.id = upstream.provider_key_id and provider_keys.revoked_at is null`)
  return new Map(
    withOpenedKeys(sealingKey, found.rows).map((row) => [
      placeKey(row.project_id, row.name),
      {
        projectId: row.project_id,
        upstream: row.name,
        baseUrl: row.base_url.replace(/\/+$/, ''),
        key: row.key,
        timeoutMs: row.timeout_ms,
        scoresWith: row.scores_with,
      },
    ]),
  )
}
