/**
 * A turn as a line of text, as it waits on this machine's disk for the database: what each column gets, as an element of a PostgreSQL array,
 * with tabs between. Whoever ships it splits and joins. As JSON it was parsed twice more, by the process that serves and by PostgreSQL,
 * for which that was half of what a turn costs.
 *
 * An element is JSON's text: PostgreSQL reads it alike where there are no control characters, and so it is with JSON and with names
 * (`nameIn`).
 */
import type { Json } from '@leeway/core/episodes/episode'
import { decisionFacts, type TurnRecord, type TurnText, tokensOf } from './turn-record.ts'

/** With their types, in the order of a line. What stands behind them in a line is for telemetry alone. */
export const TURN_COLUMNS = [
  ['project_id', 'uuid'],
  ['id', 'uuid'],
  ['agent_id', 'uuid'],
  ['policy_id', 'uuid'],
  ['role', 'text'],
  ['conversation', 'text'],
  ['unit_key', 'text'],
  ['contract_version', 'integer'],
  ['outcome', 'text'],
  ['heard', 'text'],
  ['decisions', 'jsonb'],
  ['input_tokens', 'integer'],
  ['output_tokens', 'integer'],
  ['usd', 'double precision'],
  ['started_at', 'timestamptz'],
  ['ended_at', 'timestamptz'],
  ['body', 'text'],
] as const

const NULL = 'NULL'
const element = (value: string | number | null) => (value === null ? NULL : JSON.stringify(value))

export function turnLine(turn: TurnRecord): string {
  const { from, messages, rounds } = turn
  const text: TurnText = { from, messages, rounds }
  const { input_tokens: inputTokens, output_tokens: outputTokens } = tokensOf(rounds)
  return [
    turn.projectId,
    turn.id,
    turn.agentId,
    turn.policyId,
    turn.role,
    element(turn.conversation),
    element(turn.unitKey),
    turn.contractVersion,
    turn.outcome,
    element(turn.heard),
    element(JSON.stringify(decisionFacts(turn))),
    element(inputTokens),
    element(outputTokens),
    element(turn.usd),
    element(turn.startedAt),
    element(turn.endedAt),
    element(JSON.stringify(text)),
    JSON.stringify([turn.agent, turn.steps, turn.traceparent ?? null]),
  ].join('\t')
}

/** What `turnLine` was given. */
export function turnOf(line: string): TurnRecord {
  const [projectId, id, agentId, policyId, role, conversation, unitKey, version, outcome, ...others] =
    elementsOf(line) as string[]
  const [heard, , , , usd, startedAt, endedAt, body, rest] = others as string[]
  const [agent, steps, traceparent] = JSON.parse(rest as string)
  return {
    id,
    projectId,
    agentId,
    agent,
    policyId,
    role,
    conversation: read(conversation),
    unitKey: read(unitKey),
    contractVersion: Number(version),
    outcome,
    startedAt: read(startedAt),
    endedAt: read(endedAt),
    ...(JSON.parse(read(body) as string) as TurnText),
    usd: read(usd),
    steps,
    heard: read(heard),
    ...(traceparent === null ? {} : { traceparent }),
  } as TurnRecord
}

const read = (element = NULL): Json => (element === NULL ? null : JSON.parse(element))

/** One for each of `TURN_COLUMNS`, and what stands behind them. Lines of before 2026-12 are JSON. */
export function elementsOf(line: string): readonly string[] {
  return (line.startsWith('{') ? turnLine(JSON.parse(line) as TurnRecord) : line).split('\t')
}
