import type { Json } from '../episode.ts'
import { asArray, asObject, firstMember, member, textMember } from '../json-field.ts'
import { parseJsonText, unwrapJson } from '../json-text.ts'
import { readMessage, type Turn, turn } from './chat-turn.ts'

/**
 * Turns of whatever a trace recorded as input or output of a model call: a list of messages, one message, the body
 * of a request or an answer of one of the usual APIs, JSON text of any of these.
 *
 * @param fallback who speaks when the messages do not say
 * @returns null when nothing in it is a message
 */
export function readMessages(recorded: Json, fallback: 'user' | 'assistant' | null): readonly Turn[] | null {
  // Exporters wrap JSON in JSON text, at times twice.
  const value = unwrapJson(unwrapJson(recorded))
  const list = asArray(value)
  if (list !== null) return readList(list, fallback)
  const object = asObject(value)
  if (object === null) return null
  const before = [...systemText(object), ...systemText(asObject(member(object, 'config')))]
  for (const key of [
    'messages',
    'contents',
    'choices',
    'candidates',
    'output',
    'generations',
    'input',
    'history',
  ]) {
    const inner = unwrapJson(member(object, key) ?? null)
    const entries = asArray(inner)
    if (entries !== null && entries.length > 0) {
      const turns = readList(key === 'candidates' ? entries.map(candidateContent) : entries, fallback)
      if (turns !== null) return [...before, ...turns]
    }
    if (
      typeof inner === 'string' &&
      inner !== '' &&
      (key === 'contents' || key === 'input') &&
      before.length > 0
    )
      return [...before, turn('user', inner)]
  }
  const prompt = firstMember(object, ['prompt', 'contents'])
  if (typeof prompt === 'string') return [...before, turn('user', prompt)]
  const content = asObject(member(object, 'content'))
  if (content !== null && member(content, 'parts') !== undefined) return readList([content], fallback)
  const role = textMember(object, 'role') ?? textMember(object, 'type')
  if (
    role === null &&
    fallback === null &&
    member(object, 'message') === undefined &&
    member(object, 'lc') === undefined
  )
    return null
  if (role === null && !LOOKS_SAID.some((key) => member(object, key) !== undefined)) return null
  const one = readMessage(object, role === null ? fallback : null)
  return one === null ? null : [...before, ...one]
}

const LOOKS_SAID = [
  'content',
  'parts',
  'text',
  'tool_calls',
  'toolCalls',
  'message',
  'kwargs',
  'function_call',
  'toolName',
]

function candidateContent(candidate: Json): Json {
  return member(asObject(candidate), 'content') ?? candidate
}

/** Null unless every entry is a message: half a list would be a wrong history. */
function readList(list: readonly Json[], fallback: 'user' | 'assistant' | null): readonly Turn[] | null {
  const turns: Turn[] = []
  for (const entry of list) {
    const nested = asArray(unwrapJson(entry))
    const read =
      nested !== null
        ? readList(nested, fallback)
        : (readMessage(entry, bare(entry, fallback)) ?? printed(entry))
    if (read === null) return null
    turns.push(...read)
  }
  return turns
}

/** The fallback speaks only where an entry has a body; arguments of a function are no message. */
function bare(entry: Json, fallback: 'user' | 'assistant' | null): 'user' | 'assistant' | null {
  const object = asObject(entry)
  return LOOKS_SAID.some((key) => member(object, key) !== undefined) ? fallback : null
}

function systemText(object: ReturnType<typeof asObject>): readonly Turn[] {
  const said = unwrapJson(
    firstMember(object, ['system', 'system_instruction', 'systemInstruction', 'instructions']) ?? null,
  )
  if (typeof said === 'string' && said !== '') return [turn('system', said)]
  const parts = asArray(said) ?? asArray(member(asObject(said), 'parts'))
  return parts === null ? [] : (readMessage({ role: 'system', parts: [...parts] }) ?? [])
}

/** Python frameworks print message objects: `role='user' content='…' name=None`. */
const PRINTED =
  /^role='(system|developer|user|assistant|tool)' content=('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|None)(?: |$)/

function printed(entry: Json): readonly Turn[] | null {
  if (typeof entry !== 'string' || entry.length > 100_000) return null
  const [, role, text] = PRINTED.exec(entry) ?? []
  if (role === undefined || text === undefined) return null
  if (text === 'None') return []
  const inner = text.slice(1, -1)
  const json = `"${inner
    .replace(/\\'/g, "'")
    .replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1')
    .replace(/(?<!\\)"/g, '\\"')}"`
  const parsed = parseJsonText(json)
  return readMessage({ role, content: parsed.ok ? parsed.value : inner })
}
