/**
 * Tools that a provider carries out while its model answers: by the time we see a call, it has happened. So they are decided
 * about when they are asked for, by their settings, and are allowed only where the contract would let each call of them pass
 * without a person.
 */
import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import { fieldsOf } from './chat-answer.ts'
import type { HostedTool } from './turn-request.ts'

/** These come back as calls that the client carries out, and are held like any call. */
const CARRIED_OUT_BY_CLIENTS = new Set([
  'function',
  'custom',
  'namespace',
  'local_shell',
  'apply_patch',
  'computer',
  'computer_use',
  'computer_use_preview',
])

type Fields = Readonly<Record<string, unknown>>

/** Tells what tools an MCP server has; whether it may be asked is decided where it is declared. */
const TELLS_ONLY = 'mcp_list_tools'

/**
 * Of a request in either protocol, with what a serving sets. Whatever is no tool of a client's is taken for hosted. `items`: of its
 * history; some bring tools along.
 */
export function hostedTools(
  request: Fields,
  set: Fields,
  items: readonly Fields[] = [],
): readonly HostedTool[] {
  const given = (name: string) => (Object.hasOwn(set, name) ? set[name] : request[name])
  const [search, prompt] = [given('web_search_options'), given('prompt')]
  const brought = items.filter(({ type }) => type !== TELLS_ONLY).flatMap(({ tools }) => hostedAmong(tools))
  const hosted: HostedTool[] = [...hostedAmong(given('tools')), ...brought]
  // The older way of asking for it.
  if (search !== undefined && search !== null)
    hosted.push({ tool: 'web_search', argumentsText: JSON.stringify(search) })
  // Kept at the provider, it may bring tools of its own.
  const stored = fieldsOf(prompt)
  if (stored !== null)
    hosted.push({ tool: `prompt:${String(stored.id)}`, argumentsText: JSON.stringify(stored) })
  return hosted
}

function hostedAmong(tools: unknown): readonly HostedTool[] {
  if (!Array.isArray(tools)) return []
  return tools.flatMap((declared: unknown) => {
    const tool = hostedName(declared)
    // A namespace is nothing but the tools in it.
    if (tool === null) return hostedAmong(fieldsOf(declared)?.tools)
    return [{ tool, argumentsText: JSON.stringify(declared) }]
  })
}

/** Null for a tool of a client's. */
function hostedName(declared: unknown): string | null {
  const fields = fieldsOf(declared)
  const type = typeof fields?.type === 'string' ? fields.type : 'unnamed'
  if (type === 'mcp') return `mcp:${String(fields?.server_label)}`
  // A shell runs where its environment is.
  if (type === 'shell') return fieldsOf(fields?.environment)?.type === 'local' ? null : 'shell'
  return CARRIED_OUT_BY_CLIENTS.has(type) ? null : type
}

export function passesAlone({ outcome, holdProbability }: CallDecision): boolean {
  return outcome === 'allow' && holdProbability === 0
}
