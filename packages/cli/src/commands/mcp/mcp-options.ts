import type { ServerOptions } from '../../server-connection.ts'

export type McpOptions = ServerOptions & {
  readonly agent: string
  /** What contracts call the server. */
  readonly server: string
  readonly conversation: string
  /** How long the server may take for an answer. */
  readonly timeoutMs: number
}
