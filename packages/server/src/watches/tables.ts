import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A policy that completed its release, and what is held against it from then on. */
export const watches = pgTable(
  'watches',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    /** `WatchPlan` of core, fixed here. */
    promisedRate: doublePrecision('promised_rate').notNull(),
    auditProbability: doublePrecision('audit_probability').notNull(),
    alpha: doublePrecision('alpha').notNull(),
    seedCommitment: text('seed_commitment').notNull(),
    /** Secret while it is watched; joined by no rater-role query. */
    seedHex: text('seed_hex').notNull(),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId] })],
)

/** A unit that the policy served first after its promotion: whether it is audited was drawn when it had ended. */
export const watchedUnits = pgTable(
  'watched_units',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    /** 1, 2, 3 … of the watch. */
    sequence: integer('sequence').notNull(),
    unitKey: text('unit_key').notNull(),
    /** Content hash of its first episode: part of the draw. */
    endedBy: text('ended_by').notNull(),
    probability: doublePrecision('probability').notNull(),
    drawn: boolean('drawn').notNull(),
    drawnAt: instant('drawn_at').notNull(),
    /** After this instant a label that did not come is missing. */
    labelDueAt: instant('label_due_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.releaseId, table.sequence] }),
    unique().on(table.projectId, table.releaseId, table.unitKey),
  ],
)

/** A unit as the detector read it, in the order of the draws, once. */
export const watchReadings = pgTable(
  'watch_readings',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: integer('sequence').notNull(),
    /** 'observed', 'unsampled' or 'missing'. */
    kind: text('kind').notNull(),
    /** In [0, 1]; null unless observed. */
    failure: doublePrecision('failure'),
    payoff: doublePrecision('payoff').notNull(),
    /** The detector after it: units since it was started, and the log of each of its parts. */
    units: integer('units').notNull(),
    logParts: doublePrecision('log_parts').array().notNull(),
    logValue: doublePrecision('log_value').notNull(),
    /** It stood at 1/alpha or above; it is started anew behind it. */
    alarmed: boolean('alarmed').notNull(),
    readAt: instant('read_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.sequence] })],
)

/** The policy fails more often than it promised, as far as the detector can say. */
export const watchAlarms = pgTable(
  'watch_alarms',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    releaseId: id('release_id').notNull(),
    /** The unit at which it came. */
    sequence: integer('sequence').notNull(),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('watch_alarms_by_release').on(table.projectId, table.releaseId),
  ],
)
