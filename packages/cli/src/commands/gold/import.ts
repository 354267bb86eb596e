/** `leeway gold import`: records known answers from a table. They vet people, clamp estimates and measure the check. */
import { ProblemError } from '@leeway/contract/client'
import { SetGold, setGold } from '@leeway/contract/raters'
import { showRubric } from '@leeway/contract/rubrics'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { fault, readRecordFile } from '../../records/record-file.ts'
import { requireColumn, requireText, textOf } from '../../records/record-value.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRubric } from '../rubric/find-rubric.ts'

type Options = ServerOptions & { readonly rubric: string; readonly agent?: string; readonly json?: boolean }

const PROBLEMS_SHOWN = 20
const OF_A_LINE: readonly string[] = ['not_found', 'conflict', 'unprocessable']

export function registerGoldImport(gold: Command): void {
  withServerOptions(
    gold
      .command('import')
      .description('record known answers; half of them, by hash, stay hidden for ever and measure the check')
      .argument('<file>', 'CSV or JSON Lines: episode, criterion, answer, and explanation if there is one')
      .requiredOption('--rubric <name>', 'the rubric whose questions they answer, by name or id')
      .option('--agent <name>', 'its agent, where several have one of that name')
      .option('--json', 'print JSON'),
  ).action(async (path: string, options: Options) => {
    const client = serverClient(options)
    const file = await readRecordFile(path)
    for (const column of ['episode', 'criterion', 'answer']) requireColumn(file, [column])
    await withServer(async () => {
      const rubric = await findRubric(client, options.rubric, options.agent)
      const { nodes } = await client.call(showRubric, { params: { rubric: rubric.id } })
      const questions = new Map(
        nodes.flatMap(({ criterion }) => (criterion ? [[criterion.id, criterion.sha256] as const] : [])),
      )
      // All are read before the first is sent: a line that cannot be right leaves nothing half done.
      const answers = file.records.map((record) => {
        const criterion = requireText(file, record, 'criterion')
        const criterionSha256 = questions.get(criterion)
        if (criterionSha256 === undefined)
          throw fault(
            file,
            record.line,
            `the rubric has no question "${criterion}"`,
            `one of: ${[...questions.keys()].slice(0, 20).join(', ')}`,
          )
        const parsed = SetGold.safeParse({
          episode: requireText(file, record, 'episode'),
          criterionSha256,
          value: requireText(file, record, 'answer'),
          explanation: textOf(file, record, 'explanation'),
        })
        if (parsed.success) return { line: record.line, body: parsed.data }
        const [issue] = parsed.error.issues
        throw fault(file, record.line, `${issue?.path.join('.')}: ${issue?.message}`, 'mend the line')
      })
      let recorded = 0
      const problems: { line: number; reason: string; fix: string }[] = []
      for (const { line, body } of answers)
        try {
          await client.call(setGold, { body })
          recorded += 1
        } catch (error) {
          // What is wrong with this line is told beside the others; anything else stops here, and can be sent again.
          if (!(error instanceof ProblemError) || !OF_A_LINE.includes(error.problem.code)) throw error
          problems.push({ line, reason: error.problem.detail, fix: error.problem.hint })
        }
      if (options.json) printJson({ recorded, problems })
      else {
        printLine(`${recorded} known answers stand, ${problems.length} were refused`)
        for (const { line, reason, fix } of problems.slice(0, PROBLEMS_SHOWN))
          printLine(plainText(`${path}:${line}: ${reason} ${fix}`))
        if (problems.length > PROBLEMS_SHOWN) printLine(`and ${problems.length - PROBLEMS_SHOWN} more`)
      }
      if (problems.length > 0) process.exitCode = EXIT.partial
    })
  })
}
