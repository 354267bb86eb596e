import { runTool } from './run-tool.ts'
import type { Violation } from './violation.ts'

type Found = { readonly name: string; readonly line?: number }
type Report = { readonly issues: readonly ({ readonly file: string } & Readonly<Record<string, unknown>>)[] }

/** Unused files, exports and dependencies, and imports nobody declared, by knip with `knip.json`. */
export async function findDeadCode(root: string): Promise<readonly Violation[]> {
  const result = runTool(root, 'knip/bin/knip.js', ['--no-progress', '--reporter', 'json'])
  let report: Report
  try {
    report = JSON.parse(result.stdout) as Report
  } catch {
    return [{ where: 'knip.json', what: 'knip failed', mend: `${result.stdout}${result.stderr}`.trim() }]
  }
  const violations = report.issues.flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, found]) =>
      !Array.isArray(found) ? [] : found.flat().map((item) => describe(issue.file, kind, item as Found)),
    ),
  )
  if (violations.length > 0 || result.code === 0) return violations
  return [
    { where: 'knip.json', what: `knip ended with exit code ${result.code}`, mend: result.stderr.trim() },
  ]
}

function describe(file: string, kind: string, item: Found): Violation {
  return {
    where: item.line === undefined ? file : `${file}:${item.line}`,
    what: `${kind}: ${item.name}`,
    mend: 'Use it, delete it, or declare it (see knip.json for the entries).',
  }
}
