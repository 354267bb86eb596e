import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** An episode that did harm, as somebody reported it, with what held when it ran. Open until a row of `incident_ends` closes it. */
export const incidents = pgTable(
  'incidents',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    episodeId: id('episode_id').notNull(),
    agentId: id('agent_id').notNull(),
    policyId: id('policy_id').notNull(),
    severity: text('severity').notNull(),
    reason: text('reason').notNull(),
    /** The policy's release; null where it never was in one. */
    releaseId: id('release_id'),
    /** Number of the decision that ended it because of this; null: it did not. */
    rollbackOrdinal: bigint('rollback_ordinal', { mode: 'number' }),
    /** Question to which the episode became a known answer; the answer is with the gold. */
    criterionSha256: text('criterion_sha256'),
    /** `FrozenIncident` of the contract. */
    frozen: jsonb('frozen').notNull(),
    frozenSha256: text('frozen_sha256').notNull(),
    actor: text('actor').notNull(),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('incidents_by_episode').on(table.projectId, table.episodeId),
    index('incidents_by_release').on(table.projectId, table.releaseId),
  ],
)

/** Why an incident is closed. Its episode is kept no longer than others from then on. */
export const incidentEnds = pgTable(
  'incident_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    incidentId: id('incident_id').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.incidentId] })],
)
