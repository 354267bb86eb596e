/** `leeway episode erase`: removes an episode's words for good; its outcome stays for the decisions made on it. */
import { eraseEpisode } from '@leeway/contract/episodes'
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly reason: string; readonly json?: boolean }

export function registerEpisodeErase(episode: Command): void {
  withServerOptions(episode.command('erase'))
    .description('erase an episode; it is not imported again')
    .argument('<id>', 'id of the episode')
    .requiredOption('--reason <words>', 'why; kept with the tombstone')
    .option('--json', 'print JSON')
    .action(async (id: string, options: Options) => {
      const client = serverClient(options)
      const erased = await withServer(() =>
        client.call(eraseEpisode, { params: { episode: id }, body: { reason: options.reason } }),
      )
      if (options.json === true) printJson(erased)
      else printLine(`Erased. Ledger entry ${erased.ledgerSeq} says so.`)
    })
}
