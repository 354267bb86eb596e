/** Reads a rubric file; every mistake names file and line. */
import { readFile } from 'node:fs/promises'
import { readRubric } from '@leeway/contract/rubric-document'
import type { RubricProblem } from '@leeway/contract/rubrics'
import type { Rubric } from '@leeway/core/rubrics/rubric'
import { CommandError } from '../../exit-codes.ts'

export type RubricFile = {
  readonly source: string
  readonly rubric: Rubric
  readonly warnings: readonly RubricProblem[]
}

export async function readRubricFile(path: string): Promise<RubricFile> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : error}`,
      'name a rubric file; docs/guide/rubrics.md shows one',
    )
  })
  const read = readRubric(source)
  if (read.ok) return { source, rubric: read.rubric, warnings: read.problems }
  throw new CommandError(
    read.problems.map((problem) => problemLine(path, problem)).join('\n        '),
    `${read.problems.length} problem${read.problems.length === 1 ? '' : 's'} in all; docs/guide/rubrics.md lists the fields`,
  )
}

export function problemLine(file: string, { line, path, problem, fix }: RubricProblem): string {
  return `${file}:${line}: ${path === '' ? '' : `${path}: `}${problem}\n          ${fix}`
}
