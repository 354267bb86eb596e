import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { policies } from '../policies/tables.ts'
import { agents, projects } from '../projects/tables.ts'

/** A version of an agent's ladder; never edited, a change is a new row and a ledger entry. */
export const ladders = pgTable(
  'ladders',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    definition: jsonb('definition').notNull(),
    sha256: text('sha256').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    foreignKey({ columns: [table.projectId, table.agentId], foreignColumns: [agents.projectId, agents.id] }),
  ],
)

/** A policy that named people declared safe. The newest row of an agent is its anchor. */
export const anchors = pgTable(
  'anchors',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    agentId: id('agent_id').notNull(),
    seq: integer('seq').notNull(),
    policyId: id('policy_id').notNull(),
    declaredBy: jsonb('declared_by').notNull(),
    evidence: text('evidence').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.agentId, table.seq] })],
)

/** One candidate's climb. State (stage, ended) is derived from `decisions`, never stored here. */
export const releases = pgTable(
  'releases',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    /** 1, 2, 3 … of the agent; decides the release's share of the yearly alpha. */
    ordinal: integer('ordinal').notNull(),
    baselinePolicyId: id('baseline_policy_id').notNull(),
    candidatePolicyId: id('candidate_policy_id').notNull(),
    ladderId: id('ladder_id').notNull(),
    /** 'finite': the whole order is drawn at the start; 'stream': units are numbered as they are assigned. */
    unitSource: text('unit_source').notNull(),
    /** SHA-256 of the sorted unit keys; '' for a stream. */
    taskSetSha256: text('task_set_sha256').notNull(),
    /** What the gate takes for true: {"kind":"outcome"} or {"kind":"criterion",…}. */
    truth: jsonb('truth').notNull(),
    seedCommitment: text('seed_commitment').notNull(),
    /** Secret until the release ends; joined by no rater-role query. */
    seedHex: text('seed_hex').notNull(),
    sampler: text('sampler').notNull(),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    unique().on(table.projectId, table.agentId, table.ordinal),
    uniqueIndex('releases_one_seed')
      .on(table.projectId, table.candidatePolicyId, table.baselinePolicyId, table.taskSetSha256)
      .where(sql`unit_source = 'finite'`),
    foreignKey({
      columns: [table.projectId, table.candidatePolicyId],
      foreignColumns: [policies.projectId, policies.id],
    }),
    foreignKey({
      columns: [table.projectId, table.baselinePolicyId],
      foreignColumns: [policies.projectId, policies.id],
    }),
  ],
)

/** Written before the label is asked for. Nothing else may enter a gate. */
export const selections = pgTable(
  'selections',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    stage: text('stage').notNull(),
    /** Region the unit belongs to (`core/ladder/region`), so that no label loosens another region. */
    region: text('region').notNull(),
    unitKey: text('unit_key').notNull(),
    /** Part in the evidence: 'paired', 'candidate', 'baseline', or 'outside' (served by the baseline, not read). */
    arm: text('arm').notNull(),
    /** Probability that the unit was given this arm. */
    armPropensity: doublePrecision('arm_propensity').notNull(),
    auditProbability: doublePrecision('audit_probability').notNull(),
    audited: boolean('audited').notNull(),
    /** Whether it is audited is drawn once it has ended, into `audit_draws`; `audited` is false until then. */
    auditAtEnd: boolean('audit_at_end').notNull().default(false),
    /** Both policies did the same, as far as it matters: the pair counts as no difference. Never shown to raters. */
    identical: boolean('identical').notNull().default(false),
    predictedCandidateFailure: doublePrecision('predicted_candidate_failure'),
    predictedBaselineFailure: doublePrecision('predicted_baseline_failure'),
    judgeVersion: text('judge_version'),
    /** Block of the unpaired design; null for pairs. */
    block: integer('block'),
    selectedAt: instant('selected_at').notNull(),
    /** After this instant a missing label is resolved against the claim under test; null waits. */
    labelDueAt: instant('label_due_at'),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.releaseId, table.sequence] }),
    unique().on(table.projectId, table.releaseId, table.unitKey, table.stage),
    index('selections_by_stage').on(table.projectId, table.releaseId, table.stage, table.sequence),
  ],
)

/** Whether a unit that arrived is audited: drawn after it has ended, with the probability of its selection. */
export const auditDraws = pgTable(
  'audit_draws',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    probability: doublePrecision('probability').notNull(),
    /** Content hash of the episode that ended it; '' where none came in time. Part of the draw. */
    endedBy: text('ended_by').notNull(),
    drawn: boolean('drawn').notNull(),
    drawnAt: instant('drawn_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.sequence] })],
)

/**
 * The label of one arm of one selected unit, frozen when the gate first read it: later trials of the unit change
 * nothing, and every check recomputes to the same e-value. `failure` is null for a label that never came.
 */
export const labels = pgTable(
  'labels',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** 'candidate' or 'baseline': whose failure it is. */
    arm: text('arm').notNull(),
    /** Mean failure in [0, 1] over the unit's episodes. */
    failure: doublePrecision('failure'),
    severe: integer('severe').notNull(),
    episodes: integer('episodes').notNull(),
    /** 'own': what came of it. 'refused': people refused a call of it. 'untold': the policy was not seen alone, so there is none. */
    basis: text('basis').notNull().default('own'),
    labelledAt: instant('labelled_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.sequence, table.arm] })],
)

/**
 * Whether an expert looks again at a label: drawn when the label was frozen, with the same probability whatever it
 * says. Joined by no rater-role query.
 */
export const secondLooks = pgTable(
  'second_looks',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    arm: text('arm').notNull(),
    probability: doublePrecision('probability').notNull(),
    drawn: boolean('drawn').notNull(),
    drawnAt: instant('drawn_at').notNull(),
    /** After this instant a second look that did not come is resolved against the claim under test. */
    dueAt: instant('due_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.sequence, table.arm] })],
)

/** What experts said when they looked again, frozen once; `failure` is null where nobody came in time. */
export const secondLookLabels = pgTable(
  'second_look_labels',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    arm: text('arm').notNull(),
    /** Mean failure in [0, 1] over the unit's episodes. */
    failure: doublePrecision('failure'),
    labelledAt: instant('labelled_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.sequence, table.arm] })],
)

/** One evaluation of a gate, with all evidence a decision needs. */
export const checks = pgTable(
  'checks',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    releaseId: id('release_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    stage: text('stage').notNull(),
    /** Selections read: those with sequence up to this one. */
    uptoSequence: bigint('upto_sequence', { mode: 'number' }).notNull(),
    /** SHA-256 of the rows the gate read. */
    rowsSha256: text('rows_sha256').notNull(),
    /** `Check` of core. */
    result: jsonb('result').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    unique().on(table.projectId, table.releaseId, table.ordinal),
  ],
)

/** Every move of a release: started, proposed, approved, promoted, rolled back, closed to the previous stage, ended. */
export const decisions = pgTable(
  'decisions',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    releaseId: id('release_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    kind: text('kind').notNull(),
    fromStage: text('from_stage'),
    toStage: text('to_stage'),
    checkId: id('check_id'),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    /** Seq of the ledger entry written in the same transaction. */
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.releaseId, table.ordinal] })],
)
