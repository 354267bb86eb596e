/** `leeway comparison show`: which policies are preferred, and by what habits of those who answered. */
import type { Measured } from '@leeway/contract/agreement'
import { type ComparisonReport, showComparison } from '@leeway/contract/comparisons'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { type FindOptions, findComparison } from './find-comparison.ts'

export function registerComparisonShow(comparison: Command): void {
  withServerOptions(
    comparison
      .command('show')
      .description('which policies are preferred by a question')
      .option('--agent <name>', 'whose runs are compared')
      .option('--question <words>', 'words of the question, or the beginning of its hash')
      .option('--json', 'print JSON'),
  ).action(async (options: ServerOptions & FindOptions & { readonly json?: boolean }) => {
    const client = serverClient(options)
    const report = await withServer(async () => {
      const { agentId, criterionSha256 } = await findComparison(client, options)
      return client.call(showComparison, { params: { agent: agentId, criterion: criterionSha256 } })
    })
    if (options.json === true) return printJson(report)
    print(report)
  })
}

function print({
  question,
  answers,
  answersWanted,
  pairs,
  words,
  policies,
  people,
  models,
}: ComparisonReport) {
  printLine(plainText(question))
  printLine(`${answers} of ${answersWanted} answers to ${pairs} pairs`)
  printLine()
  for (const sentence of words) printLine(plainText(sentence))
  for (const pair of policies) {
    printLine()
    printTable(
      [`who says that ${plainText(pair.better)} is better than ${plainText(pair.worse)}`, 'in'],
      [
        ['people', share(pair.people)],
        ...pair.models.map((model): [string, string] => [plainText(model.rater), share(model.share)]),
        ['always the left one', share(pair.nulls.left)],
        ['always the longer one', share(pair.nulls.longer)],
        ['always the shorter one', share(pair.nulls.shorter)],
      ],
    )
  }
  if (people.length > 0) {
    printLine()
    printTable(
      ['person', 'answers', 'reliability', 'known pairs found'],
      people.map((one) => [
        plainText(one.rater),
        String(one.answers),
        share(one.reliability),
        one.known === 0 ? '–' : `${one.knownRight} of ${one.known}`,
      ]),
    )
  }
  for (const model of models)
    printLine(
      `${plainText(model.rater)}: the order changed its winner in ${share(model.flipped)}; with most people in ${share(model.withPeople)}.${model.waiting === null ? '' : ` ${plainText(model.waiting)}`}`,
    )
}

function share(measured: Measured): string {
  if (measured.kind === 'insufficient') return 'not known'
  const percent = (value: number) => Math.round(value * 100)
  return `${percent(measured.value)} % (${percent(measured.low)} to ${percent(measured.high)})`
}
