import { expect, test } from 'vitest'
import { findForeignTypes } from './core-compiles.ts'
import { findDeadCode } from './dead-code.ts'
import { withPlantedTree } from './planted-tree.ts'

test('unused exports, unused files and undeclared packages are reported', async () => {
  const planted = {
    'packages/core/src/planted/used.ts': 'export const plantedUnused = 1\nexport const plantedUsed = 2\n',
    'packages/core/src/planted/used.test.ts':
      "import { expect, test } from 'vitest'\nimport { plantedUsed } from './used.ts'\n" +
      "test('it is there', () => expect(plantedUsed).toBe(2))\n",
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
  })
})

test.each([
  ['process', 'export const planted = process.pid'],
  ['console', "export const planted = () => console.log('x')"],
  ['fetch', "export const planted = () => fetch('http://127.0.0.1')"],
  ['document', 'export const planted = () => document.title'],
  ['setTimeout', 'export const planted = () => setTimeout(() => undefined, 1)'],
])('core that uses %s does not compile', async (name, code) => {
  const file = 'packages/core/src/gate/planted.ts'
  await withPlantedTree({ [file]: `${code}\n` }, async (root) => {
    const mine = (await findForeignTypes(root)).filter(({ where }) => where === `${file}:1`)
    expect(mine.map(({ what }) => what).join('\n')).toContain(`'${name}'`)
  })
})
