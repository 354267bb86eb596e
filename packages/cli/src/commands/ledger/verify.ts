/** `leeway ledger verify`: exit 0 when the chain is whole, 5 when anything in it was changed, removed or moved. */
import { HeadText, type LedgerVerification, verifyLedger } from '@leeway/contract/ledger'
import { type Command, InvalidArgumentError } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { verifyExportedLedger } from './exported-ledger.ts'

type Options = ServerOptions & { readonly expect?: string; readonly file?: string; readonly json?: boolean }

export function registerLedgerVerify(ledger: Command): void {
  withServerOptions(ledger.command('verify'))
    .description('check every hash, link and signature of the ledger')
    .option('--expect <seq:hash>', 'a head kept earlier: it must still be in the chain', readHead)
    .option('--file <export.jsonl>', 'check an exported ledger, without a server')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { expect, file } = options
      const query = expect === undefined ? {} : { expect }
      const found =
        file === undefined
          ? await withServer(() => serverClient(options).call(verifyLedger, { query }))
          : await verifyExportedLedger(file, expect)
      if (options.json) printJson(found)
      else printVerification(found, options)
      if (!found.intact) process.exitCode = EXIT.unhealthy
    })
}

function printVerification(found: LedgerVerification, options: Options): void {
  const entries = `${found.entries} ${found.entries === 1 ? 'entry' : 'entries'}`
  if (found.intact) {
    printLine(`The ledger is whole: ${entries}, head ${found.head.text}`)
    if (options.expect === undefined) {
      printLine('Whether its end was cut off only a kept head tells: --expect seq:hash')
    }
  } else {
    printLine(`The ledger is NOT whole: ${entries}, ${found.faultCount} faults.`)
    for (const fault of found.faults) printLine(`  ${fault.kind}: ${plainText(fault.text)}`)
    if (found.faultCount > found.faults.length) {
      printLine(`  and ${found.faultCount - found.faults.length} more`)
    }
  }
  for (const key of found.keys) {
    const whose =
      options.file !== undefined ? '' : key.ofThisServer ? ", this server's" : ', of another server'
    printLine(`Signed by ${plainText(key.keyId)}${whose} from entry ${key.fromSeq} on.`)
  }
}

function readHead(text: string): string {
  if (HeadText.safeParse(text).success) return text
  throw new InvalidArgumentError('expected seq:hash as "leeway ledger head" prints it')
}
