import { ImportRating, importRatings } from '@leeway/contract/raters'
import { showRubric } from '@leeway/contract/rubrics'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { fault } from '../../records/record-file.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRubric } from '../rubric/find-rubric.ts'
import { readRatingFile } from './rating-file.ts'
import { answerOf, type RatingRecord } from './rating-record.ts'

type Options = ServerOptions & {
  readonly rubric: string
  readonly agent?: string
  readonly json?: boolean
}

/** Of one request; with long comments it stays below the server's limit of one megabyte. */
const RATINGS_AT_ONCE = 200
const PROBLEMS_SHOWN = 20

export function registerRatingImport(rating: Command): void {
  withServerOptions(
    rating
      .command('import')
      .description(
        'take in ratings from elsewhere: CSV, JSON Lines, Label Studio or Argilla, told by content',
      )
      .argument('<file>', 'see docs/guide/rating-files.md')
      .requiredOption('--rubric <name>', 'the rubric whose questions they answer, by name or id')
      .option('--agent <name>', 'its agent, where several have one of that name')
      .option('--json', 'print JSON'),
  ).action(async (path: string, options: Options) => {
    const client = serverClient(options)
    const records = await readRatingFile(path)
    await withServer(async () => {
      const rubric = await findRubric(client, options.rubric, options.agent)
      const { nodes } = await client.call(showRubric, { params: { rubric: rubric.id } })
      const scales = new Map(
        nodes.flatMap(({ criterion }) => (criterion ? [[criterion.id, criterion.scale]] : [])),
      )
      const ratings = records.map((record) =>
        checked(path, record, {
          episodeId: record.episode,
          criterion: record.criterion,
          rater: record.rater,
          raterKind: record.raterKind,
          answer: answerOf({ path }, record, scales.get(record.criterion)),
          probability: record.probability,
          comment: record.comment,
          evidence: [...record.evidence],
          form: record.form,
          sourceKey: record.id,
          ...(record.committedAt === null ? {} : { committedAt: inUtc(record.committedAt) }),
        }),
      )
      let added = 0
      let known = 0
      const problems: { line: number; field: string; reason: string; fix: string }[] = []
      for (let at = 0; at < ratings.length; at += RATINGS_AT_ONCE) {
        const part = await client.call(importRatings, {
          body: { rubric: rubric.id, ratings: ratings.slice(at, at + RATINGS_AT_ONCE) },
        })
        added += part.added
        known += part.known
        for (const { index, ...problem } of part.problems)
          problems.push({ line: records[at + index]?.line ?? 0, ...problem })
      }
      if (options.json) printJson({ added, known, problems })
      else {
        printLine(`${added} ratings added, ${known} known already, ${problems.length} refused`)
        for (const { line, field, reason, fix } of problems.slice(0, PROBLEMS_SHOWN))
          printLine(plainText(`${path}:${line}: ${field}: ${reason}. ${fix}`))
        if (problems.length > PROBLEMS_SHOWN) printLine(`and ${problems.length - PROBLEMS_SHOWN} more`)
      }
      if (problems.length > 0) process.exitCode = EXIT.partial
    })
  })
}

/** Of the right shape, so that one bad line is told by its place and does not refuse its neighbours. */
function checked(path: string, record: RatingRecord, rating: object) {
  const parsed = ImportRating.safeParse(rating)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw fault(
    { path },
    record.line,
    `${issue?.path.join('.')}: ${issue?.message}`,
    'docs/guide/rating-files.md says what belongs there',
  )
}

/** As it stands when it is no time: the check says so. */
function inUtc(time: string): string {
  const at = new Date(time)
  return Number.isNaN(at.getTime()) ? time : at.toISOString()
}
