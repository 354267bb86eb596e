import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findWrongArrows } from './arrows.ts'
import { withPlantedTree } from './planted-tree.ts'

const core = 'packages/core/src/planted'
const server = 'packages/server/src'
const nothing = 'export const nothing = 0\n'
const use = (from: string) => `import { nothing } from '${from}'\nexport const used = nothing\n`

/** Every planted file with the rule that must name it; undefined for an import that is allowed. */
const planted: readonly (readonly [file: string, text: string, rule: string | undefined])[] = [
  [`${server}/planted/thing.ts`, nothing, undefined],
  [`${server}/planted/store.ts`, nothing, undefined],
  [`${server}/planted/audit-store.ts`, nothing, undefined],
  [`${server}/planted/restore.ts`, nothing, undefined],
  [`${server}/episodes/read/planted.ts`, nothing, undefined],
  [`${server}/mcp/session/planted.ts`, nothing, undefined],
  [`${core}/thing.ts`, nothing, undefined],
  ['packages/contract/src/planted.ts', use('@leeway/core/planted/thing'), undefined],
  [`${core}/server.ts`, use('@leeway/server/planted/thing'), 'core-imports-nothing-of-ours'],
  [`${core}/sideways.ts`, use('../../../server/src/planted/thing.ts'), 'core-imports-nothing-of-ours'],
  [`${core}/contract.ts`, use('@leeway/contract/planted'), 'core-imports-nothing-of-ours'],
  [
    `${core}/using.ts`,
    `${use('@leeway/server/planted/thing')}export function f() { using a = used; return () => { using b = a } }\n`,
    'core-imports-nothing-of-ours',
  ],
  [`${core}/nowhere.ts`, use('@leeway/core/planted/nothing-there'), 'every-import-resolves'],
  ['packages/contract/src/upward.ts', use('@leeway/server/planted/thing'), 'contract-imports-core'],
  ['packages/web/src/planted.tsx', use('@leeway/server/planted/thing'), 'web-talks-through-contract'],
  [`${server}/planted/study.ts`, use('../../../../lab/planted.ts'), 'server-imports-core-and-contract'],
  ['packages/ai-sdk/src/planted.ts', use('@leeway/server/planted/thing'), 'ai-sdk-imports-core-and-contract'],
  ['packages/cli/src/planted.ts', use('@leeway/server/planted/thing'), 'cli-imports-server-to-serve'],
  ['packages/cli/src/reading.ts', use('@leeway/server/episodes/read/planted'), undefined],
  ['lab/planted.ts', use('@leeway/core/planted/thing'), undefined],
  ['lab/effect.ts', use('@leeway/server/planted/thing'), 'lab-imports-core-and-contract'],
  [`${core}/one.ts`, use('./two.ts'), 'no-cycles'],
  [`${core}/two.ts`, use('./one.ts'), undefined],
  [`${server}/planted/service.ts`, use('./store.ts'), undefined],
  [`${server}/planted-neighbour/service.ts`, use('../planted/store.ts'), 'store-stays-in-its-feature'],
  [`${server}/planted-neighbour/audit.ts`, use('../planted/audit-store.ts'), 'store-stays-in-its-feature'],
  [`${server}/planted-neighbour/backup.ts`, use('../planted/restore.ts'), undefined],
  [`${server}/planted-root.ts`, use('./planted/store.ts'), 'store-stays-in-the-server'],
  ['packages/cli/src/session.ts', use('@leeway/server/mcp/session/planted'), undefined],
  [`${server}/mcp/session/rows.ts`, use('../../episodes/read/through.ts'), 'file-reading-needs-no-database'],
  [`${server}/episodes/read/rows.ts`, use('./through.ts'), 'file-reading-needs-no-database'],
  [
    `${server}/episodes/read/through.ts`,
    "import pg from 'pg'\nexport const nothing = pg\n",
    'file-reading-needs-no-database',
  ],
]

test('every planted arrow is reported under its rule, and no allowed one is', async () => {
  const tree = Object.fromEntries(planted.map(([file, text]) => [file, text]))
  await withPlantedTree(tree, async (root) => {
    const violations = await findWrongArrows(root)
    expect(violations.filter(({ what }) => what === 'dependency-cruiser failed')).toEqual([])
    const rulesAt = (file: string) =>
      violations.filter(({ where }) => where === file).map(({ what }) => what.split(':')[0])
    for (const [file, , rule] of planted) {
      if (rule === undefined) expect(rulesAt(file), file).toEqual([])
      else expect(rulesAt(file), file).toContain(rule)
    }
  })
})

test('a cruise that looks at nothing is a violation for every file', async () => {
  await withPlantedTree({ [`${core}/thing.ts`]: nothing }, async (root) => {
    // What happens without the swc parser: no TypeScript file is seen.
    const withoutParser = {
      forbidden: [],
      options: { exclude: { path: '[.]tsx?$' }, doNotFollow: { path: 'node_modules' } },
    }
    writeFileSync(
      join(root, '.dependency-cruiser.cjs'),
      `module.exports = ${JSON.stringify(withoutParser)}\n`,
    )
    const violations = await findWrongArrows(root)
    expect(violations).toContainEqual(
      expect.objectContaining({
        where: `${core}/thing.ts`,
        what: 'dependency-cruiser did not look at this file',
      }),
    )
    rmSync(join(root, '.dependency-cruiser.cjs'))
    expect(await findWrongArrows(root)).toContainEqual(
      expect.objectContaining({ what: 'dependency-cruiser failed' }),
    )
  })
})
