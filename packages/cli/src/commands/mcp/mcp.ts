/** `leeway mcp`: what a client of MCP starts in the place of a server. Every call is decided before the server gets it. */
import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { type ServerOptions, withServerOptions } from '../../server-connection.ts'
import { guardServer } from './guard-server.ts'
import type { McpOptions } from './mcp-options.ts'
import { relayServer } from './relay-server.ts'

type Options = ServerOptions & {
  readonly agent: string
  readonly server: string
  readonly conversation?: string
  readonly timeout: string
}

export function registerMcp(program: Command): void {
  withServerOptions(program.command('mcp [command...]'))
    .description('stand before an MCP server: the one this command starts, or one that Leeway reaches')
    .requiredOption('--agent <name>', 'whose contract holds')
    .requiredOption('--server <name>', 'what contracts call the server')
    .option('--conversation <name>', 'as the gateway knows it; without it, one of its own')
    .option('--timeout <seconds>', 'how long the server may take for an answer', '300')
    .addHelpText('after', '\nExample: leeway mcp --agent desk --server files -- npx my-mcp-server /srv\n')
    .action(async (command: readonly string[], { timeout, conversation, ...rest }: Options) => {
      const seconds = Number(timeout)
      if (!(seconds >= 1 && seconds <= 3_600))
        throw new CommandError(`--timeout ${timeout} is not from 1 to 3600.`, 'Say how many seconds.')
      const options: McpOptions = {
        ...rest,
        conversation: conversation ?? `mcp-${randomUUID()}`,
        timeoutMs: seconds * 1_000,
      }
      process.exitCode = await (command.length === 0
        ? relayServer(options)
        : guardServer(options, command as readonly [string, ...string[]]))
    })
}
