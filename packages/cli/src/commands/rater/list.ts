/** `leeway rater list`: everybody who answers, and how often each is right. */
import { listRaters } from '@leeway/contract/raters'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerRaterList(rater: Command): void {
  withServerOptions(rater.command('list'))
    .description('list raters and how often each is right, as far as the answers of all tell')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const { items, words } = await withServer(() => client.call(listRaters))
      if (options.json === true) return printJson({ items, words })
      if (items.length === 0) return printLine('Nobody has answered yet.')
      printTable(
        ['rater', 'kind', 'tier', 'answers', 'abstained', 'right', 'minutes an answer'],
        items.map((one) => [
          plainText(one.name),
          one.kind,
          one.kind === 'human' || one.tier === 'suspended' ? one.tier : '–',
          String(one.ratings),
          String(one.abstained),
          one.accuracy === null
            ? 'not known'
            : `${percent(one.accuracy.estimate)} (${percent(one.accuracy.low)} to ${percent(one.accuracy.high)})`,
          one.minutesAnAnswer === null ? '–' : one.minutesAnAnswer.toFixed(1),
        ]),
      )
      for (const sentence of words) printLine(plainText(sentence))
    })
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
