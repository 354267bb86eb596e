/** `leeway serve`: starts the server and its database, prints where it listens, stops cleanly on Ctrl-C. */
import { LaunchError } from '@leeway/server/launch/launch-error'
import type { RunningServer } from '@leeway/server/main'
import { readSettings, type SettingFlags, SettingsError } from '@leeway/server/settings/settings'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { printJson, printLine } from '../output.ts'

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('start the server; with --demo, with a simulated agent to look at')
    .option('--port <number>', 'where to listen; 0 takes any free port (default 4400)')
    .option('--gateway-port <number>', 'a second port, for agents alone, served by more processes')
    .option('--host <address>', 'address to bind (default 127.0.0.1)')
    .option('--data-dir <folder>', 'keys, tokens and the embedded database (default .leeway)')
    .option('--config <file>', 'JSON file of settings')
    .option('--public-url <address>', 'the address people type, behind a proxy')
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent')
    .option('--demo', 'load the demo project')
    .option('--json', 'print the address as JSON')
    .action((options: ServeOptions) => serve(options))
}

type ServeOptions = SettingFlags & {
  readonly config?: string
  readonly demo?: boolean
  readonly json?: boolean
}

async function serve({ config, demo, json, ...rest }: ServeOptions): Promise<void> {
  const flags = config === undefined ? rest : { ...rest, configFile: config }
  // From the first moment, so that a Ctrl-C during the start stops what was started.
  const stopAsked = signalled()
  try {
    const { settings } = readSettings(flags)
    // Loaded here: every other command would pay a second for it.
    const { startServer } = await import('@leeway/server/main')
    const server = await startServer({
      settings,
      demo: demo === true,
      onProgress: (sentence) => process.stderr.write(`${sentence} ...\n`),
    })
    if (server.kind === 'already-running') {
      if (json === true) return printJson({ address: server.address, alreadyRunning: true })
      return printLine(`already listening on ${server.address} (process ${server.pid})`)
    }
    if (json === true)
      printJson({
        address: server.address,
        gatewayAddress: server.gatewayAddress ?? null,
        adminLink: server.adminLink ?? null,
      })
    else sayListening(server)
    const lost = await Promise.race([stopAsked, server.databaseLost])
    await server.stop()
    if (lost !== undefined) throw lost
  } catch (error) {
    throw explained(error)
  }
  // Whatever still holds the process, such as a worker of a library, is not needed any more.
  process.exit(EXIT.ok)
}

function sayListening({ address, gatewayAddress, adminLink }: RunningServer): void {
  printLine(`listening on ${address}`)
  if (gatewayAddress !== undefined) printLine(`for agents also on ${gatewayAddress}/v1`)
  if (adminLink === undefined) return
  printLine(`sign in once, within 15 minutes: ${adminLink}`)
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((done) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(name, () => done())
    }
  })
}

function explained(error: unknown): unknown {
  if (error instanceof SettingsError) return new CommandError(error.message, error.fix)
  if (error instanceof LaunchError)
    return new CommandError(error.message, 'leeway doctor says more.', EXIT.internal)
  return error
}
