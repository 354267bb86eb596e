/** `leeway drift show`: how this week's conversations differ from those that were rated. */
import { showDrift } from '@leeway/contract/drift'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { limitWords } from './limit-words.ts'

type Options = ServerOptions & { readonly json?: boolean }

export function registerDriftShow(drift: Command): void {
  withServerOptions(drift.command('show'))
    .description("show how this week's conversations of each agent differ from those that were rated")
    .option('--json', 'print JSON')
    .action(async ({ json, ...options }: Options) => {
      const client = serverClient(options)
      const found = await withServer(() => client.call(showDrift))
      if (json === true) return printJson(found)
      if (found.readings.length === 0)
        printLine('No agent was read yet: the server reads each with episodes, about once an hour.')
      for (const { agent, at, asked, done } of found.readings) {
        printLine(`${plainText(agent)}, read ${at}`)
        for (const { words, episodes } of [asked, done]) {
          printLine(`  ${words}`)
          if (episodes.length > 0) printLine(`  The farthest: ${episodes.slice(0, 3).join(', ')}`)
        }
      }
      printLine(limitWords(found.shareMax))
    })
}
