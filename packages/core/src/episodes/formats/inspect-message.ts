import type { Json } from '../episode.ts'
import type { StepDraft } from '../episode-draft.ts'
import { asArray, asObject, type JsonObject, member, textMember } from '../json-field.ts'

/**
 * One message of an Inspect log as steps: thoughts and text in the order they stand, then the calls.
 * Null when it is no message of a role we know: the caller keeps it as a note.
 */
export function inspectMessage(message: JsonObject, parent: StepDraft | null): readonly StepDraft[] | null {
  const role = textMember(message, 'role')
  const content = member(message, 'content') ?? null
  if (role === 'tool') {
    return [
      {
        kind: 'tool_result',
        parent,
        name: member(message, 'function'),
        callId: member(message, 'tool_call_id'),
        content: joinedText(content),
        error: inspectError(member(message, 'error')),
      },
    ]
  }
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return null
  const steps: StepDraft[] = []
  for (const part of parts(content)) {
    if (part === null || part === '') continue
    const object = asObject(part)
    if (textMember(object, 'type') === 'reasoning') {
      const text = textMember(object, 'reasoning', 'summary')
      // What a provider hid has no text: the part itself says so.
      steps.push({ kind: 'reasoning', parent, content: text ?? part })
    } else steps.push({ kind: role, parent, content: part })
  }
  for (const call of asArray(member(message, 'tool_calls')) ?? []) {
    const object = asObject(call)
    steps.push({
      kind: 'tool_call',
      parent,
      name: member(object, 'function'),
      callId: member(object, 'id'),
      content: object === null ? call : (member(object, 'arguments') ?? {}),
      error: textMember(object, 'parse_error'),
    })
  }
  return steps
}

/** Neighbouring texts become one; images, data and the like stay parts of their own. */
function parts(content: Json): readonly Json[] {
  const list = asArray(content)
  if (list === null) return [content]
  const joined: Json[] = []
  for (const part of list) {
    const text = plainText(part)
    const last = joined.at(-1)
    if (text !== null && typeof last === 'string') joined[joined.length - 1] = `${last}\n${text}`
    else joined.push(text ?? part)
  }
  return joined
}

/** A result whose parts are all text is one text; any other stays as the tool returned it. */
export function joinedText(content: Json): Json {
  const list = parts(content)
  return list.length === 1 && typeof list[0] === 'string' ? list[0] : content
}

function plainText(part: Json): string | null {
  if (typeof part === 'string') return part
  const object = asObject(part)
  const text = member(object, 'text')
  return textMember(object, 'type') === 'text' && typeof text === 'string' ? text : null
}

/** `{type, message}` as one line; null when nothing went wrong. */
export function inspectError(error: Json | undefined): string | null {
  if (error === undefined || error === null) return null
  if (typeof error === 'string') return error
  const object = asObject(error)
  const message = textMember(object, 'message', 'text')
  const type = textMember(object, 'type')
  if (message === null) return type ?? JSON.stringify(error).slice(0, 1_000)
  return type === null ? message : `${type}: ${message}`
}
