import type { Json, StepKind } from '../episode.ts'
import { readTime } from '../field-value.ts'
import { asArray, asObject, firstMember, type JsonObject, member, textMember } from '../json-field.ts'
import { parseJsonText, unwrapJson } from '../json-text.ts'
import { parsePythonLiteral } from './python-literal.ts'

/** One thing said, thought, called or returned: what every dialect of chat messages is made of. */
export type Turn = {
  readonly kind: Extract<
    StepKind,
    'system' | 'user' | 'assistant' | 'reasoning' | 'tool_call' | 'tool_result'
  >
  readonly name: string | null
  readonly content: Json
  readonly callId: string | null
  readonly error: string | null
  readonly startedAt: string | null
  readonly logprobs: readonly number[] | null
}

type Speaker = 'system' | 'user' | 'assistant' | 'tool'

const SPEAKERS: { readonly [role: string]: Speaker } = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  agent: 'assistant',
  tool: 'tool',
  function: 'tool',
  environment: 'tool',
  observation: 'tool',
}

/**
 * Reads one message of any dialect we know: OpenAI chat and Responses items, Anthropic content blocks, OpenTelemetry
 * parts, Gemini contents, LangChain messages (plain or serialised) and Vercel AI parts.
 *
 * @returns its turns in the order they happened (reasoning, text, calls), [] for a message without content,
 *          null when it is not a message
 */
export function readMessage(message: Json, fallback: Speaker | null = null): readonly Turn[] | null {
  const object = asObject(unwrapJson(message))
  if (object === null) return null
  const inner = asObject(member(object, 'message'))
  if (inner !== null && textMember(object, 'role') === null)
    return readMessage({ ...object, ...inner, message: null })
  const kwargs = asObject(member(object, 'kwargs'))
  if (kwargs !== null && member(object, 'lc') !== undefined)
    return readMessage({ ...kwargs, role: lcRole(object) })
  const item = readItem(object)
  if (item !== null) return item
  const speaker = speakerOf(object) ?? fallback
  if (speaker === null) return null
  if (isToolDefinition(member(object, 'content'))) return []
  const turns = [...readReasoning(object), ...readBody(object, speaker), ...readCalls(object)]
  const time = readTime(member(object, 'timestamp') ?? null, '', [])
  const logprobs = readLogprobs(object)
  if (time === null && logprobs === null) return turns
  const spoken = turns.findIndex((turn) => turn.kind === 'assistant')
  return turns.map((turn, at) => ({ ...turn, startedAt: time, logprobs: at === spoken ? logprobs : null }))
}

/** Text or JSON of arguments: JSON text and Python's print of a dict become values, any other text stays text. */
export function readArguments(value: Json | undefined): Json {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'string') return value
  const parsed = parseJsonText(value)
  if (parsed.ok) return parsed.value
  return parsePythonLiteral(value) ?? value
}

export function turn(kind: Turn['kind'], content: Json, rest: Partial<Turn> = {}): Turn {
  return { kind, name: null, content, callId: null, error: null, startedAt: null, logprobs: null, ...rest }
}

function speakerOf(object: JsonObject): Speaker | null {
  const named = textMember(object, 'role') ?? textMember(object, 'type')
  const event = /^gen_ai\.(\w+)\.message$/.exec(textMember(object, 'event.name') ?? '')?.[1]
  const role = (named ?? event ?? '').toLowerCase().replace(/message(chunk)?$/, '')
  return Object.hasOwn(SPEAKERS, role) ? (SPEAKERS[role] as Speaker) : null
}

/** LangChain serialises the class name: `["langchain_core", "messages", "HumanMessage"]`. */
function lcRole(object: JsonObject): string {
  const last = asArray(member(object, 'id'))?.at(-1)
  return typeof last === 'string' ? last : ''
}

/** A part of a message, or an item of a Responses list, that is a call or a result on its own. */
function readItem(object: JsonObject): readonly Turn[] | null {
  const type = textMember(object, 'type') ?? ''
  const name = textMember(object, 'name', 'toolName', 'tool_name')
  const callId = textMember(object, 'call_id', 'tool_use_id', 'tool_call_id', 'toolCallId', 'id')
  const calls = asObject(firstMember(object, ['function_call', 'functionCall']))
  if (type === '' && calls !== null && textMember(object, 'role') === null) return [callTurn(calls)]
  const response = asObject(
    firstMember(object, ['function_response', 'functionResponse', 'server_tool_call_response']),
  )
  if (type === '' && response !== null) {
    const rest = { name: textMember(response, 'name'), callId: textMember(response, 'id') }
    return [turn('tool_result', member(response, 'response') ?? null, rest)]
  }
  switch (type.replaceAll('-', '_')) {
    case 'tool_use':
    case 'server_tool_use':
    case 'tool_call':
    case 'server_tool_call':
    case 'function_call':
    case 'custom_tool_call':
    case 'mcp_call':
      return name === null && member(object, 'function') === undefined ? null : [callTurn(object)]
    case 'tool_result':
    case 'tool_call_response':
    case 'server_tool_call_response':
    case 'function_call_output':
    case 'function_result':
    case 'custom_tool_call_output': {
      const value = firstMember(object, ['content', 'response', 'result', 'output']) ?? null
      const failed = member(object, 'is_error') === true
      return [
        turn('tool_result', resultContent(value), { name, callId, error: failed ? errorText(value) : null }),
      ]
    }
    case 'reasoning':
    case 'thinking':
    case 'redacted_thinking':
      return textMember(object, 'role') === null ? reasoningTurn(object) : null
    case '':
      return name !== null && member(object, 'toolCallId') !== undefined ? [callTurn(object)] : null
    default:
      // .NET writes the name of its class.
      return /ReasoningContent$/.test(type) ? reasoningTurn(object) : null
  }
}

function callTurn(call: JsonObject): Turn {
  const target = asObject(member(call, 'function')) ?? call
  return turn('tool_call', readArguments(firstMember(target, ['arguments', 'args', 'input', 'parameters'])), {
    name: textMember(target, 'name', 'toolName', 'tool_name'),
    callId: textMember(call, 'call_id', 'toolCallId', 'id'),
  })
}

function readCalls(object: JsonObject): readonly Turn[] {
  const kwargs = asObject(member(object, 'additional_kwargs'))
  const lists = [member(object, 'tool_calls'), member(object, 'toolCalls'), member(kwargs, 'tool_calls')]
  const calls =
    lists.map((list) => asArray(unwrapJson(list ?? null))).find((list) => (list?.length ?? 0) > 0) ?? []
  const single = asObject(firstMember(object, ['function_call'])) // the form before tool_calls
  return [...calls, ...(single === null ? [] : [single])].flatMap((call) => {
    const read = asObject(unwrapJson(call))
    return read === null ? [] : [callTurn(read)]
  })
}

function readReasoning(object: JsonObject): readonly Turn[] {
  const text = textMember(object, 'reasoning_content', 'reasoning', 'thinking')
  return text === null ? [] : [turn('reasoning', text)]
}

function reasoningTurn(part: JsonObject): readonly Turn[] {
  const value = firstMember(part, ['content', 'thinking', 'text', 'summary', 'reasoning']) ?? null
  const texts = (asArray(value) ?? [value]).map(
    (entry) => textMember(asObject(entry), 'text', 'content') ?? entry,
  )
  const text = texts.filter((entry) => typeof entry === 'string' && entry !== '').join('\n')
  return text === '' ? [] : [turn('reasoning', text)]
}

function readBody(object: JsonObject, speaker: Speaker): readonly Turn[] {
  const body = firstMember(object, ['content', 'parts', 'contents', 'text', 'refusal']) ?? null
  if (speaker === 'tool') {
    const parts = asArray(body)
    const results = parts?.flatMap((part) => readItem(asObject(part) ?? {}) ?? []) ?? []
    if (results.length > 0) return results
    const calls = asCalls(body)
    if (calls !== null) return calls
    const callId = textMember(object, 'tool_call_id', 'toolCallId', 'call_id')
    const failed = textMember(object, 'status') === 'error' || member(object, 'is_error') === true
    const rest = {
      callId,
      name: textMember(object, 'name', 'tool_name'),
      error: failed ? errorText(body) : null,
    }
    return [turn('tool_result', resultContent(body), rest)]
  }
  if (speaker === 'assistant') {
    const calls = asCalls(body)
    if (calls !== null) return calls
  }
  const parts = asArray(body)
  if (parts === null) return body === null || body === '' ? [] : [spoken(speaker, body)]
  const turns: Turn[] = []
  let texts: string[] = []
  const flush = () => {
    if (texts.length > 0) turns.push(spoken(speaker, texts.join('\n')))
    texts = []
  }
  for (const part of parts) {
    const text = partText(part)
    if (text === '') continue
    if (text !== null) texts.push(text)
    else {
      flush()
      turns.push(...(readItem(asObject(part) ?? {}) ?? [spoken(speaker, part)]))
    }
  }
  flush()
  return turns
}

function spoken(speaker: Exclude<Speaker, 'tool'>, content: Json): Turn {
  const text = partText(content)
  return turn(speaker, text ?? content)
}

/** The text of a part that is only text; null for calls, images, files and thoughts. */
function partText(part: Json): string | null {
  if (typeof part === 'string') return part
  const object = asObject(part)
  if (object === null || member(object, 'thought') === true) return null
  const type = textMember(object, 'type') ?? 'text'
  if (!TEXT_TYPES.has(type)) return null
  const text = firstMember(object, ['text', 'content', 'refusal'])
  return typeof text === 'string'
    ? text
    : text === undefined && type === 'text' && hasText(object)
      ? ''
      : null
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'input_text', 'output_text', 'refusal'])

function hasText(object: JsonObject): boolean {
  return member(object, 'text') !== undefined || member(object, 'content') !== undefined
}

/** Result of a tool: text parts alone become one text, everything else stays as the tool returned it. */
export function resultContent(value: Json): Json {
  const parts = asArray(value)
  if (parts === null || parts.length === 0) return value
  const texts = parts.map((part) => (asObject(part) === null ? null : partText(part)))
  return texts.every((text) => text !== null) ? texts.join('\n') : value
}

function errorText(value: Json): string {
  const content = resultContent(value)
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return text === '' ? 'The tool reported an error.' : text.slice(0, 1_000)
}

/** Some frameworks write the list of calls as the text of the message. */
function asCalls(body: Json): readonly Turn[] | null {
  if (typeof body !== 'string' || !body.startsWith('[{')) return null
  const entries = asArray(unwrapJson(body))
  const isCall = (entry: Json) => {
    const target = asObject(member(asObject(entry), 'function'))
    return textMember(target, 'name') !== null && member(target, 'arguments') !== undefined
  }
  return entries?.every(isCall) === true
    ? entries.map((entry) => callTurn(asObject(entry) as JsonObject))
    : null
}

/** Some frameworks list the tools an agent has as messages of the tool. */
function isToolDefinition(content: Json | undefined): boolean {
  const target = asObject(member(asObject(content), 'function'))
  return textMember(target, 'name') !== null && member(target, 'parameters') !== undefined
}

function readLogprobs(object: JsonObject): readonly number[] | null {
  const tokens = asArray(member(asObject(member(object, 'logprobs')), 'content'))
  if (tokens === null || tokens.length === 0) return null
  const values = tokens.map((token) => member(asObject(token), 'logprob'))
  return values.every((value) => typeof value === 'number') ? (values as readonly number[]) : null
}
