/** `leeway ledger head`: `seq:hash`, to be kept where the server's operator cannot change it. */
import { showLedgerHead } from '@leeway/contract/ledger'
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerLedgerHead(ledger: Command): void {
  withServerOptions(ledger.command('head'))
    .description(
      'print seq:hash of the last entry; keep it, and "ledger verify --expect" finds later changes',
    )
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { json?: boolean }) => {
      const head = await withServer(() => serverClient(options).call(showLedgerHead))
      if (options.json) printJson(head)
      else printLine(head.text)
    })
}
