/** `leeway contract propose|proposals|approve|withdraw`: a contract by two people, where the ladder names two approvals. */
import {
  approveContract,
  type ContractProposal,
  listContractProposals,
  proposeContract,
  withdrawContractProposal,
} from '@leeway/contract/autonomy'
import type { Client } from '@leeway/contract/client'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { printChanges } from './diff.ts'
import { readContractFile } from './write.ts'

type Json = { readonly json?: boolean }
type Named = ServerOptions & Json & { readonly name: string }

export function registerContractPropose(contract: Command): void {
  withServerOptions(contract.command('propose <file>'))
    .description('propose a contract that another person approves')
    .requiredOption('--name <person>', 'who proposes, and so approves first; written into the contract')
    .option('--reason <words>', 'why; may stand in the file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Named & { readonly reason?: string }) => {
      const body = { ...readContractFile(file, options.reason), approver: options.name }
      const proposal = await withServer(() => serverClient(options).call(proposeContract, { body }))
      if (options.json === true) return printJson(proposal)
      printProposal(proposal)
      printLine(`Another person approves it: leeway contract approve ${plainText(proposal.agent)} --name …`)
    })
  withServerOptions(contract.command('proposals'))
    .description('list the contracts that wait for a second person')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & Json) => {
      const { items } = await withServer(() => serverClient(options).call(listContractProposals))
      if (options.json === true) return printJson(items)
      if (items.length === 0) printLine('No contract waits for a second person.')
      for (const proposal of items) printProposal(proposal)
    })
  withServerOptions(contract.command('approve <agent>'))
    .description('approve the proposed contract of an agent, as a second named person')
    .requiredOption('--name <person>', 'who approves; written into the contract')
    .option('--json', 'print JSON')
    .action(async (agent: string, options: Named) => {
      const client = serverClient(options)
      await withServer(async () => {
        const { id, against, ...proposal } = await proposalOf(client, agent)
        if (options.json !== true) printProposal({ id, against, ...proposal })
        const body = { against, approver: options.name }
        const signed = await client.call(approveContract, { params: { proposal: id }, body })
        if (options.json === true) return printJson(signed)
        printLine(
          `Contract ${signed.contract.version} of ${plainText(agent)} holds until ${signed.contract.expiresAt.slice(0, 10)}.`,
        )
      })
    })
  withServerOptions(contract.command('withdraw <agent>'))
    .description('withdraw the proposed contract of an agent')
    .action(async (agent: string, options: ServerOptions) => {
      const client = serverClient(options)
      await withServer(async () => {
        const { id } = await proposalOf(client, agent)
        await client.call(withdrawContractProposal, { params: { proposal: id } })
        printLine(`The proposed contract of ${plainText(agent)} is withdrawn.`)
      })
    })
}

/** Throws CommandError. */
async function proposalOf(client: Client, agent: string): Promise<ContractProposal> {
  const { items } = await client.call(listContractProposals)
  const proposal = items.find((one) => one.agent === agent)
  if (proposal !== undefined) return proposal
  throw new CommandError(
    `No contract of "${agent}" waits for a second person.`,
    'List those that do: leeway contract proposals.',
  )
}

function printProposal({
  agent,
  proposerName,
  proposedAt,
  reason,
  against,
  changes,
  cannot,
}: ContractProposal): void {
  printLine(
    `${plainText(proposerName)} proposed a contract of ${plainText(agent)} on ${proposedAt.slice(0, 10)}: ${plainText(reason)}`,
  )
  if (cannot !== null) {
    printLine(`It cannot be issued any more: ${plainText(cannot)}`)
    return
  }
  printLine(against === null ? 'It would be the first:' : `Against contract ${against}:`)
  printChanges(changes)
}
