/** `leeway contract diff AGENT`: what the newest version allows that the one before did not, and the other way round. */
import { type ContractChange, contractChanges } from '@leeway/core/autonomy/describe-contract'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, withServerOptions } from '../../server-connection.ts'
import { documentOf, fetchContract, readVersion } from './show.ts'

type Options = ServerOptions & { readonly json?: boolean; readonly from?: number; readonly to?: number }

const MARK = { looser: '+', tighter: '-', other: '~' } as const

export function registerContractDiff(contract: Command): void {
  withServerOptions(contract.command('diff <agent>'))
    .description('what changed between two versions of a contract')
    .option('--from <version>', 'the one before --to when left out', readVersion)
    .option('--to <version>', 'the newest when left out', readVersion)
    .option('--json', 'print JSON')
    .action(async (agent: string, options: Options) => {
      const to = documentOf(await fetchContract(options, agent, options.to))
      const fromVersion = options.from ?? to.version - 1
      if (fromVersion < 1) {
        printLine(`Contract ${to.version} is the first of ${plainText(agent)}.`)
        return
      }
      const from = documentOf(await fetchContract(options, agent, fromVersion))
      const changes = contractChanges(from, to)
      if (options.json === true) return printJson({ from: from.version, to: to.version, changes })
      printLine(`From ${from.version} to ${to.version}:`)
      printChanges(changes)
    })
}

export function printChanges(changes: readonly ContractChange[]): void {
  if (changes.length === 0) printLine('Nothing changed but the version and its time.')
  for (const { kind, words } of changes) printLine(`${MARK[kind]} ${kind}: ${plainText(words)}`)
}
