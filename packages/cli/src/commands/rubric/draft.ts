/** `leeway rubric draft`: a rubric for a plain instruction, with a program for each rule about wording that it states, with core alone. */
import { writeRubricDraft } from '@leeway/contract/write-rubric-draft'
import type { Command } from 'commander'
import { readInstructionFile } from './instruction-file.ts'

export function registerRubricDraft(rubric: Command): void {
  rubric
    .command('draft')
    .description(
      'draft a rubric from a plain instruction, with programs for what it unmistakably asks of wording',
    )
    .argument('<instruction.txt>', 'the instruction in English; - is standard input')
    .option('--name <name>', 'name of the rubric', 'draft')
    .action(async (path: string, options: { readonly name: string }) => {
      const instruction = await readInstructionFile(path)
      process.stdout.write(writeRubricDraft({ name: options.name, instruction }))
    })
}
