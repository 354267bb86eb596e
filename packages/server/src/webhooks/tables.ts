import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Who is told of what. */
export const webhooks = pgTable(
  'webhooks',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    url: text('url').notNull(),
    events: text('events').array().notNull(),
    /** 'standard' or 'slack'. */
    shape: text('shape').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** What messages are signed with, sealed. Goes with its webhook. */
export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    webhookId: id('webhook_id').notNull(),
    id: id('id').notNull(),
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.webhookId, table.id] })],
)

/** Nothing is sent any more. */
export const webhookEnds = pgTable(
  'webhook_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    webhookId: id('webhook_id').notNull(),
    /** 'removed', or 'disabled' after it failed for long. */
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.webhookId, table.kind] })],
)

/** What happened, written by the transaction in which it did (triggers). What a message says is read when it is sent. */
export const webhookEvents = pgTable(
  'webhook_events',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    kind: text('kind').notNull(),
    /** Id of the hold, of the halt, of the incident, of the alert, or of the release and the number of its decision. */
    subject: text('subject').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.kind, table.subject] }),
    index('webhook_events_by_time').on(table.at),
  ],
)

/** Each attempt to tell somebody. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    webhookId: id('webhook_id').notNull(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    attempt: integer('attempt').notNull(),
    /** Null where nothing answered. */
    status: integer('status'),
    /** In one sentence; null where it was taken. */
    problem: text('problem'),
    tookMs: integer('took_ms').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.webhookId, table.kind, table.subject, table.attempt] }),
  ],
)

/** Messages that some process is sending: until then nobody else does. Not a fact. */
export const webhookClaims = pgTable(
  'webhook_claims',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    webhookId: id('webhook_id').notNull(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.webhookId, table.kind, table.subject] })],
)
