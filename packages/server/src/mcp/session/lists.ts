/** Lists of what a server offers, with what the contract does not allow left out. */
import { toolName } from './call-name.ts'

type Fields = Readonly<Record<string, unknown>>

/** Requests that list, the member that holds the list, and what must be allowed for an item to be in it; null: the item itself. */
export const LISTS: Readonly<Record<string, readonly [member: string, allowedBy: string | null]>> = {
  'tools/list': ['tools', null],
  'resources/list': ['resources', 'resources/read'],
  'resources/templates/list': ['resourceTemplates', 'resources/read'],
  'prompts/list': ['prompts', 'prompts/get'],
}

/** Names to ask about before the list is given on. */
export function namesIn(method: string, server: string, result: Fields): readonly string[] {
  return [...new Set(itemsIn(method, result).map((item) => nameOf(method, server, item)))]
}

export function allowedOnly(
  method: string,
  server: string,
  result: Fields,
  offered: ReadonlySet<string>,
): Fields {
  const [member = ''] = LISTS[method] ?? []
  return {
    ...result,
    [member]: itemsIn(method, result).filter((item) => offered.has(nameOf(method, server, item))),
  }
}

/** What the server says of its tools, by their names in contracts: for people who decide, bounded. No proof of anything. */
export function toolWords(
  method: string,
  server: string,
  result: Fields,
): readonly (readonly [tool: string, text: string])[] {
  if (method !== 'tools/list') return []
  return itemsIn(method, result).map((item) => {
    const { description, annotations } = (item ?? {}) as Fields
    const hints = Object.entries((annotations ?? {}) as Fields).filter(
      ([, hint]) => typeof hint === 'boolean',
    )
    const parts = [
      ...(typeof description === 'string' ? [description.slice(0, WORDS_MAX)] : []),
      ...hints.slice(0, HINTS_MAX).map(([name, hint]) => `${name.slice(0, 40)}: ${hint}`),
    ]
    return [nameOf(method, server, item), parts.join('\n')] as const
  })
}

const WORDS_MAX = 1_500
const HINTS_MAX = 8

/** The answer to `initialize`, without what is not passed on. */
export function offeredCapabilities(result: Fields, server: string, offered: ReadonlySet<string>): Fields {
  const { tools, resources, prompts, logging } = (result.capabilities ?? {}) as Fields
  const listChanged = { listChanged: true }
  return {
    ...result,
    capabilities: {
      // Terms may change where the server's own list never does.
      ...(tools === undefined ? {} : { tools: listChanged }),
      ...(resources === undefined || !offered.has(`${server}:resources/read`)
        ? {}
        : { resources: listChanged }),
      ...(prompts === undefined || !offered.has(`${server}:prompts/get`) ? {} : { prompts: listChanged }),
      ...(logging === undefined ? {} : { logging }),
    },
  }
}

function itemsIn(method: string, result: Fields): readonly unknown[] {
  const [member = ''] = LISTS[method] ?? []
  const items = result[member]
  return Array.isArray(items) ? items : []
}

function nameOf(method: string, server: string, item: unknown): string {
  const [, allowedBy = null] = LISTS[method] ?? []
  if (allowedBy !== null) return `${server}:${allowedBy}`
  return toolName(server, String((item as Fields | null)?.name ?? ''))
}
