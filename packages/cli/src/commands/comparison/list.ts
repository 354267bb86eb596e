/** `leeway comparison list`: by which questions runs are compared, and how far each is. */
import { listComparisons } from '@leeway/contract/comparisons'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

export function registerComparisonList(comparison: Command): void {
  withServerOptions(comparison.command('list').description('list the questions by which runs are compared'))
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const { questions } = await withServer(() => client.call(listComparisons))
      if (options.json === true) return printJson({ questions })
      if (questions.length === 0) return printLine('Nothing was asked to be compared yet.')
      printTable(
        ['agent', 'question', 'pairs', 'answers', 'of'],
        questions.map((one) => [
          plainText(one.agent),
          plainText(one.question),
          String(one.pairs),
          String(one.answers),
          String(one.answersWanted),
        ]),
      )
    })
}
