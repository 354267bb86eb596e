/** Reads a plain instruction. */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { INSTRUCTION_MAX } from '@leeway/core/response-rules/rules-in-instruction'
import { CommandError } from '../../exit-codes.ts'

/** `-` is standard input. */
export async function readInstructionFile(path: string): Promise<string> {
  const found = await (path === '-' ? text(process.stdin) : readFile(path, 'utf8')).catch(
    (error: unknown) => {
      throw new CommandError(
        `${path}: ${error instanceof Error ? error.message : error}`,
        'name a text file with the instruction, or - for standard input',
      )
    },
  )
  if (found.trim() === '') throw new CommandError(`${path} is empty`, 'write the instruction into it')
  if (found.length > INSTRUCTION_MAX)
    throw new CommandError(
      `${path} has ${found.length} characters, at most ${INSTRUCTION_MAX} are read`,
      'shorten the instruction, or draft its parts one by one',
    )
  return found
}
