import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './source-files.ts'

/** Lines above which a file wants a reason. */
export const longFileLines = 400

/** Files that are longer than a reader keeps in mind: a warning, not a violation. */
export function longFiles(root: string): readonly { readonly file: string; readonly lines: number }[] {
  return sourceFiles(root)
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > longFileLines)
    .sort((a, b) => b.lines - a.lines)
}
