/** `leeway contract write FILE`: a new version of an agent's contract, from YAML or JSON. */
import { readFileSync } from 'node:fs'
import { WriteContract, writeContract } from '@leeway/contract/autonomy'
import type { Command } from 'commander'
import { parse } from 'yaml'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly json?: boolean; readonly reason?: string }

export function registerContractWrite(contract: Command): void {
  withServerOptions(contract.command('write <file>'))
    .description('write a contract: agent, baseline, tools, grant, limits')
    .option('--reason <words>', 'why; may stand in the file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const body = readContractFile(file, options.reason)
      const signed = await withServer(() => serverClient(options).call(writeContract, { body }))
      if (options.json === true) printJson(signed)
      else
        printLine(
          `Contract ${signed.contract.version} of ${plainText(signed.contract.agent)} holds until ${signed.contract.expiresAt.slice(0, 10)}.`,
        )
    })
}

/** Throws Error with the field and what was expected. */
export function readContractFile(file: string, reason: string | undefined): WriteContract {
  const read: unknown = parse(readFileSync(file, 'utf8'))
  const given = typeof read === 'object' && read !== null && reason !== undefined ? { ...read, reason } : read
  const parsed = WriteContract.safeParse(given)
  if (parsed.success) return given as WriteContract
  const [issue] = parsed.error.issues
  throw new Error(`${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}
