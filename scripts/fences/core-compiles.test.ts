import { expect, test } from 'vitest'
import { findForeignTypes } from './core-compiles.ts'
import { withPlantedTree } from './planted-tree.ts'

const file = 'packages/core/src/gate/planted.ts'
const uses: readonly (readonly [name: string, code: string])[] = [
  ['process', 'process.pid'],
  ['console', "() => console.log('x')"],
  ['fetch', "() => fetch('http://127.0.0.1')"],
  ['document', '() => document.title'],
  ['setTimeout', '() => setTimeout(() => undefined, 1)'],
  ['Buffer', "Buffer.from('x')"],
]

test('core that uses Node or the browser does not compile', async () => {
  const lines = uses.map(([name, code]) => `export const ${name}Planted = ${code}`)
  await withPlantedTree({ [file]: lines.join('\n') }, async (root) => {
    const violations = await findForeignTypes(root)
    for (const [index, [name]] of uses.entries()) {
      const here = violations.filter(({ where }) => where === `${file}:${index + 1}`)
      expect(here.map(({ what }) => what).join('\n')).toContain(`'${name}'`)
    }
  })
})
