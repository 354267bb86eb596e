import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { id, instant } from '../db/columns.ts'
import { projects } from '../projects/tables.ts'

/** Where models are called. The newest row of a name holds. */
export const upstreams = pgTable(
  'upstreams',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    name: text('name').notNull(),
    /** With the version: `https://api.example.com/v1`. */
    baseUrl: text('base_url').notNull(),
    /** A sealed key of the project; null where none is sent. */
    providerKeyId: id('provider_key_id'),
    timeoutMs: integer('timeout_ms').notNull(),
    /** 'none', 'completions-echo' or 'vllm-prompt-logprobs': how candidates' words are scored here. */
    scoresWith: text('scores_with').notNull().default('none'),
    actor: text('actor').notNull(),
    /** Of its ledger entry: orders the rows whatever clocks said. */
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull().default(0),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('upstreams_by_name').on(table.projectId, table.name, table.id),
  ],
)

/** How a policy is served: which model of which upstream, with what set in every request. The newest row of a policy holds. */
export const policyServings = pgTable(
  'policy_servings',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    policyId: id('policy_id').notNull(),
    id: id('id').notNull(),
    upstream: text('upstream').notNull(),
    /** Another upstream with the same model; null: none. */
    fallback: text('fallback'),
    model: text('model').notNull(),
    /** Members of the request that are set whatever the client sent. */
    set: jsonb('set').notNull(),
    /** US dollars a million tokens; null: unknown. */
    usdPerMillion: jsonb('usd_per_million'),
    actor: text('actor').notNull(),
    /** Of its ledger entry: orders the rows whatever clocks said. */
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull().default(0),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.policyId, table.id] })],
)

/** Stops all candidates of a project at once. The newest row holds. */
export const halts = pgTable(
  'halts',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    id: id('id').notNull(),
    halted: boolean('halted').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    /** Of its ledger entry: orders the rows whatever clocks said. */
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull().default(0),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)

/** How long it took until every process had what a ledger entry says: a halt, or a move of a release. */
export const gatewayReaches = pgTable(
  'gateway_reaches',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    ledgerSeq: bigint('ledger_seq', { mode: 'number' }).notNull(),
    /** Milliseconds; null: some had not within two seconds. */
    tookMs: integer('took_ms'),
    /** Processes that were heard of lately. */
    replicas: integer('replicas').notNull(),
    /** Of them, those that had not read it in time. */
    missing: integer('missing').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.ledgerSeq] })],
)

/** Processes that enforce contracts, and what they enforce now. Not a fact: a process says it again every second. */
export const gatewayReplicas = pgTable('gateway_replicas', {
  id: id('id').primaryKey(),
  startedAt: instant('started_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  /** `pg_snapshot` of its last reading: what was committed before it, it enforces. */
  snapshot: text('snapshot').notNull(),
})

/** One request to the gateway and what became of it, without words. The words are in `gatewayTexts` until they are an episode. */
export const gatewayTurns = pgTable(
  'gateway_turns',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    /** Made by the gateway before it answered: shipped twice, it is one row. */
    id: id('id').notNull(),
    agentId: id('agent_id').notNull(),
    /** Whose answer the client got. */
    policyId: id('policy_id').notNull(),
    /** 'baseline' or 'candidate': which of the contract's grants held. */
    role: text('role').notNull(),
    conversation: text('conversation').notNull(),
    unitKey: text('unit_key').notNull(),
    contractVersion: integer('contract_version').notNull(),
    /** 'release', 'hold', 'deny', 'replace', 'stop', or 'failed': what became of the last response. */
    outcome: text('outcome').notNull(),
    /** Digest of the history that its client goes on with: by it another process knows the conversation. Null where it got no answer. */
    heard: text('heard'),
    /** For each call of each response: tool, stakes, outcome, rule, probability of a hold, SHA-256 of the arguments. */
    decisions: jsonb('decisions').notNull(),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    /** US dollars of all its answers; null where no price was known. */
    usd: doublePrecision('usd'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at').notNull(),
    shippedAt: instant('shipped_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('gateway_turns_by_conversation').on(table.projectId, table.agentId, table.conversation, table.id),
    index('gateway_turns_by_heard').on(table.projectId, table.agentId, table.heard),
    index('gateway_turns_by_time').on(table.projectId, table.endedAt),
    index('gateway_turns_by_unit').on(table.projectId, table.unitKey),
  ],
)

/** What the baseline makes of one answer of a candidate: how probable it finds each token. No words. */
export const gatewayScores = pgTable(
  'gateway_scores',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    turnId: id('turn_id').notNull(),
    /** Of the turn, from 0: which answer of it. */
    round: integer('round').notNull(),
    agentId: id('agent_id').notNull(),
    conversation: text('conversation').notNull(),
    candidatePolicyId: id('candidate_policy_id').notNull(),
    baselinePolicyId: id('baseline_policy_id').notNull(),
    /** Why it was not scored, a sentence; null where it was. The figures are null in its place. */
    notScored: text('not_scored'),
    tokens: integer('tokens'),
    /** Nats: the KL estimate of its tokens (k3), never negative. */
    nats: doublePrecision('nats'),
    /** Sum over its tokens of log candidate - log baseline, and the largest that the sum was on the way. */
    logRatio: doublePrecision('log_ratio'),
    logRatioMax: doublePrecision('log_ratio_max'),
    /** The token that ended it was scored as well, or a limit ended it. */
    isWhole: boolean('is_whole'),
    /** US dollars that scoring it cost; null where no price is known. */
    usd: doublePrecision('usd'),
    scoredAt: instant('scored_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.turnId, table.round] }),
    index('gateway_scores_by_conversation').on(table.projectId, table.agentId, table.conversation),
    index('gateway_scores_by_policy').on(table.projectId, table.candidatePolicyId),
  ],
)

/** What an agent's shipped turns cost on a UTC day. Not a fact but their sum, added to when they are shipped. */
export const gatewaySpend = pgTable(
  'gateway_spend',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    agentId: id('agent_id').notNull(),
    day: date('day').notNull(),
    usd: doublePrecision('usd').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.agentId, table.day] })],
)

/** What was said in a turn. Goes when it is in an episode, which has its own rules of redaction and retention. */
export const gatewayTexts = pgTable(
  'gateway_texts',
  {
    /** Of its turn, which comes with it and refers to the project. */
    projectId: id('project_id').notNull(),
    turnId: id('turn_id').notNull(),
    /** `TurnText` as JSON text: what a model writes may hold characters that PostgreSQL's JSON does not. */
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.turnId] })],
)

/** The turns of a conversation that became an episode, up to and with `lastTurnId`. */
export const gatewayEpisodes = pgTable(
  'gateway_episodes',
  {
    projectId: id('project_id')
      .notNull()
      .references(() => projects.id),
    agentId: id('agent_id').notNull(),
    conversation: text('conversation').notNull(),
    /** 1, and more where a conversation went on after it had been taken for ended. */
    part: integer('part').notNull(),
    sourceId: text('source_id').notNull(),
    lastTurnId: id('last_turn_id').notNull(),
    turns: integer('turns').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.agentId, table.conversation, table.part] }),
    uniqueIndex('gateway_episodes_source').on(table.projectId, table.sourceId),
  ],
)
