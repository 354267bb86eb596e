/**
 * Where the server is and who we are: LEEWAY_URL and LEEWAY_TOKEN, else the running server of the local data
 * directory. Every command that talks to a server adds these options and asks here for its client.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient, ProblemError } from '@leeway/contract/client'
import { type Command, Option } from 'commander'
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts'

export type ServerOptions = {
  readonly url?: string
  readonly token?: string
  readonly dataDir: string
  readonly project: string
}

export function withServerOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'address of the server').env('LEEWAY_URL'))
    .addOption(
      new Option('--token <key>', 'API key; better given as LEEWAY_TOKEN').env('LEEWAY_TOKEN').hideHelp(),
    )
    .addOption(
      new Option('--data-dir <folder>', 'data directory of the local server')
        .env('LEEWAY_DATA_DIR')
        .default('.leeway'),
    )
    .addOption(new Option('--project <slug>', 'project').env('LEEWAY_PROJECT').default('default'))
}

/** Throws CommandError when it cannot be told where the server is. Nothing is sent yet. */
export function serverClient(options: ServerOptions): Client {
  const { baseUrl, token } = serverAddress(options)
  return createClient({ baseUrl, project: options.project, ...(token === undefined ? {} : { token }) })
}

/** The same, for whoever speaks to the server in another way. */
export function serverAddress(options: ServerOptions): {
  readonly baseUrl: string
  readonly token: string | undefined
} {
  const local = options.url === undefined ? localServer(options.dataDir) : null
  const baseUrl = (options.url ?? local?.address ?? '').replace(/\/+$/, '')
  return { baseUrl, token: options.token ?? local?.token }
}

/** Runs a command's talk with the server; what the server refused, or its silence, becomes an exit code. */
export async function withServer<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProblemError) {
      const { code, detail, hint } = error.problem
      throw new CommandError(detail, hint, EXIT_OF[code] ?? EXIT.badInput)
    }
    if (error instanceof TypeError && error.cause instanceof Error) {
      throw new CommandError(
        `The server does not answer: ${error.cause.message || error.message}.`,
        'Start it with: leeway serve. Or set LEEWAY_URL to the address of a running one.',
        EXIT.unreachable,
      )
    }
    throw error
  }
}

const EXIT_OF: { readonly [code: string]: ExitCode } = {
  unauthenticated: EXIT.unreachable,
  forbidden: EXIT.unreachable,
  rate_limited: EXIT.unreachable,
  unavailable: EXIT.unreachable,
  internal: EXIT.internal,
}

/** What a running server leaves in its data directory. */
function localServer(dataDir: string): { readonly address: string; readonly token: string } {
  try {
    const { address } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as {
      address?: unknown
    }
    const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
    if (typeof address === 'string' && address !== '') return { address, token }
  } catch {
    // Not there, or not readable: said below.
  }
  throw new CommandError(
    `No server runs on the data directory ${dataDir}.`,
    'Start it with: leeway serve. Or set LEEWAY_URL and LEEWAY_TOKEN for a server elsewhere.',
    EXIT.unreachable,
  )
}
