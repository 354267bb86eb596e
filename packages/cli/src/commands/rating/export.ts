import { writeFile } from 'node:fs/promises'
import type { Client } from '@leeway/contract/client'
import { listRatings, type RatingView } from '@leeway/contract/raters'
import { type RubricSummary, showRubric } from '@leeway/contract/rubrics'
import { type Command, Option } from 'commander'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRubric } from '../rubric/find-rubric.ts'
import { RATING_FORMATS, type RatingFormat, writeRatings } from './rating-file.ts'
import type { RatingRecord } from './rating-record.ts'

type Options = ServerOptions & {
  readonly rubric: string
  readonly agent?: string
  readonly format: RatingFormat
  readonly out?: string
}

export function registerRatingExport(rating: Command): void {
  withServerOptions(
    rating
      .command('export')
      .description('write what people and models answered to a rubric; programs answer again by themselves')
      .requiredOption('--rubric <name>', 'the rubric, by name or id')
      .option('--agent <name>', 'its agent, where several have one of that name')
      .addOption(new Option('--format <format>', 'of the file').choices([...RATING_FORMATS]).default('csv'))
      .option('--out <file>', 'where to; standard output when left out'),
  ).action(async (options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const rubric = await findRubric(client, options.rubric, options.agent)
      const records = await allRecords(client, rubric)
      const text = writeRatings(records, options.format)
      if (options.out === undefined) process.stdout.write(text)
      else {
        await writeFile(options.out, text)
        printLine(`${records.length} ratings of ${rubric.name} written to ${options.out}`)
      }
    })
  })
}

/** Oldest first. */
async function allRecords(client: Client, rubric: RubricSummary): Promise<readonly RatingRecord[]> {
  const { nodes } = await client.call(showRubric, { params: { rubric: rubric.id } })
  const ids = new Map(nodes.flatMap(({ criterion }) => (criterion ? [[criterion.sha256, criterion.id]] : [])))
  const found: RatingView[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.call(listRatings, {
      query: { rubric: rubric.id, limit: 200, ...(cursor === undefined ? {} : { cursor }) },
    })
    found.push(...page.items)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return found.reverse().flatMap((one): RatingRecord[] => {
    const criterion = ids.get(one.criterionSha256)
    if (one.raterKind === 'program' || criterion === undefined) return []
    const { answer } = one
    return [
      {
        line: 0,
        episode: one.episodeId,
        criterion,
        rater: one.raterName,
        raterKind: one.raterKind,
        state: answer.kind,
        value: answer.kind === 'answered' ? answer.value : null,
        reason: answer.kind === 'abstained' ? answer.reason : null,
        probability: one.probability,
        comment: one.comment,
        evidence: one.evidence,
        form: one.form,
        committedAt: one.committedAt,
        id: one.id,
      },
    ]
  })
}
