/**
 * Writes batches of prepared episodes: headers where nothing is in their way, then their chunks, in one transaction.
 *
 * Knows tables `episodes`, `episode_chunks` and `episode_tombstones`. Knows nothing of formats or redaction.
 */
import type pg from 'pg'
import { type BinaryRow, copyRows, integerField, smallintField, uuidField } from './copy-rows.ts'
import type { PreparedEpisode } from './prepared-episode.ts'

export type BatchPlace = {
  readonly projectId: string
  readonly format: string
  readonly simulated: boolean
  readonly importedAt: Date
}

export type Stored =
  | { readonly kind: 'added' }
  | { readonly kind: 'known' }
  /** Erased once; not taken in again. */
  | { readonly kind: 'erased' }
  /** The source id is there with other content. */
  | { readonly kind: 'conflict'; readonly storedHash: string }
  /** PostgreSQL cannot hold it; the words are the server's. */
  | { readonly kind: 'unstorable'; readonly reason: string }

const RETRIES = 5
/** Serialization failure, deadlock. */
const TRY_AGAIN: ReadonlySet<string> = new Set(['40001', '40P01'])
/** Data exception, integrity violation, program limit: a row's own fault. */
const ROW_FAULT = /^(?:22|23|54)/

/** One answer for each episode, in order. When it resolves, everything `added` is committed. */
export async function storeBatch(
  pool: pg.Pool,
  place: BatchPlace,
  batch: readonly PreparedEpisode[],
): Promise<readonly Stored[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, (client) => write(client, place, batch))
    } catch (error) {
      const code = String((error as { code?: unknown }).code ?? '')
      if (TRY_AGAIN.has(code) && attempt < RETRIES) continue
      if (!ROW_FAULT.test(code)) throw error
      if (batch.length === 1) return [{ kind: 'unstorable', reason: (error as Error).message }]
      // One bad row must not lose its neighbours: halve until it stands alone.
      const half = batch.length >> 1
      const first = await storeBatch(pool, place, batch.slice(0, half))
      return [...first, ...(await storeBatch(pool, place, batch.slice(half)))]
    }
  }
}

async function inTransaction<Value>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const value = await work(client)
    await client.query('commit')
    return value
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function write(
  client: pg.PoolClient,
  place: BatchPlace,
  batch: readonly PreparedEpisode[],
): Promise<readonly Stored[]> {
  const erased = await findErased(client, place.projectId, batch)
  // In one order everywhere, so that two imports of one file wait for each other instead of blocking each other.
  // Equal source ids keep the order of the file: the first one wins.
  const fresh = batch
    .filter((episode) => !erased.has(keyOf(episode.policyId, episode.identity)))
    .sort((a, b) => compare(sortKey(a), sortKey(b)))
  const added = await insertHeaders(client, place, fresh)
  await copyChunks(
    client,
    place.projectId,
    fresh.filter(({ id }) => added.has(id)),
  )
  const present = await findPresent(
    client,
    place.projectId,
    fresh.filter(({ id }) => !added.has(id)),
  )
  return batch.map((episode): Stored => {
    if (added.has(episode.id)) return { kind: 'added' }
    const key = keyOf(episode.policyId, episode.identity)
    if (erased.has(key)) return { kind: 'erased' }
    if (present.identities.has(key)) return { kind: 'known' }
    const storedHash = present.sources.get(keyOf(episode.policyId, episode.columns.source_id ?? ''))
    if (storedHash !== undefined) return { kind: 'conflict', storedHash }
    throw Object.assign(new Error('an episode was neither stored nor found'), { code: '40001' })
  })
}

const sortKey = ({ columns, identity }: PreparedEpisode) => columns.source_id ?? identity
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const keyOf = (policyId: string, name: string) => `${policyId} ${name}`

async function findErased(
  client: pg.PoolClient,
  projectId: string,
  batch: readonly PreparedEpisode[],
): Promise<ReadonlySet<string>> {
  const found = await client.query<{ policy_id: string; identity: string }>(
    `select policy_id, identity from episode_tombstones
     where project_id = $1 and (policy_id, identity) in (select * from unnest($2::uuid[], $3::text[]))`,
    [projectId, batch.map(({ policyId }) => policyId), batch.map(({ identity }) => identity)],
  )
  return new Set(found.rows.map((row) => keyOf(row.policy_id, row.identity)))
}

const HEADER_COLUMNS = `id uuid, agent_id uuid, policy_id uuid, identity text, occurrence integer,
  redaction_count integer, content_hash text, source_id text, task_key text, trial integer, unit_key text,
  title text, step_count integer, success double precision, severe boolean, started_at timestamptz,
  duration_ms double precision, input_tokens integer, output_tokens integer, error_count integer`
const HEADER_NAMES = HEADER_COLUMNS.split(',').map((column) => column.trim().split(' ')[0])
const INSERT_HEADERS = `insert into episodes (project_id, format, simulated, imported_at, ${HEADER_NAMES.join(', ')})
  select $1, $2, $3, $4, ${HEADER_NAMES.join(', ')} from json_to_recordset($5) as row(${HEADER_COLUMNS})
  on conflict do nothing returning id`

async function insertHeaders(
  client: pg.PoolClient,
  place: BatchPlace,
  episodes: readonly PreparedEpisode[],
): Promise<ReadonlySet<string>> {
  if (episodes.length === 0) return new Set()
  const rows = episodes.map(({ id, agentId, policyId, identity, occurrence, redactionCount, columns }) => ({
    id,
    agent_id: agentId,
    policy_id: policyId,
    identity,
    occurrence,
    redaction_count: redactionCount,
    ...columns,
  }))
  const inserted = await client.query<{ id: string }>({
    name: 'insert-episode-headers',
    text: INSERT_HEADERS,
    values: [place.projectId, place.format, place.simulated, place.importedAt, JSON.stringify(rows)],
  })
  return new Set(inserted.rows.map(({ id }) => id))
}

async function copyChunks(
  client: pg.PoolClient,
  projectId: string,
  episodes: readonly PreparedEpisode[],
): Promise<void> {
  if (episodes.length === 0) return
  const project = uuidField(projectId)
  const rows = episodes.flatMap(({ id, chunks }): BinaryRow[] => {
    const episode = uuidField(id)
    return chunks.map(({ kind, ordinal, content }) => [
      project,
      episode,
      smallintField(kind),
      integerField(ordinal),
      content,
    ])
  })
  await copyRows(
    client,
    'copy episode_chunks (project_id, episode_id, kind, ordinal, content) from stdin with (format binary)',
    rows,
  )
}

async function findPresent(
  client: pg.PoolClient,
  projectId: string,
  episodes: readonly PreparedEpisode[],
): Promise<{ readonly identities: ReadonlySet<string>; readonly sources: ReadonlyMap<string, string> }> {
  if (episodes.length === 0) return { identities: new Set(), sources: new Map() }
  const policyIds = episodes.map(({ policyId }) => policyId)
  const identities = await client.query<{ policy_id: string; identity: string }>(
    `select policy_id, identity from episodes
     where project_id = $1 and (policy_id, identity) in (select * from unnest($2::uuid[], $3::text[]))`,
    [projectId, policyIds, episodes.map(({ identity }) => identity)],
  )
  const sources = await client.query<{ policy_id: string; source_id: string; content_hash: string }>(
    `select policy_id, source_id, content_hash from episodes
     where project_id = $1 and source_id is not null
       and (policy_id, source_id) in (select * from unnest($2::uuid[], $3::text[]))`,
    [projectId, policyIds, episodes.map(({ columns }) => columns.source_id)],
  )
  return {
    identities: new Set(identities.rows.map((row) => keyOf(row.policy_id, row.identity))),
    sources: new Map(sources.rows.map((row) => [keyOf(row.policy_id, row.source_id), row.content_hash])),
  }
}
