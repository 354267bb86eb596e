/**
 * Items of OpenAI's responses, and the chat messages that say the same. Records, holds and episodes know messages only.
 *
 * An item that we do not know is a call: somebody who reads it may act on it, and a contract does not name it.
 */
import type { Json } from '@leeway/core/episodes/episode'
import { type AnsweredCall, fieldsOf, textIn } from './chat-answer.ts'
import { callMessage } from './refused-calls.ts'

type Fields = Readonly<Record<string, unknown>>

/** 'reasoning' belongs to the item behind it: without that, a provider does not take it back. */
export type ItemKind = 'speech' | 'reasoning' | 'call'

/** Said, or carried out by the provider already: decided about when the tool was asked for. */
const SPEECH = new Set([
  'message',
  'compaction',
  'file_search_call',
  'web_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'mcp_call',
  'mcp_list_tools',
  'program',
  'program_output',
  'tool_search_call',
  'tool_search_output',
  'additional_tools',
  'shell_call_output',
])

export function itemKind({ type }: Fields): ItemKind {
  if (type === 'reasoning') return 'reasoning'
  return SPEECH.has(String(type)) ? 'speech' : 'call'
}

/** Members of a call that are not what it wants to do. */
const ABOUT_CALL = new Set(['id', 'type', 'call_id', 'status', 'created_by', 'approval_request_id'])

/** Throws SyntaxError for a call that cannot be understood. */
export function callInItem(item: Fields): Omit<AnsweredCall, 'choice' | 'index'> {
  const { type, call_id: callId, name, namespace } = item
  const id = typeof callId === 'string' ? callId : typeof item.id === 'string' ? item.id : null
  if (type === 'function_call' || type === 'custom_tool_call') {
    if (typeof name !== 'string' || name === '') throw new SyntaxError('a call has no name')
    const tool = typeof namespace === 'string' && namespace !== '' ? `${namespace}.${name}` : name
    return type === 'function_call'
      ? { id, form: 'function', tool, argumentsText: textIn(item.arguments) }
      : { id, form: 'custom', tool, argumentsText: textIn(item.input) }
  }
  if (type === 'mcp_approval_request')
    return {
      id,
      form: 'function',
      tool: `mcp:${String(item.server_label)}/${String(name)}`,
      argumentsText: textIn(item.arguments),
    }
  const wanted = Object.fromEntries(Object.entries(item).filter(([member]) => !ABOUT_CALL.has(member)))
  return {
    id,
    form: 'function',
    tool: String(type).replace(/_call$/, ''),
    argumentsText: JSON.stringify(wanted),
  }
}

export function withArguments(item: Fields, argumentsText: string): Fields {
  if (item.type === 'custom_tool_call') return { ...item, input: argumentsText }
  if (item.type === 'function_call' || item.type === 'mcp_approval_request')
    return { ...item, arguments: argumentsText }
  return { ...item, ...fieldsOf(JSON.parse(argumentsText)) }
}

/** What one side says in a row is one message, as a chat has it. */
export function messagesOfItems(items: readonly Fields[]): readonly Json[] {
  const messages: Json[] = []
  let said: { text: string; calls: Json[] } | null = null
  const close = () => {
    if (said !== null)
      messages.push({
        role: 'assistant',
        content: said.text === '' && said.calls.length > 0 ? null : said.text,
        ...(said.calls.length === 0 ? {} : { tool_calls: said.calls }),
      })
    said = null
  }
  const own = () => {
    said ??= { text: '', calls: [] }
    return said
  }
  for (const item of items) {
    const type = item.type ?? 'message'
    if (type === 'message' && item.role === 'assistant') own().text += textIn(item.content)
    else if (type === 'message') {
      close()
      messages.push({ role: String(item.role), content: contentOf(item.content) })
    } else if (typeof type === 'string' && /_output$|_response$/.test(type)) {
      close()
      messages.push({ role: 'tool', tool_call_id: outputOf(item), content: outputText(item) })
    } else if (type !== 'item_reference' && itemKind(item) === 'call')
      own().calls.push(callMessage({ ...callInItem(item), choice: 0, index: 0 }))
  }
  close()
  return messages
}

/** The same the other way round, for messages of ours. */
export function itemsOfMessages(messages: readonly Json[]): readonly Json[] {
  return messages.flatMap((message): Json[] => {
    const { role, content, tool_calls: calls, tool_call_id: callId } = fieldsOf(message) ?? {}
    if (role === 'tool')
      return [{ type: 'function_call_output', call_id: String(callId), output: textIn(content) }]
    const text = textIn(content)
    const listed = (Array.isArray(calls) ? calls : []).map((call): Json => {
      const { id, function: fn, custom } = fieldsOf(call) ?? {}
      const { name, arguments: given, input } = fieldsOf(fn ?? custom) ?? {}
      return {
        type: 'function_call',
        call_id: String(id),
        name: String(name),
        arguments: textIn(given ?? input),
      }
    })
    return [...(text === '' ? [] : [{ role: String(role), content: text }]), ...listed]
  })
}

/** Parts of text under the name that they have in a chat; others as they are. */
function contentOf(content: unknown): Json {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => {
    const { text } = fieldsOf(part) ?? {}
    return typeof text === 'string' ? { type: 'text', text } : (part as Json)
  })
}

function outputOf({ call_id: callId, approval_request_id: requestId }: Fields): string {
  return typeof callId === 'string' ? callId : String(requestId ?? '')
}

function outputText(item: Fields): string {
  const { output } = item
  if (typeof output === 'string') return output
  return textIn(output) || JSON.stringify(output ?? item)
}
