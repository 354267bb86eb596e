/**
 * Starts a server as a child and stands before it. Leeway decides about each call; while it cannot be asked, nothing is carried
 * out: what could not be decided could not be written down either.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { askMcpOffered, decideMcpCall, recordMcpResult } from '@leeway/contract/mcp'
import type { McpDesk } from '@leeway/server/mcp/session/desk'
import { mcpSession } from '@leeway/server/mcp/session/mcp-session'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import canonicalize from 'canonicalize'
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts'
import { serverClient } from '../../server-connection.ts'
import type { McpOptions } from './mcp-options.ts'

export async function guardServer(
  options: McpOptions,
  [command, ...args]: readonly [string, ...string[]],
): Promise<ExitCode> {
  const front = new StdioServerTransport()
  const back = new StdioClientTransport({ command, args: [...args], env: ownEnvironment() })
  const leeway = serverClient(options)
  const session = mcpSession(
    {
      toClient: (message) => front.send(message),
      toServer: (message) => back.send(message),
      agreed: () => {},
    },
    deskOver(leeway, options),
    {
      server: options.server,
      timeoutMs: options.timeoutMs,
      canonical: (value) => canonicalize(value) as string,
    },
  )
  front.onmessage = session.fromClient
  back.onmessage = session.fromServer
  const over = new AbortController()
  const ended = new Promise<ExitCode>((done) => {
    back.onclose = () => {
      session.serverLost()
      done(EXIT.unreachable)
    }
    process.stdin.once('end', () => done(EXIT.ok))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done(EXIT.ok))
  })
  await back.start().catch((error: Error) => {
    throw new CommandError(
      `The server cannot be started: ${error.message}.`,
      'Check the command behind --, and whether this user may run it.',
    )
  })
  await front.start()
  void followTerms(leeway, options, session.changed, over.signal)
  const code = await ended
  over.abort()
  session.end()
  await Promise.race([session.idle(), pause(LAST_WORDS_MS, undefined, { ref: false })])
  await back.close()
  await front.close()
  return code
}

/** What became of a call is still written down. */
const LAST_WORDS_MS = 3_000

function deskOver(leeway: Client, { agent, server, conversation }: McpOptions): McpDesk {
  const place = { agent, server, conversation }
  /** The client is told that nobody can decide; whoever looks after this machine, why. */
  const orSay = async <Value>(asking: Promise<Value>): Promise<Value> => {
    try {
      return await asking
    } catch (error) {
      process.stderr.write(`leeway mcp: Leeway could not be asked: ${(error as Error).message}\n`)
      throw error
    }
  }
  return {
    offered: async (names) => {
      const { offered } = await orSay(leeway.call(askMcpOffered, { body: { ...place, names: [...names] } }))
      return new Set(offered)
    },
    decide: ({ tool, argumentsText, says, waitMs, traceparent }, signal) =>
      orSay(
        leeway.call(decideMcpCall, {
          body: { ...place, tool, argumentsText, says, waitSeconds: waitMs / 1_000, traceparent },
          signal,
        }),
      ),
    returned: async (callId, outcome, text) => {
      await orSay(leeway.call(recordMcpResult, { body: { ...place, callId, outcome, text } }))
    },
  }
}

const WAIT_SECONDS = 25
const AWAY_MS = 1_000

/** Hears of other terms as soon as they hold, so that the client lists its tools again. */
async function followTerms(
  leeway: Client,
  { agent, server, conversation }: McpOptions,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  let known: string | undefined
  while (!signal.aborted)
    try {
      const body = { agent, server, conversation, names: [], waitSeconds: WAIT_SECONDS }
      const { terms } = await leeway.call(askMcpOffered, {
        body: known === undefined ? body : { ...body, known },
        signal,
      })
      if (known !== undefined && known !== terms) onChange()
      known = terms
    } catch {
      await pause(AWAY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
}

/** The server needs what its client gave it; our key is none of its business. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('LEEWAY_'),
    ),
  )
}
