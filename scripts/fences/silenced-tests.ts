import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './source-files.ts'
import type { Violation } from './violation.ts'

const silenced = [
  /\b(?:test|it|describe|suite|bench)\b(?:\s*\.\s*\w+)*\s*\.\s*(?:skip|only|todo|fails|skipIf|runIf)\b/,
  /\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(/,
  /\b(?:context|ctx|task)\s*\.\s*skip\s*\(/,
  /\{\s*(?:skip|only|todo|fails)\s*:\s*true\b/,
]

/** A test that is skipped, or that silences the others, proves nothing and looks like a pass. */
export async function findSilencedTests(root: string): Promise<readonly Violation[]> {
  return sourceFiles(root)
    .filter((file) => /\.test(-d)?\.tsx?$/.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const found = silenced
            .map((pattern) => pattern.exec(line)?.[0])
            .find((match) => match !== undefined)
          if (found === undefined) return []
          return [
            {
              where: `${file}:${index + 1}`,
              what: `a silenced test: ${found}`,
              mend: 'Repair or delete it.',
            },
          ]
        }),
    )
}
