/** Reads ladder.yaml (or JSON) into core's `Ladder`; every mistake names file and line. */
import { readFile } from 'node:fs/promises'
import { parseLadder } from '@leeway/contract/ladders'
import { joinYamlPath, readYamlDocument, splitYamlPath, type YamlPath } from '@leeway/contract/yaml-document'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { CommandError } from '../../exit-codes.ts'

export type LadderFile = {
  readonly ladder: Ladder
  /** Line of a path such as `stages[3].exposure`, or of the nearest node above it. */
  readonly lineOf: (path: string) => number
}

export async function readLadderFile(path: string): Promise<LadderFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : error}`,
      'name a ladder file; docs/guide/ladder.md shows one',
    )
  })
  const document = readYamlDocument(text)
  if (!document.ok) throw new CommandError(`${path}:${document.line}: ${document.problem}`, document.fix)
  const parsed = parseLadder(document.value)
  if (!parsed.success) {
    const found = parsed.error.issues
      .slice(0, 10)
      .map(
        (issue) =>
          `${path}:${document.lineOf(issue.path as YamlPath)}: ${joinYamlPath(issue.path) || 'the document'}: ${issue.message}`,
      )
    throw new CommandError(found.join('\n        '), 'docs/guide/ladder.md lists the fields')
  }
  return { ladder: parsed.data, lineOf: (where) => document.lineOf(splitYamlPath(where)) }
}
