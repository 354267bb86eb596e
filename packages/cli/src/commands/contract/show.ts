/** `leeway contract show AGENT`: what the agent may do, in sentences. */
import { type SignedContract, showContract } from '@leeway/contract/autonomy'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { describeGrant } from '@leeway/core/autonomy/describe-contract'
import { type Command, InvalidArgumentError } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly json?: boolean; readonly at?: number }

export function registerContractShow(contract: Command): void {
  withServerOptions(contract.command('show <agent>'))
    .description('what an agent may do')
    .option('--at <version>', 'an earlier version', readVersion)
    .option('--json', 'print the signed document; leeway contract verify reads it')
    .action(async (agent: string, options: Options) => {
      const signed = await fetchContract(options, agent, options.at)
      if (options.json === true) printJson(signed)
      else printContract(signed)
    })
}

export function fetchContract(
  options: ServerOptions,
  agent: string,
  version?: number,
): Promise<SignedContract> {
  const query = version === undefined ? { agent } : { agent, version }
  return withServer(() => serverClient(options).call(showContract, { query }))
}

export function readVersion(text: string): number {
  const version = Number(text)
  if (Number.isInteger(version) && version > 0) return version
  throw new InvalidArgumentError('expected a whole number from 1')
}

/** The schema of the API and the type of core describe the same document. */
export const documentOf = ({ contract }: SignedContract) => contract as unknown as AutonomyContract

function printContract(signed: SignedContract): void {
  const contract = documentOf(signed)
  const { version, agent, issuedAt, expiresAt } = contract
  printLine(
    `Contract ${version} of ${plainText(agent)}, since ${issuedAt.slice(0, 16).replace('T', ' ')} UTC, until ${expiresAt.slice(0, 10)}.`,
  )
  printLine(`${plainText(signed.actorName)}: ${plainText(signed.reason)}`)
  printLine()
  printLine(describeGrant('The baseline', contract.baseline))
  if (contract.candidate !== null) printLine(describeGrant('The candidate', contract.candidate))
  if (contract.evidence.stage !== null)
    printLine(`Stage ${plainText(contract.evidence.stage)} of its release.`)
  printLine()
  if (contract.tools.length === 0) printLine('It may call no tools.')
  else
    printTable(
      ['tool', 'stakes', 'arguments', 'always set'],
      contract.tools.map((terms) => [
        plainText(terms.name),
        terms.stakes,
        terms.arguments === undefined ? 'any' : plainText(JSON.stringify(terms.arguments)),
        terms.set === undefined ? '' : plainText(JSON.stringify(terms.set)),
      ]),
    )
  if (contract.tells !== undefined && contract.tells.length > 0)
    printLine(`Headers of answers tell the ${contract.tells.join(' and the ')}: for debugging only.`)
  printLine(`SHA-256 ${signed.sha256}, signed by ${signed.keyId}`)
}
