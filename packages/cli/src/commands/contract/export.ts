/** `leeway contract export AGENT`: the contract in the words of other programs that ask before an agent acts. */
import { inspectPolicy } from '@leeway/core/autonomy/inspect-policy'
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { plainText, printLine } from '../../output.ts'
import { type ServerOptions, withServerOptions } from '../../server-connection.ts'
import { documentOf, fetchContract, readVersion } from './show.ts'

type Options = ServerOptions & { readonly at?: number; readonly role: 'baseline' | 'candidate' }

export function registerContractExport(contract: Command): void {
  withServerOptions(contract.command('export <agent>'))
    .description('print an approval policy for Inspect (inspect eval --approval policy.yaml)')
    .option('--at <version>', 'an earlier version', readVersion)
    .addOption(
      new Option('--role <role>', 'whose grant').choices(['baseline', 'candidate']).default('baseline'),
    )
    .action(async (agent: string, options: Options) => {
      const signed = await fetchContract(options, agent, options.at)
      const document = documentOf(signed)
      if (document[options.role] === null)
        throw new Error(
          `Contract ${document.version} of ${plainText(agent)} grants a candidate nothing. Leave out --role.`,
        )
      const { approvers, stricter } = inspectPolicy(document, options.role)
      printLine(
        `# Contract ${document.version} of ${plainText(document.agent)}, ${options.role}, until ${document.expiresAt.slice(0, 10)}. SHA-256 ${signed.sha256}`,
      )
      if (stricter.length > 0) printLine('# A person is asked more often than in production:')
      for (const sentence of stricter) printLine(`#   ${plainText(sentence)}`)
      printLine(stringify({ approvers }).trimEnd())
    })
}
