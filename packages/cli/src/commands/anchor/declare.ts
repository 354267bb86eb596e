import { declareAnchor } from '@leeway/contract/releases'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerAnchorDeclare(anchor: Command): void {
  withServerOptions(
    anchor
      .command('declare')
      .description('declare a policy known safe; moving an anchor takes two people')
      .requiredOption('--agent <name>', 'the agent')
      .requiredOption('--policy <policy>', 'a declared policy')
      .requiredOption('--evidence <text>', 'why it is known safe')
      .option('--json', 'print JSON'),
  ).action(
    async (
      options: ServerOptions & {
        readonly agent: string
        readonly policy: string
        readonly evidence: string
        readonly json?: boolean
      },
    ) => {
      const client = serverClient(options)
      await withServer(async () => {
        const { agent, policy, evidence } = options
        const declared = await client.call(declareAnchor, { body: { agent, policy, evidence } })
        if (options.json) return printJson(declared)
        printLine(
          plainText(
            declared.inForce
              ? `${policy} is the anchor of ${agent} from now on.`
              : `Noted. Another person must declare ${policy} too before the anchor of ${agent} moves.`,
          ),
        )
      })
    },
  )
}
