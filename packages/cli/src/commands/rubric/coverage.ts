/** `leeway rubric coverage`: which clauses of the instruction the questions of a rubric check, with core alone. */
import { type RubricCoverage, rubricCoverage } from '@leeway/core/instruction-coverage/rubric-coverage'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { readInstructionFile } from './instruction-file.ts'
import { readRubricFile } from './rubric-file.ts'

const MARKS = { checked: 'checked  ', partly: 'partly   ', unchecked: 'UNCHECKED' } as const

export function registerRubricCoverage(rubric: Command): void {
  rubric
    .command('coverage')
    .description('say which clauses of its instruction the questions of a rubric check, and which none does')
    .argument('<rubric.yaml>')
    .option('--instruction <file>', 'another text than the one in the rubric, such as a newer handbook')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { readonly instruction?: string; readonly json?: boolean }) => {
      const file = await readRubricFile(path)
      const instruction =
        options.instruction === undefined
          ? file.rubric.instruction
          : await readInstructionFile(options.instruction)
      if (instruction === undefined)
        throw new CommandError(
          `${path} holds no instruction`,
          'write instruction: at its top, or name a file with --instruction',
        )
      const coverage = rubricCoverage(instruction, file.rubric)
      if (options.json) printJson(toldInFull(instruction, coverage))
      else printCoverage(instruction, coverage)
    })
}

function toldInFull(instruction: string, { clauses, ...counts }: RubricCoverage) {
  return {
    ...counts,
    clauses: clauses.map((clause) => ({ ...clause, text: instruction.slice(clause.from, clause.to) })),
  }
}

function printCoverage(instruction: string, coverage: RubricCoverage): void {
  for (const { from, to, state, by } of coverage.clauses) {
    const text = instruction.slice(from, to).replace(/\s+/g, ' ')
    printLine(plainText(`${MARKS[state]}  ${text}${by.length === 0 ? '' : `  [${by.join(', ')}]`}`))
  }
  if (coverage.clauses.length > 0) printLine()
  for (const { id, quote } of coverage.invented)
    printLine(plainText(`"${id}" quotes words that this instruction does not hold: ${quote}`))
  if (coverage.unquoted.length > 0)
    printLine(plainText(`Say of no words that they check them: ${coverage.unquoted.join(', ')}.`))
  printLine(
    coverage.share === null
      ? 'The instruction has no clause, so nothing can be checked.'
      : `Questions check ${coverage.checked} of ${coverage.clauses.length} clauses (${Math.round(coverage.share * 100)} %), ${coverage.partly} in part, ${coverage.unchecked} not at all.`,
  )
}
