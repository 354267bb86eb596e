/** `leeway judge list`: the model raters of the project, and their newest runs. */
import { listJudgeRuns, listJudges } from '@leeway/contract/judges'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { usd } from './usd.ts'

export function registerJudgeList(judge: Command): void {
  withServerOptions(judge.command('list'))
    .description('list model raters and their newest runs')
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { readonly json?: boolean }) => {
      const client = serverClient(options)
      const [{ items: judges }, { items: runs }] = await withServer(() =>
        Promise.all([client.call(listJudges), client.call(listJudgeRuns)]),
      )
      if (options.json === true) return printJson({ judges, runs })
      if (judges.length === 0)
        return printLine('No judges yet. Declare one: leeway judge declare NAME --model MODEL')
      printTable(
        ['judge', 'model', 'endpoint', 'answers', 'abstained', 'cost an answer'],
        judges.map((one) => [
          plainText(one.name),
          plainText(one.model),
          plainText(one.baseUrl ?? one.provider),
          String(one.ratings - one.abstained),
          String(one.abstained),
          one.usdAnAnswer === null ? '–' : usd(one.usdAnAnswer),
        ]),
      )
      if (runs.length === 0) return
      printLine()
      printTable(
        ['run started', 'judge', 'state', 'questions', 'answered', 'abstained', 'cost'],
        runs.map((run) => [
          run.startedAt,
          plainText(run.judgeName),
          run.state,
          String(run.questions),
          String(run.answered),
          String(run.abstained),
          run.costUsd === null ? '–' : usd(run.costUsd),
        ]),
      )
    })
}
