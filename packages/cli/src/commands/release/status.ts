import { listReleases, showRelease } from '@leeway/contract/releases'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRelease } from './find-release.ts'
import { printRelease } from './print-release.ts'

export function registerReleaseStatus(release: Command): void {
  withServerOptions(
    release
      .command('status')
      .description('where a release stands and why; without a name, all of them')
      .argument('[release]', 'handle such as "retail 2", or an agent for its newest')
      .option('--json', 'print JSON'),
  ).action(async (name: string | undefined, options: ServerOptions & { readonly json?: boolean }) => {
    const client = serverClient(options)
    await withServer(async () => {
      if (name !== undefined) {
        const found = await findRelease(client, name)
        return printRelease(
          await client.call(showRelease, { params: { releaseId: found.id } }),
          options.json === true,
        )
      }
      const { items } = await client.call(listReleases, { query: { limit: 200 } })
      if (options.json) return printJson(items)
      if (items.length === 0)
        return printLine(
          'No releases yet. Start one: leeway release start --agent A --baseline B --candidate C',
        )
      printTable(
        ['release', 'candidate', 'state', 'stage', 'verdict'],
        items.map((one) =>
          [one.handle, one.candidate.name, one.state, one.stage, one.verdict ?? ''].map((cell) =>
            plainText(cell),
          ),
        ),
      )
    })
  })
}
