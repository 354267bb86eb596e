/** `leeway judge spend`: what models cost today, and the most they may cost a day. */
import { setSpendLimit, showSpend } from '@leeway/contract/judges'
import { type Command, InvalidArgumentError } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { usd } from './usd.ts'

type Options = ServerOptions & { readonly limit?: number; readonly json?: boolean }

export function registerJudgeSpend(judge: Command): void {
  withServerOptions(judge.command('spend'))
    .description('what models cost today (UTC), and the limit')
    .option('--limit <usd>', 'set the most that models may cost a day, in US dollars', readUsd)
    .option('--json', 'print JSON')
    .action(async ({ limit, ...options }: Options) => {
      const client = serverClient(options)
      const spend = await withServer(() =>
        limit === undefined
          ? client.call(showSpend)
          : client.call(setSpendLimit, { body: { usdPerDay: limit } }),
      )
      if (options.json === true) return printJson(spend)
      printLine(
        `Today: ${usd(spend.spentTodayUsd)} spent, ${usd(spend.reservedUsd)} reserved, of ${usd(spend.usdPerDay)} a day (UTC)`,
      )
      if (spend.usdPerDay === 0) printLine('Nothing may be spent. Allow some: leeway judge spend --limit 5')
    })
}

function readUsd(text: string): number {
  const amount = Number(text)
  if (text.trim() === '' || !(amount >= 0 && amount <= 1_000_000))
    throw new InvalidArgumentError('Expected an amount from 0 to 1000000.')
  return amount
}
