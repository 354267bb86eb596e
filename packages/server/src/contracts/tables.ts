import { foreignKey, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { agents, projects } from '../projects/tables.ts'

/** A version of an agent's autonomy contract; the newest holds. Signed, so that whoever enforces it need not trust where it came from. */
export const autonomyContracts = pgTable(
  'autonomy_contracts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    agentId: id('agent_id').notNull(),
    /** 1, 2, 3 … of the agent. */
    version: integer('version').notNull(),
    /** `AutonomyContract` of core. */
    document: jsonb('document').notNull(),
    /** SHA-256 (hex) of the document's canonical JSON. */
    sha256: text('sha256').notNull(),
    /** Ed25519, base64. */
    signature: text('signature').notNull(),
    keyId: text('key_id').notNull(),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.agentId, table.version] }),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)

/** A contract that somebody proposes where the ladder names two approvals: it holds once another person approves it. */
export const contractProposals = pgTable(
  'contract_proposals',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    /** `WriteContract`, as it was checked. */
    wanted: jsonb('wanted').notNull(),
    /** Whose approval is the first. */
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)

/** Nobody can approve it any more. */
export const contractProposalEnds = pgTable(
  'contract_proposal_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    proposalId: id('proposal_id').notNull(),
    /** 'issued', 'withdrawn', or 'replaced' by a newer proposal for the agent. */
    kind: text('kind').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.proposalId] }),
    foreignKey({
      columns: [table.projectId, table.proposalId],
      foreignColumns: [contractProposals.projectId, contractProposals.id],
    }),
  ],
)
