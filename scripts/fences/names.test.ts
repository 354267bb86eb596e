import { expect, test } from 'vitest'
import { longFiles } from './long-files.ts'
import { findEmptyNames } from './names.ts'
import { withPlantedTree } from './planted-tree.ts'
import { findSilencedTests } from './silenced-tests.ts'

const core = 'packages/core/src'

test('names that say nothing and index files are reported, others are not', async () => {
  const bad = [
    `${core}/utils.ts`,
    `${core}/gate/gate-helpers.ts`,
    `${core}/common/thing.ts`,
    `packages/web/src/shared/Thing.tsx`,
    `packages/server/src/releases/release-manager.ts`,
    `packages/web/src/releases/ReleaseManager.tsx`,
    `${core}/gate/index.ts`,
    'scripts/util.mjs',
  ]
  const good = [`${core}/gate/commonly-held.ts`, `${core}/index-of-units.ts`]
  const tree = Object.fromEntries([...bad, ...good].map((file) => [file, 'export const planted = 0\n']))
  await withPlantedTree(tree, async (root) => {
    const found = (await findEmptyNames(root)).map(({ where }) => where)
    expect(found).toEqual(expect.arrayContaining(bad))
    for (const file of good) expect(found).not.toContain(file)
  })
})

test('silenced tests are reported with their line', async () => {
  // Put together here, because this file is looked at too.
  const lines = [
    ['it', 'only'],
    ['test', 'skip'],
    ['describe', 'todo'],
    ['test', 'concurrent', 'only'],
    ['test', 'skipIf'],
  ].map((words) => `${words.join('.')}('planted', () => {})`)
  const options = `test('planted', { ${'skip'}: true }, () => {})`
  const file = `${core}/planted.test.ts`
  const loud = `${core}/loud.test.ts`
  const quiet = "test('only skip what is todo', () => { expect(rows.skip).toBe(true) })\n"
  await withPlantedTree({ [file]: [...lines, options].join('\n'), [loud]: quiet }, async (root) => {
    const found = (await findSilencedTests(root)).map(({ where }) => where)
    expect(found).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6].map((line) => `${file}:${line}`)))
    expect(found.filter((where) => where.startsWith(loud))).toEqual([])
  })
})

test('long files are listed with their length', async () => {
  const file = `${core}/planted-long.ts`
  await withPlantedTree({ [file]: 'export {}\n'.repeat(401) }, async (root) => {
    expect(longFiles(root)).toContainEqual({ file, lines: 401 })
  })
})
