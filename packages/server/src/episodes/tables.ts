import { sql } from 'drizzle-orm'
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { bytes, id, instant } from '../db/columns.ts'
import { policies } from '../policies/tables.ts'
import { projects } from '../projects/tables.ts'

/** The small header of an episode. A fact: inserted once, and afterwards only ever erased (tombstone). */
export const episodes = pgTable(
  'episodes',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    policyId: id('policy_id').notNull(),
    /** SHA-256 (hex) over source id, task key, trial and content hash, then `-` and the occurrence: comes in once. */
    identity: text('identity').notNull(),
    /** SHA-256 (hex) of the canonical normalised episode, after redaction. */
    contentHash: text('content_hash').notNull(),
    /** n-th equal record of one file, from 1: two equal records are two episodes, the same file again adds none. */
    occurrence: integer('occurrence').notNull(),
    sourceId: text('source_id'),
    taskKey: text('task_key'),
    trial: integer('trial'),
    /** `user:…`, `session:…` or `task:…`; null cannot take part in paired evidence. */
    unitKey: text('unit_key'),
    format: text('format').notNull(),
    /** First 500 characters of the instructions, for lists. */
    title: text('title').notNull(),
    stepCount: integer('step_count').notNull(),
    /** Trusted outcome in [0, 1]; null when not measured. */
    success: doublePrecision('success'),
    severe: boolean('severe').notNull(),
    /** Highest stakes class of the episode's calls, when known. */
    stakes: text('stakes'),
    simulated: boolean('simulated').notNull(),
    startedAt: instant('started_at'),
    durationMs: doublePrecision('duration_ms'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    errorCount: integer('error_count').notNull(),
    redactionCount: integer('redaction_count').notNull(),
    importedAt: instant('imported_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    // A policy belongs to one agent, so the agent need not be named in the keys.
    uniqueIndex('episodes_identity').on(table.projectId, table.policyId, table.identity),
    uniqueIndex('episodes_source')
      .on(table.projectId, table.policyId, table.sourceId)
      .where(sql`source_id is not null`),
    index('episodes_by_policy').on(table.projectId, table.policyId, table.id),
    index('episodes_by_unit').on(table.projectId, table.policyId, table.unitKey),
    foreignKey({
      columns: [table.projectId, table.policyId],
      foreignColumns: [policies.projectId, policies.id],
    }),
  ],
)

export const CHUNK_KIND = { stepIndex: 0, body: 1, logprobs: 2, detail: 3 } as const

/**
 * Everything large about an episode, deflated JSON. `stepIndex` is one chunk an episode; `body` and `logprobs`
 * are chunks of up to 256 steps; `detail` holds instructions and outcome detail.
 */
export const episodeChunks = pgTable(
  'episode_chunks',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    episodeId: id('episode_id').notNull(),
    kind: smallint('kind').notNull(),
    ordinal: integer('ordinal').notNull(),
    content: bytes('content').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.episodeId, table.kind, table.ordinal] })],
)

/** What is left of an erased episode: that it was, not what it said. Its identity keeps it from being imported again. */
export const episodeTombstones = pgTable(
  'episode_tombstones',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    episodeId: id('episode_id').notNull(),
    agentId: id('agent_id').notNull(),
    policyId: id('policy_id').notNull(),
    identity: text('identity').notNull(),
    contentHash: text('content_hash').notNull(),
    occurrence: integer('occurrence').notNull(),
    /** Kept for gates: what a decision was made of must stay recomputable. Holds no text. */
    unitKeySha256: text('unit_key_sha256'),
    success: doublePrecision('success'),
    severe: boolean('severe').notNull(),
    reason: text('reason').notNull(),
    erasedAt: instant('erased_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.episodeId] }),
    index('episode_tombstones_identity').on(table.projectId, table.policyId, table.identity),
    index('episode_tombstones_unit').on(table.projectId, table.policyId, table.unitKeySha256),
  ],
)

/** One run of an import: what was asked, what came of it. */
export const episodeImports = pgTable(
  'episode_imports',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    fileName: text('file_name').notNull(),
    format: text('format'),
    actor: text('actor').notNull(),
    added: integer('added').notNull(),
    known: integer('known').notNull(),
    refused: integer('refused').notNull(),
    /** Were erased once and stay so. */
    erased: integer('erased').notNull(),
    /** At most 100 problems in full; the count above is complete. */
    problems: jsonb('problems').notNull(),
    finishedAt: instant('finished_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)
