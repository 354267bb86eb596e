/** `leeway rater show`: what is known of one rater's errors. */
import { showRater } from '@leeway/contract/raters'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRater } from './find-rater.ts'

export function registerRaterShow(rater: Command): void {
  withServerOptions(rater.command('show'))
    .description("print a rater's card: what is known of its errors, in words")
    .argument('<rater>', 'name or id')
    .option('--json', 'print JSON')
    .action(async (nameOrId: string, options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const card = await withServer(async () =>
        client.call(showRater, { params: { rater: (await findRater(client, nameOrId)).id } }),
      )
      if (options.json === true) return printJson(card)
      printLine(
        plainText(
          `${card.name}: ${card.kind}${card.kind === 'human' || card.tier === 'suspended' ? `, ${card.tier}` : ''}, ${card.ratings} answers`,
        ),
      )
      for (const sentence of card.words) printLine(plainText(sentence))
      for (const other of card.errsWith)
        printLine(
          plainText(
            `Errs together with ${other.name}: correlation ${other.correlation.toFixed(2)} over ${other.items} episodes.`,
          ),
        )
    })
}
