/** `leeway gold list`: known answers, how many people have met each, and which may have leaked. */
import { type GoldItem, listGold } from '@leeway/contract/vetting'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerGoldList(gold: Command): void {
  withServerOptions(gold.command('list'))
    .description('list known answers with how many people have met each; those that may have leaked first')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const list = await withServer(() => client.call(listGold))
      if (options.json === true) return printJson(list)
      if (list.items.length === 0)
        return printLine('No answer is known yet: leeway gold import records some.')
      printTable(
        ['episode', 'question', 'answer', 'people', 'right', 'seconds', 'state'],
        list.items.map((item) => [
          item.episodeId,
          plainText(item.question),
          plainText(item.value),
          String(item.people),
          item.answers === 0 ? '–' : `${item.right} of ${item.answers}`,
          item.medianSeconds === null ? '–' : item.medianSeconds.toFixed(0),
          stateOf(item),
        ]),
      )
      if (list.total > list.items.length)
        printLine(`and ${list.total - list.items.length} that fewer people have met`)
    })
}

function stateOf({ retired, sign, part }: GoldItem): string {
  if (retired !== null) return `retired, ${retired.kind}: ${plainText(retired.reason)}`
  if (sign !== null) return 'later people were faster: look whether it leaked'
  return part === 'measure' ? 'measures the check' : 'in use'
}
