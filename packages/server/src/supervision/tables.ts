import { boolean, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Which policy a model rater runs, and what it may do as such. The newest row of a rater holds; no roles: nothing any more. */
export const supervisors = pgTable(
  'supervisors',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    raterId: id('rater_id').notNull(),
    /** Always the same of one rater: what a rater is never changes. */
    policyId: id('policy_id').notNull(),
    /** Of 'rater', 'critic' and 'debater'. */
    roles: jsonb('roles').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Who vouches for the candidate of a release, settled when it starts. */
export const releaseSupervisors = pgTable(
  'release_supervisors',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    /** Null: nobody. */
    raterId: id('rater_id'),
    /** The policy that it runs. */
    policyId: id('policy_id'),
    /** True: a person chose it; false: it is the policy that was promoted last. */
    named: boolean('named').notNull(),
    reason: text('reason').notNull(),
    sameFamily: boolean('same_family').notNull(),
    /** Who vouches for the supervisor: 'anchor', 'person', 'nobody', or 'release': the one below. */
    ground: text('ground').notNull(),
    belowReleaseId: id('below_release_id'),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId] })],
)

/**
 * What a link is counted from, frozen in the order in which it was seen (`LinkItem` of core). Some of it says which copies hold
 * planted faults: joined by no rater-role query.
 */
export const linkItems = pgTable(
  'link_items',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    /** 'answer', 'audit' or 'canary'. */
    kind: text('kind').notNull(),
    /** The episode, or the copy of one. */
    itemId: id('item_id').notNull(),
    /** 'fault', 'sound' or 'none'. */
    said: text('said').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.releaseId, table.ordinal] }),
    unique().on(table.projectId, table.releaseId, table.kind, table.itemId),
  ],
)
