import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import { asObject, firstMember, member, numberMember, textMember } from '../json-field.ts'
import { unwrapJson } from '../json-text.ts'
import { readArguments, type Turn, turn } from './chat-turn.ts'
import { firstUserText } from './first-user-text.ts'
import { indexedMessages } from './indexed-messages.ts'
import type { Attributes, OtlpSpan } from './otlp-span.ts'
import { readMessages } from './span-messages.ts'
import { isoTime, type TraceSpan, traceSteps } from './trace-steps.ts'

/**
 * One trace of OpenTelemetry spans as an episode draft.
 *
 * The outcome is taken only from `leeway.outcome.success` and `leeway.outcome.severe` on a span (the last one that
 * has it): evaluation events say what an evaluator thought, not what the environment measured, and are kept as
 * detail. Task, user, session, agent and policy come from the first span that names them.
 */
export function readTrace(traceId: string, spans: readonly OtlpSpan[]): DraftResult {
  const ordered = [...spans].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
  const find = (...keys: readonly string[]): Json | undefined => {
    for (const span of ordered) {
      const value = firstMember(span.attributes, keys)
      if (value !== undefined) return value
    }
    return undefined
  }
  const last = (key: string): Json | undefined => {
    for (const span of [...ordered].reverse()) {
      const value = member(span.attributes, key)
      if (value !== undefined && value !== null) return value
    }
    return undefined
  }
  const steps = traceSteps(ordered.map(traceSpan))
  const starts = ordered.flatMap((span) => (span.startMs === null ? [] : [span.startMs]))
  const startMs = starts[0] ?? null
  const endMs = ordered.reduce<number | null>(
    (most, { endMs: end }) => (end !== null && end > (most ?? 0) ? end : most),
    null,
  )
  const evaluations = ordered.flatMap((span) => span.events.flatMap(readEvaluation))
  const serviceName = textMember(ordered[0]?.resource ?? {}, 'service.name')
  const service = serviceName?.startsWith('unknown_service') ? null : serviceName
  return {
    ok: true,
    draft: {
      sourceId: traceId,
      instructions: find('leeway.instructions') ?? firstUserText(steps),
      taskKey: find('leeway.task', 'leeway.task.key', 'task.id'),
      userKey: find('user.id', 'enduser.id', 'langfuse.user.id'),
      sessionKey: find('session.id', 'gen_ai.conversation.id', 'langfuse.session.id'),
      startedAt: startMs === null ? null : isoTime(startMs),
      durationMs:
        startMs === null || endMs === null || endMs < startMs
          ? null
          : Math.round((endMs - startMs) * 1e3) / 1e3,
      steps,
      success: last('leeway.outcome.success'),
      severe: last('leeway.outcome.severe'),
      detail: evaluations.length === 0 ? null : { evaluations },
      agentName: find('leeway.agent', 'gen_ai.agent.name') ?? service,
      policyName:
        find('leeway.policy', 'gen_ai.agent.version') ??
        textMember(ordered[0]?.resource ?? {}, 'service.version'),
      paths: { success: 'leeway.outcome.success', severe: 'leeway.outcome.severe', sourceId: 'traceId' },
    },
  }
}

function readEvaluation(event: OtlpSpan['events'][number]): readonly Json[] {
  if (event.name !== 'gen_ai.evaluation.result') return []
  const { attributes } = event
  const value = firstMember(attributes, ['gen_ai.evaluation.score.value', 'gen_ai.evaluation.score.label'])
  return [{ name: textMember(attributes, 'gen_ai.evaluation.name'), value: value ?? null }]
}

const TOOL_KINDS: ReadonlySet<string> = new Set(['execute_tool', 'tool'])
const GENERATIONS: ReadonlySet<string> = new Set([
  'chat',
  'text_completion',
  'generate_content',
  'completion',
  'llm',
  'generation',
])

function traceSpan(span: OtlpSpan): TraceSpan {
  const { attributes } = span
  const operation = (
    textMember(
      attributes,
      'gen_ai.operation.name',
      'openinference.span.kind',
      'traceloop.span.kind',
      'langfuse.observation.type',
      'llm.request.type',
    ) ?? ''
  ).toLowerCase()
  const toolName = textMember(attributes, 'gen_ai.tool.name', 'tool.name', 'ai.toolCall.name')
  const common = {
    id: span.id,
    parentId: span.parentId,
    startMs: span.startMs,
    endMs: span.endMs,
    error: span.error,
  }
  if (TOOL_KINDS.has(operation) || (toolName !== null && !GENERATIONS.has(operation))) {
    return {
      ...common,
      kind: 'tool',
      name:
        toolName ??
        textMember(attributes, 'traceloop.entity.name') ??
        span.name.replace(/^execute_tool /, ''),
      input: [],
      output: [],
      callId: textMember(attributes, 'gen_ai.tool.call.id', 'ai.toolCall.id', 'tool_call.id'),
      arguments: readArguments(firstMember(attributes, TOOL_ARGUMENTS)),
      result: unwrapJson(firstMember(attributes, TOOL_RESULTS) ?? null),
      inputTokens: null,
      outputTokens: null,
    }
  }
  const input = inputTurns(span)
  const output = outputTurns(span)
  const model = textMember(
    attributes,
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.model_name',
    'ai.model.id',
  )
  const isGeneration =
    GENERATIONS.has(operation) ||
    (operation === '' && model !== null && input.length + output.length > 0) ||
    // An agent that records only its own messages, without a name for what it does.
    (operation === '' && output.length > 0)
  return {
    ...common,
    kind: isGeneration ? 'generation' : 'span',
    name: isGeneration ? (model ?? span.name) : span.name,
    input,
    output,
    callId: null,
    arguments:
      input.length > 0 || isGeneration ? null : unwrapJson(firstMember(attributes, PLAIN_INPUT) ?? null),
    result:
      output.length > 0 || isGeneration ? null : unwrapJson(firstMember(attributes, PLAIN_OUTPUT) ?? null),
    inputTokens: tokens(
      attributes,
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'llm.token_count.prompt',
    ),
    outputTokens: tokens(
      attributes,
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'llm.token_count.completion',
    ),
  }
}

const PLAIN_INPUT = ['input.value', 'traceloop.entity.input', 'langfuse.observation.input'] as const
const PLAIN_OUTPUT = ['output.value', 'traceloop.entity.output', 'langfuse.observation.output'] as const
const TOOL_ARGUMENTS = [
  'gen_ai.tool.call.arguments',
  'ai.toolCall.args',
  'tool.parameters',
  'tool_arguments',
  ...PLAIN_INPUT,
]
const TOOL_RESULTS = ['gen_ai.tool.call.result', 'ai.toolCall.result', 'tool_response', ...PLAIN_OUTPUT]

function tokens(attributes: Attributes, ...keys: readonly string[]): number | null {
  const value = numberMember(attributes, ...keys)
  return value !== null && Number.isInteger(value) && value >= 0 ? value : null
}

/** The first way of recording messages that a span uses: one call recorded twice would be two calls. */
function inputTurns(span: OtlpSpan): readonly Turn[] {
  const { attributes } = span
  const details = span.events.find(
    (event) => event.name === 'gen_ai.client.inference.operation.details',
  )?.attributes
  const system =
    firstMember(attributes, ['gen_ai.system_instructions']) ??
    firstMember(details ?? {}, ['gen_ai.system_instructions'])
  const before = system === undefined ? [] : (systemTurns(system) ?? [])
  const recorded = firstMember(attributes, INPUTS) ?? firstMember(details ?? {}, ['gen_ai.input.messages'])
  const turns = recorded === undefined ? null : readMessages(recorded, 'user')
  if (turns !== null && turns.length > 0) return [...before, ...turns]
  const legacy = indexedMessages(attributes, ['gen_ai.prompt.', 'llm.input_messages.'])
  if (legacy.length > 0) return [...before, ...legacy]
  const events = eventTurns(span, INPUT_EVENTS, 'user')
  if (events.length > 0) return [...before, ...events]
  const plain = firstMember(attributes, PLAIN_INPUT)
  return [...before, ...((plain === undefined ? null : readMessages(plain, null)) ?? [])]
}

function outputTurns(span: OtlpSpan): readonly Turn[] {
  const { attributes } = span
  const details = span.events.find(
    (event) => event.name === 'gen_ai.client.inference.operation.details',
  )?.attributes
  const recorded = firstMember(attributes, OUTPUTS) ?? firstMember(details ?? {}, ['gen_ai.output.messages'])
  const turns = recorded === undefined ? null : readMessages(recorded, 'assistant')
  if (turns !== null && turns.length > 0) return turns
  const legacy = indexedMessages(attributes, ['gen_ai.completion.', 'llm.output_messages.'])
  if (legacy.length > 0) return legacy
  const events = eventTurns(span, OUTPUT_EVENTS, 'assistant')
  if (events.length > 0) return events
  const vercel = textMember(attributes, 'ai.response.text')
  const calls = readMessages(
    { role: 'assistant', toolCalls: member(attributes, 'ai.response.toolCalls') ?? null },
    null,
  )
  if (vercel !== null || (calls?.length ?? 0) > 0)
    return [...(vercel === null ? [] : [turn('assistant', vercel)]), ...(calls ?? [])]
  const plain = firstMember(attributes, PLAIN_OUTPUT)
  return (plain === undefined ? null : readMessages(plain, null)) ?? []
}

const INPUTS = [
  'gen_ai.input.messages',
  'ai.prompt.messages',
  'gen_ai.prompt',
  'pydantic_ai.all_messages',
] as const
const OUTPUTS = ['gen_ai.output.messages', 'gen_ai.completion'] as const
const INPUT_EVENTS: ReadonlySet<string> = new Set([
  'gen_ai.system.message',
  'gen_ai.user.message',
  'gen_ai.assistant.message',
  'gen_ai.tool.message',
  'gen_ai.content.prompt',
])
const OUTPUT_EVENTS: ReadonlySet<string> = new Set(['gen_ai.choice', 'gen_ai.content.completion'])

function systemTurns(recorded: Json): readonly Turn[] | null {
  const value = unwrapJson(recorded)
  if (typeof value === 'string') return value === '' ? [] : [turn('system', value)]
  return readMessages(Array.isArray(value) ? { role: 'system', parts: value } : value, null)
}

function eventTurns(
  span: OtlpSpan,
  names: ReadonlySet<string>,
  fallback: 'user' | 'assistant',
): readonly Turn[] {
  return span.events.flatMap((event) => {
    if (!names.has(event.name)) return []
    const { attributes } = event
    const whole = firstMember(attributes, ['gen_ai.prompt', 'gen_ai.completion', 'gen_ai.event.content'])
    if (whole !== undefined) {
      const text = unwrapJson(whole)
      return readMessages(text, fallback) ?? (typeof text === 'string' ? [turn(fallback, text)] : [])
    }
    const message = asObject(unwrapJson(member(attributes, 'message') ?? null))
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(event.name)?.[1] ?? fallback
    const body: Attributes = { role, ...attributes, ...message, message: null }
    return readMessages(withParsed(body, ['content', 'tool_calls']), fallback) ?? []
  })
}

/** Attributes hold lists as JSON text. */
function withParsed(body: Attributes, keys: readonly string[]): Attributes {
  const parsed = keys.flatMap((key) => {
    const value = unwrapJson(member(body, key) ?? null)
    return Array.isArray(value) ? [[key, value] as const] : []
  })
  return { ...body, ...Object.fromEntries(parsed) }
}
