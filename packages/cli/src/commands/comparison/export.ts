/** `leeway comparison export`: answers for `leeway compare`, or pairs for a trainer on preferences, as JSON Lines. */
import { writeFile } from 'node:fs/promises'
import type { Client } from '@leeway/contract/client'
import { listComparisonAnswers, listPreferences } from '@leeway/contract/comparisons'
import { type Command, Option } from 'commander'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { type FindOptions, findComparison } from './find-comparison.ts'

type Options = ServerOptions &
  FindOptions & {
    readonly form: 'comparisons' | 'preferences'
    readonly by: 'people' | 'models'
    readonly out?: string
  }
type Place = { readonly agent: string; readonly criterion: string }

export function registerComparisonExport(comparison: Command): void {
  withServerOptions(
    comparison
      .command('export')
      .description('write the answers as JSON Lines')
      .option('--agent <name>', 'whose runs are compared')
      .option('--question <words>', 'words of the question, or the beginning of its hash')
      .addOption(
        new Option('--form <form>', 'for leeway compare, or prompt, chosen and rejected as TRL reads them')
          .choices(['comparisons', 'preferences'])
          .default('comparisons'),
      )
      .addOption(
        new Option('--by <whom>', 'whose answers, as comparisons')
          .choices(['people', 'models'])
          .default('people'),
      )
      .option('--out <file>', 'where to; standard output when left out'),
  ).action(async (options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const { agentId: agent, criterionSha256: criterion } = await findComparison(client, options)
      const { rows, words } =
        options.form === 'comparisons'
          ? await comparisons(client, { agent, criterion }, options.by)
          : await preferences(client, { agent, criterion })
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
      if (options.out === undefined) process.stdout.write(text)
      else await writeFile(options.out, text)
      // Beside the rows, which may be piped on.
      process.stderr.write(`${words}\n`)
    })
  })
}

async function comparisons(client: Client, params: Place, by: Options['by']) {
  const rows: unknown[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.call(listComparisonAnswers, {
      params,
      query: { limit: 200, by, ...(cursor === undefined ? {} : { cursor }) },
    })
    rows.push(...page.items)
    if (page.nextCursor === null) return { rows, words: `${rows.length} answers` }
    cursor = page.nextCursor
  }
}

async function preferences(client: Client, params: Place) {
  const rows: unknown[] = []
  let [reserved, leftOut] = [0, 0]
  for (let cursor: string | undefined; ; ) {
    const page = await client.call(listPreferences, {
      params,
      query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) },
    })
    rows.push(...page.items)
    reserved += page.reserved
    leftOut += page.leftOut
    if (page.nextCursor === null)
      return {
        rows,
        words: `${rows.length} pairs; ${reserved} left out because a release has drawn their units, ${leftOut} because people are split, say nothing, or the runs do not begin alike`,
      }
    cursor = page.nextCursor
  }
}
