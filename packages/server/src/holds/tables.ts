import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Calls that wait for a person: all of one response, which stand or fall together. */
export const holds = pgTable(
  'holds',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    policyId: id('policy_id').notNull(),
    /** Who carries the calls out: 'gateway', or 'mcp:' with the server and which declaration of it. */
    place: text('place').notNull(),
    /** The turn it belongs to, or the call's own id. */
    turnId: id('turn_id').notNull(),
    conversation: text('conversation').notNull(),
    contractVersion: integer('contract_version').notNull(),
    /** SHA-256 (hex) of all that an approval is bound to: see `bindingOf`. */
    binding: text('binding').notNull(),
    /** Names of the tools, for lists. */
    tools: text('tools').array().notNull(),
    /** Highest stakes class among them. */
    stakes: text('stakes').notNull(),
    /** Probability with which a response like this is held; 1 where it always is. Only a drawn one may be evidence. */
    probability: doublePrecision('probability').notNull(),
    /** Held by draws, or because all like it are: what people decide may be evidence for a gate. Otherwise it is for judges only. */
    evidence: boolean('evidence').notNull().default(false),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('holds_by_time').on(table.projectId, table.expiresAt),
    index('holds_by_turn').on(table.projectId, table.turnId),
  ],
)

/** The words of a hold: `HoldText` as JSON text. Goes with the texts of its conversation. */
export const holdTexts = pgTable(
  'hold_texts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.holdId] })],
)

/** What a person decided: once for each hold. */
export const holdAnswers = pgTable(
  'hold_answers',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    /** 'approved', 'edited', 'denied' or 'stopped'. */
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    /** SHA-256 (hex) of what shall be carried out: of the arguments as they were, or as they were edited. */
    argumentsSha256: text('arguments_sha256').notNull(),
    /** Ed25519 over binding, kind and those arguments, base64. */
    signature: text('signature').notNull(),
    keyId: text('key_id').notNull(),
    actor: text('actor').notNull(),
    /** How long the person had it before them, as the page says; null from elsewhere. */
    lookedMs: integer('looked_ms'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.holdId] }),
    // Whoever waits knows the hold and not its project.
    index('hold_answers_by_hold').on(table.holdId),
    index('hold_answers_by_time').on(table.projectId, table.at),
  ],
)

/** Arguments that a person wrote in the place of the model's: JSON text, a list. Apart, because they are words. */
export const holdEdits = pgTable(
  'hold_edits',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.holdId] })],
)

/** Somebody thinks that somebody else should decide. Decides nothing. */
export const holdEscalations = pgTable(
  'hold_escalations',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    id: id('id').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.holdId, table.id] })],
)

/** An approval that was used: a second use finds its row. */
export const holdUses = pgTable(
  'hold_uses',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.holdId] })],
)
