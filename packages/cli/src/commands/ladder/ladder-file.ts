/** Reads ladder.yaml (or JSON) into core's `Ladder`; every mistake names file and line. */
import { readFile } from 'node:fs/promises'
import { parseLadder } from '@leeway/contract/ladders'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { isNode, LineCounter, parseDocument } from 'yaml'
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
  const lines = new LineCounter()
  // No custom tags, no anchors beyond a few: a ladder is data, and an alias bomb must not be expanded.
  const document = parseDocument(text, { lineCounter: lines, schema: 'core' })
  const broken = document.errors[0]
  if (broken)
    throw new CommandError(
      `${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0]}`,
      'mend the YAML',
    )
  const lineOf = (where: readonly PropertyKey[]): number => {
    for (let depth = where.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(where.slice(0, depth), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const parsed = parseLadder(toValue(path, () => document.toJS({ maxAliasCount: 20 })))
  if (!parsed.success) {
    const found = parsed.error.issues
      .slice(0, 10)
      .map((issue) => `${path}:${lineOf(issue.path)}: ${joinPath(issue.path)}: ${issue.message}`)
    throw new CommandError(found.join('\n        '), 'docs/guide/ladder.md lists the fields')
  }
  return { ladder: parsed.data, lineOf: (text) => lineOf(splitPath(text)) }
}

function toValue(path: string, read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : error}`,
      'write the values out instead of repeating aliases',
    )
  }
}

function joinPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part, index) =>
        typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`,
      )
      .join('') || 'the document'
  )
}

function splitPath(path: string): readonly (string | number)[] {
  return path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
