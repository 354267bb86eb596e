import { runTool } from './run-tool.ts'
import type { Violation } from './violation.ts'

/** Core compiles with the language alone: no Node types, no DOM types. */
export async function findForeignTypes(root: string): Promise<readonly Violation[]> {
  const result = runTool(root, 'typescript/bin/tsc', [
    '-p',
    'packages/core/tsconfig.json',
    '--pretty',
    'false',
  ])
  if (result.code === 0) return []
  const errors = [...result.stdout.matchAll(/^(\S.*?)\((\d+),\d+\): error (.*)$/gm)]
  const mend = 'core knows neither Node nor the browser: take what you need as an argument.'
  if (errors.length === 0)
    return [{ where: 'packages/core', what: result.stdout.trim() || result.stderr.trim(), mend }]
  return errors.map(([, file, line, what]) => ({ where: `${file}:${line}`, what: what ?? '', mend }))
}
