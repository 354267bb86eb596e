/** `leeway episode plant`: copies of recorded episodes with one known fault each, to put before raters. No server. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import type { Episode } from '@leeway/core/episodes/episode'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { applyOperator, OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { OPERATOR_NAMES, type OperatorName } from '@leeway/core/planted-faults/operator'
import { openPath } from '@leeway/server/episodes/read/open-path'
import { readEpisodes } from '@leeway/server/episodes/read/read-episodes'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'

type Options = {
  readonly out: string
  readonly faults: string
  readonly operator: readonly OperatorName[]
  readonly seed: number
  readonly json?: boolean
}

export function registerEpisodePlant(episode: Command): void {
  episode
    .command('plant')
    .description('write copies of recorded episodes with one known fault in each, for raters to find')
    .argument('<path>', 'file or folder of recorded runs')
    .requiredOption('--out <file>', 'the copies, as JSON Lines for "leeway episode import"')
    .requiredOption('--faults <file>', 'CSV: which copy has which fault; keep it from raters')
    .addOption(
      new Option('--operator <names...>', 'which faults').choices(OPERATOR_NAMES).default(OPERATOR_NAMES),
    )
    .option('--seed <number>', 'where each fault goes is drawn from this', numberBetween(0, 2 ** 31), 1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const report = await plant(path, options)
      if (options.json === true) return printJson(report)
      printTable(
        ['fault', 'breaks', 'planted', 'no place for it'],
        report.operators.map(({ operator, breaks, planted, noPlace }) => [
          operator,
          breaks,
          String(planted),
          String(noPlace),
        ]),
      )
      printLine(`${report.copies} copies of ${report.episodes} episodes in ${plainText(options.out)}.`)
      printLine('Look at each beside its original before you call it a fault: nothing here knows the policy.')
      for (const problem of report.problems) printLine(plainText(problem))
    })
}

async function plant(path: string, { out, faults, operator, seed }: Options) {
  const opened = await openPath(path).catch((error: unknown) => {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : error}`,
      'name a file or folder of recorded runs; docs/guide/formats.md lists the formats',
    )
  })
  const file = createWriteStream(out)
  await once(file, 'open').catch((error: Error) => {
    throw new CommandError(`${out}: ${error.message}`, 'give a path that can be written')
  })
  const rows = ['copy,original,fault,step,what']
  const problems: string[] = []
  const tally = new Map(operator.map((name) => [name, { planted: 0, noPlace: 0 }]))
  let episodes = 0
  for (const source of opened.sources)
    for await (const read of readEpisodes(source.open(), { name: source.name })) {
      if (read.kind === 'problem') {
        problems.push(`${read.file}:${read.line}: ${read.reason}`)
        continue
      }
      episodes += 1
      for (const [name, counted] of tally) {
        const found = applyOperator(name, read.episode, seedOf(seed, episodes, name))
        if (found.kind === 'insufficient') {
          counted.noPlace += 1
          continue
        }
        counted.planted += 1
        if (!file.write(`${episodeLine(asNew(found.episode))}\n`)) await once(file, 'drain')
        rows.push(
          [rows.length, `${source.name}:${read.line}`, name, found.step, found.words].map(csvCell).join(','),
        )
      }
    }
  file.end()
  await once(file, 'finish')
  try {
    writeFileSync(faults, `${rows.join('\n')}\n`)
  } catch (error) {
    throw new CommandError(`${faults}: ${(error as Error).message}`, 'give a path that can be written')
  }
  const operators = [...tally].map(([name, counts]) => ({
    operator: name,
    breaks: OPERATORS[name].breaks,
    ...counts,
  }))
  return { episodes, copies: rows.length - 1, operators, problems }
}

/** The copy is another episode than its original, no policy's doing, and what came of it is not known. */
function asNew(episode: Episode): Episode {
  const outcome = { success: null, severe: false, detail: null }
  return { ...episode, sourceId: null, policyName: null, policyConfig: null, outcome }
}

/** Another place in each episode, and the same one whatever other faults are asked for. */
function seedOf(seed: number, episode: number, name: OperatorName): number {
  return createHash('sha256').update(`${seed}:${episode}:${name}`).digest().readInt32BE(0)
}

function csvCell(value: string | number): string {
  const text = String(value)
  // A spreadsheet would run what begins like a formula, and the words quote episodes.
  const inert = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
