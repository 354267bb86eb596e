/** Servers of the MCP gate, and what `leeway mcp` asks about calls of servers that run beside it. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** Without `/` and `:`, which divide it from the name of a tool in contracts. */
const ServerName = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, "_", "-" and "." only, at most 64')

export const SetMcpServer = z.strictObject({
  name: ServerName,
  /** Of its streamable HTTP endpoint: `https://example.com/mcp`. */
  url: z.url({ protocol: /^https?$/ }).max(500),
  /** A key kept under Settings, sent as a bearer token; left out where none is needed. */
  providerKeyId: z.uuid().optional(),
  timeoutSeconds: z.number().int().min(1).max(3_600).default(300),
})
export const McpServerList = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      keyName: z.string().nullable(),
      timeoutSeconds: z.number(),
      at: z.string(),
    }),
  ),
})
export type McpServerList = z.infer<typeof McpServerList>

const servers = '/api/projects/{project}/mcp/servers'
export const listMcpServers = endpoint({ method: 'GET', path: servers, response: McpServerList })
export const setMcpServer = endpoint({
  method: 'POST',
  path: servers,
  body: SetMcpServer,
  response: McpServerList,
})

/** As in a column: no control characters. */
const Name = z.string().regex(/^[^\p{C}]{1,200}$/u, 'text without control characters, at most 200')
const Place = { agent: Name, server: ServerName, conversation: Name }
const CALL_CHARACTERS_MAX = 8 << 20

export const DecideMcpCall = z.strictObject({
  ...Place,
  /** As contracts call it: `server/tool`. */
  tool: z.string().min(1).max(1_000),
  /** A JSON object. */
  argumentsText: z.string().max(CALL_CHARACTERS_MAX),
  /** What the server says of the tool, for whoever decides. */
  says: z.string().max(4_000).nullable().default(null),
  /** How long the caller waits where a person has to decide. */
  waitSeconds: z.number().min(0).max(240),
  /** W3C trace context of the call, for telemetry alone. */
  traceparent: z.string().max(100).optional(),
})
export const McpDecision = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('release'),
    /** Names the call when its result is written down. */
    callId: z.string(),
    argumentsText: z.string(),
  }),
  /** Nothing is carried out; the text is for the model. */
  z.object({ kind: z.literal('refuse'), text: z.string() }),
])
export type McpDecision = z.infer<typeof McpDecision>
export const decideMcpCall = endpoint({
  method: 'POST',
  path: '/v1/mcp/decisions',
  body: DecideMcpCall,
  response: McpDecision,
})

/** What a released call answered, before the client sees it. */
export const RecordMcpResult = z.strictObject({
  ...Place,
  callId: z.uuid(),
  /** 'returned': the server answered, be it with an error; 'lost': it did not; 'cancelled': the client waits no more. */
  outcome: z.enum(['returned', 'lost', 'cancelled']),
  text: z.string().max(1 << 20),
})
export const McpResultRecorded = z.object({ recorded: z.literal(true) })
export const recordMcpResult = endpoint({
  method: 'POST',
  path: '/v1/mcp/results',
  body: RecordMcpResult,
  response: McpResultRecorded,
})

export const AskMcpOffered = z.strictObject({
  ...Place,
  /** As contracts call them. */
  names: z.array(z.string().max(1_000)).max(10_000),
  /** Waits until the terms are others than these, at most so long. */
  known: z.string().max(100).optional(),
  waitSeconds: z.number().min(0).max(60).default(0),
})
export const McpOffered = z.object({
  /** Those that may be called at present. */
  offered: z.array(z.string()),
  /** Another one as soon as other terms hold. Says nothing else. */
  terms: z.string(),
})
export const askMcpOffered = endpoint({
  method: 'POST',
  path: '/v1/mcp/offered',
  body: AskMcpOffered,
  response: McpOffered,
})
