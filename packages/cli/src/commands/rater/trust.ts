/** `leeway rater trust`: says whose answers count as the truth of a gate, and whose count no more. */
import { RATER_TIERS } from '@leeway/contract/rater-tiers'
import { setTier } from '@leeway/contract/raters'
import { type Command, Option } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRater } from './find-rater.ts'

type Options = ServerOptions & {
  readonly tier: (typeof RATER_TIERS)[number]
  readonly reason: string
  readonly json?: boolean
}

export function registerRaterTrust(rater: Command): void {
  withServerOptions(
    rater
      .command('trust')
      .description("trust a person's answers as the truth, or suspend a rater; goes into the ledger")
      .argument('<rater>', 'name or id')
      .addOption(new Option('--tier <tier>', 'how far').choices([...RATER_TIERS]).default('vetted'))
      .requiredOption('--reason <why>', 'why, in a few words')
      .option('--json', 'print JSON'),
  ).action(async (nameOrId: string, options: Options) => {
    const client = serverClient(options)
    const changed = await withServer(async () =>
      client.call(setTier, {
        params: { rater: (await findRater(client, nameOrId)).id },
        body: { tier: options.tier, reason: options.reason },
      }),
    )
    if (options.json === true) return printJson(changed)
    printLine(plainText(`${changed.name} is ${changed.tier} from now on.`))
  })
}
