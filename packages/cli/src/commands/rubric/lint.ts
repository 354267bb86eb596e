/** `leeway rubric lint`: says what is wrong with a rubric, and where. */
import { criteriaOf, leavesOf } from '@leeway/core/rubrics/rubric'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { problemLine, readRubricFile } from './rubric-file.ts'

export function registerRubricLint(rubric: Command): void {
  rubric
    .command('lint')
    .description('check a rubric file and name the line of each mistake')
    .argument('<rubric.yaml>')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const file = await readRubricFile(path)
      const leaves = leavesOf(file.rubric)
      const programs = leaves.filter(({ check }) => check !== null).length
      const questions = criteriaOf(file.rubric).length
      if (options.json) {
        printJson({
          rubric: file.rubric.name,
          questions,
          leaves: leaves.length,
          programs,
          warnings: file.warnings,
        })
        return
      }
      for (const warning of file.warnings) printLine(plainText(`warning: ${problemLine(path, warning)}`))
      printLine(
        plainText(
          `${path}: no mistakes. "${file.rubric.name}" asks ${questions} questions; programs answer ${programs} of its ${leaves.length} leaves.`,
        ),
      )
    })
}
