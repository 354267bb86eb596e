/** `leeway judge run`: has a model rater answer a rubric, and waits until it is done or rests. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { type JudgeRunView, showJudgeRun, startJudgeRun } from '@leeway/contract/judges'
import { type Command, InvalidArgumentError } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findJudge, findRubricId } from './find-judge.ts'
import { usd } from './usd.ts'

type Options = ServerOptions & {
  readonly rubric: string
  readonly questions?: string
  readonly episodes: number
  readonly checks: number
  readonly voices?: number
  readonly wait: boolean
  readonly json?: boolean
}

const LOOK_EVERY_MS = 1_000

export function registerJudgeRun(judge: Command): void {
  withServerOptions(judge.command('run'))
    .description('have a model rater answer what models may answer; ends with 6 when the run rests')
    .argument('<judge>', 'name or id')
    .requiredOption('--rubric <name>', 'name or id of the rubric')
    .option('--questions <ids>', 'only these questions of the rubric, by id, with commas between')
    .option('--episodes <count>', 'at most so many episodes, newest first', readCount, 100)
    .option(
      '--checks <share>',
      'put this share as a check of what somebody answered, drawn by lot',
      readShare,
      0,
    )
    .option(
      '--voices <count>',
      'only where fewer independent voices have answered: people one each, models one a family',
      readCount,
    )
    .option('--no-wait', 'start it and leave; the server goes on')
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const client = serverClient(options)
      const run = await withServer(async () => {
        const started = await client.call(startJudgeRun, {
          body: {
            judge: (await findJudge(client, name)).id,
            rubric: await findRubricId(client, options.rubric),
            episodesMax: options.episodes,
            verifyShare: options.checks,
            ...(options.voices === undefined ? {} : { voicesWanted: options.voices }),
            ...(options.questions === undefined
              ? {}
              : { criteria: options.questions.split(',').map((id) => id.trim()) }),
          },
        })
        return options.wait ? runEnded(client, started) : started
      })
      if (run.state === 'paused') process.exitCode = EXIT.partial
      if (options.json === true) printJson(run)
      else printRun(run)
    })
}

/** Tells on stderr how far it is, until it is done or rests. */
export async function runEnded(client: Client, started: JudgeRunView): Promise<JudgeRunView> {
  let run = started
  let told = -1
  while (run.state === 'running') {
    const done = run.answered + run.abstained
    // Only stdout holds results.
    if (done > told) process.stderr.write(`${done} of ${run.questions} questions\n`)
    told = done
    await wait(LOOK_EVERY_MS)
    run = await client.call(showJudgeRun, { params: { run: started.id } })
  }
  return run
}

export function printRun(run: JudgeRunView): void {
  const { questions, answered, abstained } = run
  if (questions === 0) {
    printLine(
      'Nothing to ask: it has answered on every episode that it may judge, or nothing more is wanted there.',
    )
    return
  }
  printLine(
    plainText(
      `${run.judgeName}: ${answered} of ${questions} questions answered, ${abstained} abstained, ${run.state}`,
    ),
  )
  const done = answered + abstained
  const each = run.costUsd === null || done === 0 ? '' : `, ${usd(run.costUsd / done)} a question`
  printLine(
    `Cost: ${run.costUsd === null ? 'not known' : usd(run.costUsd)}${each}; ${run.inputTokens} tokens in, ${run.outputTokens} out`,
  )
  if (run.why !== null) printLine(plainText(run.why))
}

export function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new InvalidArgumentError('Expected a whole number from 1 to 100000.')
  return count
}

function readShare(text: string): number {
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('Expected a share from 0 to 1, such as 0.5.')
  return share
}
