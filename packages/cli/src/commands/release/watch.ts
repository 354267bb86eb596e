/** `leeway release watch`: whether a policy keeps, after its promotion, what its release promised. */
import { showWatch } from '@leeway/contract/watches'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRelease } from './find-release.ts'

export function registerReleaseWatch(release: Command): void {
  withServerOptions(
    release
      .command('watch')
      .description('say whether a promoted policy keeps what its release promised')
      .argument('<release>', 'handle such as "retail 2"')
      .option('--json', 'print JSON'),
  ).action(async (name: string, options: ServerOptions & { readonly json?: boolean }) => {
    const client = serverClient(options)
    const { watch, why } = await withServer(async () =>
      client.call(showWatch, { params: { releaseId: (await findRelease(client, name)).id } }),
    )
    if (options.json === true) printJson(watch)
    else if (watch === null) printLine(why)
    else {
      for (const { words } of watch.alarms) printLine(plainText(words))
      if (watch.alarms.length === 0) printLine(plainText(`No alarm about ${watch.policy} so far.`))
      const rate =
        watch.failure === null
          ? 'nothing is known yet'
          : `${percent(watch.failure.estimate)} failed, by estimate`
      printLine(
        `${watch.units} units were read, ${watch.audited} of them audited: ${rate}; ${percent(watch.promisedRate)} was promised at most.`,
      )
      printLine(plainText(watch.words))
    }
    if ((watch?.alarms.length ?? 0) > 0) process.exitCode = EXIT.rollback
  })
}

const percent = (rate: number) => `${Math.round(1_000 * rate) / 10} %`
