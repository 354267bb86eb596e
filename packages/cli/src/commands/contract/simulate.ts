/** `leeway contract simulate AGENT`: what the contract would have done with the newest recorded episodes. */
import { simulateContract } from '@leeway/contract/autonomy'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { readVersion } from './show.ts'

type Options = ServerOptions & { readonly json?: boolean; readonly at?: number; readonly last: number }

export function registerContractSimulate(contract: Command): void {
  withServerOptions(contract.command('simulate <agent>'))
    .description('what a contract would have done with recorded episodes')
    .option('--at <version>', 'an earlier version', readVersion)
    .option('--last <episodes>', 'how many of the newest episodes', readVersion, 200)
    .option('--json', 'print JSON')
    .action(async (agent: string, options: Options) => {
      const body = {
        agent,
        episodes: options.last,
        ...(options.at === undefined ? {} : { version: options.at }),
      }
      const result = await withServer(() => serverClient(options).call(simulateContract, { body }))
      if (options.json === true) return printJson(result)
      const { version, episodes, untouched, tools, refused } = result
      if (episodes === 0)
        return printLine(`No episode of ${plainText(agent)} has its text here. Import some, or serve some.`)
      printLine(
        `Contract ${version} of ${plainText(agent)} on its ${episodes} newest episodes: ${untouched} would have gone on untouched (${Math.round((100 * untouched) / episodes)} %).`,
      )
      printTable(
        ['tool', 'calls', 'released', 'a person decides', 'refused', 'why'],
        tools.map((one) => [
          plainText(one.tool),
          String(one.calls),
          one.released.toFixed(0),
          one.held.toFixed(0),
          one.refused.toFixed(0),
          one.rules.join(', '),
        ]),
      )
      for (const { episodeId, step, reason } of refused.slice(0, 5))
        printLine(`${episodeId} step ${step}: ${plainText(reason)}`)
      if (refused.length > 0)
        printLine(
          'After a refusal the agent might have gone on in another way; what it did then is counted all the same.',
        )
    })
}
