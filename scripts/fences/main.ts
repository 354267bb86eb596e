// `npm run fences`: every fence over the tree; then scripts/test.mjs runs the fences' own tests.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findWrongArrows } from './arrows.ts'
import { findForeignTypes } from './core-compiles.ts'
import { findDeadCode } from './dead-code.ts'
import { longFileLines, longFiles } from './long-files.ts'
import { findEmptyNames } from './names.ts'
import { withPlantedTree } from './planted-tree.ts'
import { findImpurities } from './purity.ts'
import { findSilencedTests } from './silenced-tests.ts'
import { sourceFiles } from './source-files.ts'
import type { Fence, Violation } from './violation.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const fences: readonly (readonly [name: string, fence: Fence])[] = [
  ['core knows no Node and no browser', findForeignTypes],
  ['core has no clock, randomness or surroundings', findImpurities],
  ['imports follow the arrows', findWrongArrows],
  ['nothing is unused or undeclared', findDeadCodeInSources],
  ['names say something', findEmptyNames],
  ['no test is silenced', findSilencedTests],
]

let total = 0
for (const [name, fence] of fences) {
  const begun = performance.now()
  const violations = await fence(root)
  total += violations.length
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`${violations.length === 0 ? 'ok    ' : 'FAILED'} ${name} ${seconds} s`)
  for (const { where, what, mend } of violations) console.log(`       ${where}: ${what}\n         ${mend}`)
}
for (const { file, lines } of longFiles(root)) {
  console.log(`warn   ${file} has ${lines} lines (over ${longFileLines})`)
}
console.log(`${total} violations in ${sourceFiles(root).length} files`)
process.exitCode = total === 0 ? 0 : 1

/** In a copy without `dist`: where one is, knip follows imports between packages there and not to the sources. */
async function findDeadCodeInSources(): Promise<readonly Violation[]> {
  let found: readonly Violation[] = []
  await withPlantedTree({}, async (copy) => {
    found = await findDeadCode(copy)
  })
  return found
}
