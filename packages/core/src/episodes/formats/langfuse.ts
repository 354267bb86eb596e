import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import {
  asArray,
  asObject,
  firstMember,
  type JsonObject,
  member,
  numberMember,
  textMember,
} from '../json-field.ts'
import { unwrapJson } from '../json-text.ts'
import { refused } from '../record-problem.ts'
import { readArguments, turn } from './chat-turn.ts'
import { firstUserText } from './first-user-text.ts'
import type { EpisodeFormat } from './format.ts'
import { observationSpan } from './langfuse-observation.ts'
import { readMessages } from './span-messages.ts'
import type { TraceStep } from './trace-step.ts'
import { traceSteps } from './trace-steps.ts'

/**
 * Trace exports of Langfuse: `{trace: {..., observations: [...]}}`, `{trace: {...}, observations: [...]}`, a trace
 * with its observations inside, a page `{data: [traces]}`, or a list or one per line of any of these.
 *
 * The outcome is a score of the trace itself named success, reward, outcome or task_success (any case), numeric in
 * [0, 1] or boolean, that an API client sent: scores of evaluators and annotators are opinions, not measurements.
 * Two such scores that disagree give no outcome. All scores are kept as detail.
 * The task is `task`, `task_id` or `taskKey` in the metadata of the trace; the policy is its release or version.
 */
export const langfuse: EpisodeFormat = {
  name: 'langfuse',
  looksLike: 'Langfuse trace export: {trace: {...}, observations: [...]}',
  recognise(record) {
    const object = asObject(record)
    if (object === null) return false
    if (asArray(member(object, 'data')) !== null) return (asArray(member(object, 'data')) ?? []).some(isTrace)
    return isTrace(record)
  },
  read(record) {
    const page = asArray(member(asObject(record), 'data'))
    return page === null ? [readTrace(record)] : page.map(readTrace)
  },
}

function isTrace(record: Json): boolean {
  const object = asObject(record)
  const trace = asObject(member(object, 'trace'))
  return trace !== null || asArray(unwrapJson(member(object, 'observations') ?? null)) !== null
}

function readTrace(record: Json): DraftResult {
  const object = asObject(record)
  const trace = asObject(member(object, 'trace')) ?? object
  const entries =
    asArray(unwrapJson(member(object, 'observations') ?? null)) ??
    asArray(unwrapJson(member(trace, 'observations') ?? null))
  if (trace === null || entries === null) {
    return refused({
      field: 'observations',
      reason: 'The trace has no list of observations.',
      expected: 'A list of observations, beside or inside the trace.',
      fix: 'Export the trace with its observations (in Langfuse: download the trace as JSON).',
    })
  }
  const observations = entries.map(asObject).filter((entry) => entry !== null)
  const steps = withTraceEnds(traceSteps(observations.map(observationSpan)), trace)
  const metadata = asObject(unwrapJson(member(trace, 'metadata') ?? null))
  const seconds = numberMember(trace, 'latency')
  const scores = asArray(unwrapJson(member(trace, 'scores') ?? member(object, 'scores') ?? null)) ?? []
  const kept = scores.flatMap((score) => keptScore(asObject(score)))
  return {
    ok: true,
    draft: {
      sourceId: member(trace, 'id'),
      instructions: askedText(trace) ?? firstUserText(steps),
      taskKey: keyed(firstMember(metadata, ['task', 'task_id', 'taskId', 'taskKey', 'task_key'])),
      trial: member(metadata, 'trial'),
      userKey: member(trace, 'userId'),
      sessionKey: member(trace, 'sessionId'),
      startedAt: member(trace, 'timestamp'),
      durationMs: seconds === null || seconds < 0 ? null : Math.round(seconds * 1e6) / 1e3,
      steps,
      success: outcomeOf(scores),
      detail: kept.length === 0 ? null : { scores: kept },
      agentName: firstMember(metadata, ['agent', 'agent_name', 'agentName']) ?? member(trace, 'name'),
      policyName:
        firstMember(metadata, ['policy', 'policy_name', 'policyName']) ??
        firstMember(trace, ['release', 'version']),
      paths: {
        sourceId: 'trace.id',
        userKey: 'trace.userId',
        sessionKey: 'trace.sessionId',
        startedAt: 'trace.timestamp',
        taskKey: 'trace.metadata.task',
        trial: 'trace.metadata.trial',
        steps: 'observations',
        success: 'trace.scores',
      },
    },
  }
}

function keyed(value: Json | undefined): Json | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** When no observation shows what was asked or answered, the trace itself may. */
function withTraceEnds(steps: readonly TraceStep[], trace: JsonObject): readonly TraceStep[] {
  const asked = steps.some((step) => step.kind === 'user') ? null : askedText(trace)
  const output = unwrapJson(unwrapJson(member(trace, 'output') ?? null))
  const said = steps.some((step) => step.kind === 'assistant' || step.kind === 'tool_call')
    ? []
    : (readMessages(output, 'assistant') ??
      (typeof output === 'string' && output !== '' ? [turn('assistant', output)] : []))
  return [
    ...(asked === null ? [] : [{ ...turn('user', asked) }]),
    ...steps,
    ...said.map((entry) => ({ ...entry })),
  ]
}

function askedText(trace: JsonObject): string | null {
  const input = unwrapJson(unwrapJson(member(trace, 'input') ?? null))
  if (typeof input === 'string') return input === '' ? null : input
  const turns = readMessages(input, 'user')
  const asked = turns?.find((entry) => entry.kind === 'user')?.content
  if (typeof asked === 'string') return asked
  const object = asObject(input)
  const message = firstMember(object, ['message', 'query', 'question', 'input', 'prompt'])
  const newMessage = readMessages(member(object, 'new_message') ?? null, 'user')?.[0]?.content
  return typeof message === 'string' ? message : typeof newMessage === 'string' ? newMessage : null
}

const OUTCOME_NAMES: ReadonlySet<string> = new Set(['success', 'reward', 'outcome', 'task_success'])

function outcomeOf(scores: readonly Json[]): number | null {
  const values = scores.flatMap((entry) => {
    const score = asObject(entry)
    const source = textMember(score, 'source') ?? 'API'
    if (source.toUpperCase() !== 'API' || textMember(score, 'observationId') !== null) return []
    if (!OUTCOME_NAMES.has((textMember(score, 'name') ?? '').toLowerCase())) return []
    const value = member(score, 'value')
    if (typeof value === 'boolean') return [value ? 1 : 0]
    return typeof value === 'number' && value >= 0 && value <= 1 ? [value] : []
  })
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : null
}

function keptScore(score: JsonObject | null): readonly Json[] {
  const name = textMember(score, 'name')
  if (name === null) return []
  const value = firstMember(score, ['stringValue', 'value']) ?? null
  return [
    {
      name,
      value: readArguments(value),
      source: textMember(score, 'source'),
      comment: textMember(score, 'comment'),
    },
  ]
}
