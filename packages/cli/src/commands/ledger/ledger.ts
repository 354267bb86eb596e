import type { Command } from 'commander'
import { registerLedgerExport } from './export.ts'
import { registerLedgerHead } from './head.ts'
import { registerLedgerVerify } from './verify.ts'

export function registerLedger(program: Command): void {
  const ledger = program.command('ledger').description('the append-only record of decisions and changes')
  registerLedgerHead(ledger)
  registerLedgerVerify(ledger)
  registerLedgerExport(ledger)
}
