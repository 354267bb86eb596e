/**
 * How contracts call what an MCP server offers. A tool is `server/tool`. What reads is `server:method`, so that terms for
 * `server/*` are about tools only, and no tool can be named like one. Names of servers hold neither `/` nor `:`.
 */

import { boundedTraceparent } from '../../gateway/bounded-traceparent.ts'

/** Requests that act or give something away: each is decided. */
export const DECIDED = ['tools/call', 'resources/read', 'prompts/get'] as const
export type DecidedMethod = (typeof DECIDED)[number]

export const isDecided = (method: string): method is DecidedMethod =>
  (DECIDED as readonly string[]).includes(method)

type Params = Readonly<Record<string, unknown>>

/** Null where the request says nothing that could be decided about. */
export function callName(server: string, method: DecidedMethod, params: Params): string | null {
  if (method !== 'tools/call') return `${server}:${method}`
  return typeof params.name === 'string' && params.name !== '' ? toolName(server, params.name) : null
}

export const toolName = (server: string, tool: string): string => `${server}/${tool}`

/** What a person decides about, and what the contract's ranges hold for. Null for what is no object. */
export function callArguments(method: DecidedMethod, params: Params): Params | null {
  switch (method) {
    case 'tools/call': {
      const given = params.arguments ?? {}
      return typeof given === 'object' && !Array.isArray(given) ? (given as Params) : null
    }
    case 'resources/read':
      return { uri: params.uri }
    case 'prompts/get':
      return { name: params.name, arguments: params.arguments ?? {} }
  }
}

/** The request as the server gets it: what was decided about, the token of its progress and the trace it belongs to. */
export function releasedParams(method: DecidedMethod, params: Params, decided: Params): Params {
  const meta = params._meta
  const kept =
    typeof meta === 'object' && meta !== null
      ? Object.entries(meta).filter(([name]) => META_KEPT.has(name))
      : []
  return {
    ...(method === 'tools/call' ? { name: params.name, arguments: decided } : decided),
    ...(kept.length === 0 ? {} : { _meta: Object.fromEntries(kept) }),
  }
}

export function traceOf({ _meta }: Params): string | undefined {
  return typeof _meta === 'object' && _meta !== null && 'traceparent' in _meta
    ? boundedTraceparent(_meta.traceparent)
    : undefined
}

/** Nothing else there is passed on: nobody decided about it, and a server may act on it. */
const META_KEPT: ReadonlySet<string> = new Set(['progressToken', 'traceparent', 'tracestate', 'baggage'])
