import { doublePrecision, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** At which rate requests are planted among held calls; the newest row holds. Secret: with the seed one could tell which they are. */
export const plantedRequestRules = pgTable(
  'planted_request_rules',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** UUIDv7: orders the rows. */
    id: id('id').notNull(),
    /** Chance that a decision about a held call is followed by a planted one; 0: never. */
    share: doublePrecision('share').notNull(),
    seed: text('seed').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Secret: for a decision about a held call it was drawn whether a planted one follows. Once for each. */
export const plantedRequestDraws = pgTable(
  'planted_request_draws',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** The real hold that was decided. */
    decidedId: id('decided_id').notNull(),
    /** Who decided it. */
    actor: text('actor').notNull(),
    probability: doublePrecision('probability').notNull(),
    /**
     * 'none': not drawn. Drawn: 'planted', or left out since the share is used up ('share'), the person may have gone ('late'), too
     * many wait ('crowded') or no call can bear a fault ('nothing').
     */
    outcome: text('outcome').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.decidedId] }),
    index('planted_request_draws_by_actor').on(table.projectId, table.actor, table.at),
  ],
)

/** Secret: a hold for which no agent waits. */
export const plantedRequests = pgTable(
  'planted_requests',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    holdId: id('hold_id').notNull(),
    /** The hold whose copy it is, or in whose place it stands; where its steps were written, the written request itself. */
    originalId: id('original_id').notNull(),
    /** The decision that it was drawn for. */
    decidedId: id('decided_id').notNull(),
    /** Null: a fixed edit made it. */
    writtenId: id('written_id'),
    operator: text('operator').notNull(),
    /** With it and the original the same fault can be made again. */
    seed: integer('seed').notNull(),
    /** SHA-256 (hex) of the arguments with the fault, as an approval names them. */
    argumentsSha256: text('arguments_sha256').notNull(),
    /** Nobody reads it in less. */
    readingSeconds: doublePrecision('reading_seconds').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.holdId] }),
    unique().on(table.projectId, table.originalId),
    unique().on(table.projectId, table.writtenId),
    index('planted_requests_by_decided').on(table.projectId, table.decidedId),
  ],
)

/** A request that an admin wrote, or took from an incident, to be planted once. Secret: only who wrote it is shown it. */
export const writtenRequests = pgTable(
  'written_requests',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    tool: text('tool').notNull(),
    /** Why it should be denied. */
    reason: text('reason').notNull(),
    /** Of an incident, and where in its episode the call is: the words stay there. Null: they were written. */
    incidentId: id('incident_id'),
    episodeId: id('episode_id'),
    ordinal: integer('ordinal'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('written_requests_by_agent').on(table.projectId, table.agentId),
  ],
)

/** The words of one that was written: `WrittenText` as JSON text. They go when it has been planted, or was withdrawn. */
export const writtenRequestTexts = pgTable(
  'written_request_texts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    requestId: id('request_id').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.requestId] })],
)

/** It is planted no more. */
export const writtenRequestEnds = pgTable(
  'written_request_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    requestId: id('request_id').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.requestId] })],
)

/** Somebody who decides about held calls was advised to take a pause, while away and long after what it rests on. */
export const approvalPauseNotes = pgTable(
  'approval_pause_notes',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    actor: text('actor').notNull(),
    /** The person is told it: random, and so in no order. */
    id: id('id').notNull(),
    /** Secret: it rests on decisions up to this instant. */
    upto: instant('upto').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.actor, table.id] })],
)

/** The person has read it. */
export const approvalPauseNoteEnds = pgTable(
  'approval_pause_note_ends',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    actor: text('actor').notNull(),
    noteId: id('note_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.actor, table.noteId] })],
)
