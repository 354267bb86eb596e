import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** A debate or consultancy as it was set up; how far it is follows from what was said. */
export const debates = pgTable(
  'debates',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    rubricId: id('rubric_id').notNull(),
    episodeId: id('episode_id').notNull(),
    criterionSha256: text('criterion_sha256').notNull(),
    answerA: text('answer_a').notNull(),
    answerB: text('answer_b').notNull(),
    /** Whether the draw put the answers into another order than they were named in. */
    swapped: boolean('swapped').notNull(),
    /** Sides that are spoken for: ["a", "b"], or one in a consultancy. */
    speakers: jsonb('speakers').notNull(),
    rounds: integer('rounds').notNull(),
    words: integer('words').notNull(),
    roundCost: doublePrecision('round_cost').notNull(),
    /** 'quotes' or 'episode'. */
    judgeSees: text('judge_sees').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** Who sits where. A seat that nobody was named for has no row until somebody takes it. */
export const debateSeats = pgTable(
  'debate_seats',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    debateId: id('debate_id').notNull(),
    /** 'a', 'b' or 'judge'. */
    seat: text('seat').notNull(),
    raterId: id('rater_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.debateId, table.seat] }),
    index('debate_seats_by_rater').on(table.projectId, table.raterId),
  ],
)

/** What a side said in a round; empty, with the reason, where a model did not answer. */
export const debateSpeeches = pgTable(
  'debate_speeches',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    debateId: id('debate_id').notNull(),
    round: integer('round').notNull(),
    side: text('side').notNull(),
    text: text('text').notNull(),
    /** Why nothing was said; null when something was. */
    silent: text('silent'),
    /** What a model cost, US dollars; null for people and where no price is known. */
    costUsd: doublePrecision('cost_usd'),
    /** In and out together; null for people and where the endpoint does not count. */
    tokens: integer('tokens'),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.debateId, table.round, table.side] })],
)

export const debateJudgments = pgTable(
  'debate_judgments',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    debateId: id('debate_id').notNull(),
    round: integer('round').notNull(),
    /** That answer A is right; null: a model gave none. */
    probabilityA: doublePrecision('probability_a'),
    stop: boolean('stop').notNull(),
    comment: text('comment').notNull(),
    costUsd: doublePrecision('cost_usd'),
    /** In and out together; null for people and where the endpoint does not count. */
    tokens: integer('tokens'),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.debateId, table.round] })],
)
