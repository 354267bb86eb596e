/** `leeway ledger export`: the whole chain as JSON lines, as it comes. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly output?: string; readonly json?: boolean }

export function registerLedgerExport(ledger: Command): void {
  withServerOptions(ledger.command('export'))
    .description(
      'write the ledger as JSON lines, with the public keys: "ledger verify --file" needs no server',
    )
    .option('-o, --output <file>', 'write here instead of printing')
    .option('--json', 'print JSON about what was written (with --output)')
    .action(async (options: Options) => {
      const path = `/api/projects/${encodeURIComponent(options.project)}/ledger/export`
      const answer = await withServer(() => serverClient(options).send(path))
      const lines = Readable.fromWeb(answer.body as ReadableStream)
      if (options.output === undefined) {
        await pipeline(lines, process.stdout, { end: false })
        return
      }
      await writeWhole(lines, options.output)
      if (options.json) printJson({ file: options.output })
      else printLine(`Wrote ${options.output}. Check it with: leeway ledger verify --file ${options.output}`)
    })
}

/** A broken connection leaves no half file under the name that was asked for. */
async function writeWhole(lines: Readable, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`
  try {
    await pipeline(lines, createWriteStream(unfinished, { flags: 'wx' }))
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw new CommandError(
      `${file} could not be written: ${(error as Error).message}.`,
      'Choose a folder you can write to, and try again.',
    )
  }
}
