import { sql } from 'drizzle-orm'
import { boolean, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Anyone who answers criteria. What a rater is never changes: another model or prompt is another rater. */
export const raters = pgTable(
  'raters',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    /** 'human', 'model' or 'program'. */
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    /** Raters of one family share weights, code or base, and so their errors. */
    family: text('family').notNull(),
    /** Account of a person; null for others and for answers that were imported. */
    userId: text('user_id'),
    /** Model: provider, model, endpoint, prompt version. Program: SHA-256 of the check. Null for people. */
    definition: jsonb('definition'),
    /** SHA-256 (hex) of kind, name, and definition or account: the same rater again is the same row. */
    identity: text('identity').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    uniqueIndex('raters_identity').on(table.projectId, table.identity),
    uniqueIndex('raters_account').on(table.projectId, table.userId).where(sql`user_id is not null`),
  ],
)

/** How far a rater is trusted; the newest row holds. Answers of `vetted` and `expert` ones are the gate's truth. */
export const raterTiers = pgTable(
  'rater_tiers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    /** 'trainee', 'vetted', 'expert' or 'suspended'. */
    tier: text('tier').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.id] })],
)

/** Agents whose episodes a rater may not judge: who built one does not rate it. The newest row of rater and agent holds. */
export const raterConflicts = pgTable(
  'rater_conflicts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    raterId: id('rater_id').notNull(),
    agentId: id('agent_id').notNull(),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    /** False: the conflict is over. */
    excluded: boolean('excluded').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.raterId, table.agentId, table.id] })],
)
