import { expect, test } from 'vitest'
import { findDeadCode } from './dead-code.ts'
import { withPlantedTree } from './planted-tree.ts'

test('unused exports, unused files and undeclared packages are reported', async () => {
  const planted = {
    'packages/core/src/planted/used.ts': 'export const plantedUnused = 1\nexport const plantedUsed = 2\n',
    'packages/core/src/planted/used.test.ts':
      "import { expect, test } from 'vitest'\nimport { plantedUsed } from './used.ts'\n" +
      "test('it is there', () => expect(plantedUsed).toBe(2))\n",
    'packages/core/src/planted/across.ts': 'export const plantedAcross = 1\n',
    'packages/server/src/planted/across.test.ts':
      "import { plantedAcross } from '@leeway/core/planted/across'\nconsole.log(plantedAcross)\n",
    'packages/server/src/planted/lonely.ts': 'export const plantedLonely = 1\n',
    'packages/web/src/planted/Lonely.tsx': 'export const PlantedLonely = () => null\n',
    'packages/core/src/planted/undeclared.test.ts':
      "import undeclared from 'left-pad-of-nobody'\nundeclared()\n",
  }
  await withPlantedTree(planted, async (root) => {
    const found = (await findDeadCode(root)).map(({ where, what }) => `${where} ${what}`)
    expect(found).toContain('packages/core/src/planted/used.ts:1 exports: plantedUnused')
    expect(found).toContain('packages/server/src/planted/lonely.ts:1 exports: plantedLonely')
    expect(found).toContain('packages/web/src/planted/Lonely.tsx files: packages/web/src/planted/Lonely.tsx')
    expect(found.join('\n')).toMatch(/undeclared\.test\.ts:1 unlisted: left-pad-of-nobody/)
    expect(found.join('\n')).not.toContain('plantedUsed')
    expect(found.join('\n'), 'an import from another package is a use').not.toContain('plantedAcross')
  })
})
