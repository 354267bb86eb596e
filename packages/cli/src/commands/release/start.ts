import { showRelease, startRelease } from '@leeway/contract/releases'
import type { Command } from 'commander'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { printRelease } from './print-release.ts'

type Options = ServerOptions & {
  readonly agent: string
  readonly baseline: string
  readonly candidate: string
  readonly stream?: boolean
  readonly json?: boolean
}

export function registerReleaseStart(release: Command): void {
  withServerOptions(
    release
      .command('start')
      .description('start the climb of a candidate; on recorded episodes its first check runs at once')
      .requiredOption('--agent <name>', 'the agent')
      .requiredOption('--baseline <policy>', 'the policy trusted now')
      .requiredOption('--candidate <policy>', 'the policy that wants its place')
      .option('--stream', 'assign units as they arrive instead of drawing recorded ones')
      .option('--json', 'print JSON'),
  ).action(async (options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const { agent, baseline, candidate } = options
      const { id } = await client.call(startRelease, {
        body: { agent, baseline, candidate, unitSource: options.stream ? 'stream' : 'finite' },
      })
      printRelease(await client.call(showRelease, { params: { releaseId: id } }), options.json === true)
    })
  })
}
