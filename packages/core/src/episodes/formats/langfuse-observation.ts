import type { Json } from '../episode.ts'
import { readTime } from '../field-value.ts'
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
import { readArguments, resultContent, type Turn, turn } from './chat-turn.ts'
import { readMessages } from './span-messages.ts'
import type { TraceSpan } from './trace-steps.ts'

/** One observation of a Langfuse trace as a span. What is missing or of a wrong type is absent. */
export function observationSpan(observation: JsonObject, position: number): TraceSpan {
  const type = (textMember(observation, 'type') ?? 'SPAN').toUpperCase()
  const name = textMember(observation, 'name') ?? ''
  const input = unwrapJson(member(observation, 'input') ?? null)
  const output = unwrapJson(member(observation, 'output') ?? null)
  const usage = asObject(firstMember(observation, ['usageDetails', 'usage']))
  const failed = textMember(observation, 'level') === 'ERROR'
  const common = {
    id: textMember(observation, 'id') ?? `observation-${position}`,
    parentId: textMember(observation, 'parentObservationId'),
    startMs: readMs(member(observation, 'startTime')),
    endMs: readMs(member(observation, 'endTime')),
    callId: null,
    inputTokens: tokens(numberMember(usage, 'input', 'promptTokens', 'input_tokens')),
    outputTokens: tokens(numberMember(usage, 'output', 'completionTokens', 'output_tokens')),
    error: failed
      ? (textMember(observation, 'statusMessage') ?? 'The observation ended with an error.')
      : null,
  }
  const result = toolResult(output)
  if (type === 'TOOL' || isToolSpan(type, name, input, result)) {
    return {
      ...common,
      kind: 'tool',
      name: toolName(name),
      callId: result?.callId ?? null,
      arguments: toolArguments(input),
      result: result === null ? onlyContent(output) : result.content,
      error: common.error ?? result?.error ?? null,
      input: [],
      output: [],
    }
  }
  const isGeneration = type === 'GENERATION'
  const heard = readMessages(input, isGeneration ? 'user' : null)
  const said = readMessages(output, isGeneration ? 'assistant' : null)
  const calls =
    said === null || said.some((entry) => entry.kind === 'tool_call') ? [] : recordedCalls(observation)
  return {
    ...common,
    kind: isGeneration ? 'generation' : 'span',
    name: (isGeneration ? textMember(observation, 'model') : null) ?? name,
    input: heard ?? (isGeneration ? plainTurn('user', input) : []),
    output: [...(said ?? (isGeneration ? plainTurn('assistant', output) : [])), ...calls],
    arguments: heard !== null || isGeneration ? null : input,
    result: said !== null || isGeneration ? null : output,
  }
}

/** MCP tools answer `{content: [parts]}`. */
function onlyContent(output: Json): Json {
  const object = asObject(output)
  const content = member(object, 'content')
  return object !== null && content !== undefined && Object.keys(object).length === 1
    ? resultContent(content)
    : output
}

function plainTurn(kind: 'user' | 'assistant', value: Json): readonly Turn[] {
  // 'None' is Python's print of no answer.
  if (value === null || value === '' || value === 'None') return []
  const args = asArray(member(asObject(value), 'args'))
  const [only] = args ?? []
  return [turn(kind, args?.length === 1 && typeof only === 'string' ? only : value)]
}

/** A tool's own message (LangChain and others) as the output of its span. */
function toolResult(output: Json): Turn | null {
  const turns = readMessages(output, null)
  const [only] = turns ?? []
  return turns?.length === 1 && only?.kind === 'tool_result' ? only : null
}

/** Some frameworks record tools as plain spans. They give themselves away by name, or by returning a tool's message. */
function isToolSpan(type: string, name: string, input: Json, result: Turn | null): boolean {
  if (type !== 'SPAN') return false
  if (/^(?:execute_tool|running tool:) ?\S/.test(name)) return true
  if (/^tool\.[A-Za-z]\w*$/.test(name)) return true
  return result !== null && result.name === name && readMessages(input, null) === null
}

function toolName(name: string): string {
  return name.replace(/^(?:execute_tool |running tool: |tool\.)/, '')
}

function toolArguments(input: Json): Json {
  const read = readArguments(input)
  const object = asObject(read)
  const only = member(object, 'input')
  return object !== null && Object.keys(object).length === 1 && asObject(only) !== null
    ? (only as Json)
    : read
}

/** Langfuse extracts the calls of a generation; used when its output shows none. */
function recordedCalls(observation: JsonObject): readonly Turn[] {
  const names = asArray(member(observation, 'toolCallNames')) ?? []
  return (asArray(member(observation, 'toolCalls')) ?? []).flatMap((entry, at) => {
    const call = asObject(unwrapJson(entry))
    const name = names[at] ?? member(call, 'name')
    if (typeof name !== 'string') return []
    return [
      turn('tool_call', readArguments(member(call, 'arguments')), { name, callId: textMember(call, 'id') }),
    ]
  })
}

function readMs(value: Json | undefined): number | null {
  const time = typeof value === 'string' ? readTime(value, '', []) : null
  return time === null ? null : Date.parse(time)
}

function tokens(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && value >= 0 ? value : null
}
