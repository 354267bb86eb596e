/** Messages that send people to a guide must not send them nowhere; nor may a link between the papers of the house. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

test('every guide that a message of the command line or of core names is there', () => {
  const named = ['packages/cli/src', 'packages/core/src', 'packages/server/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap(
        (name) => readFileSync(join(root, folder, name), 'utf8').match(/docs\/guide\/[\w-]+\.md/g) ?? [],
      ),
  )
  expect(named.length).toBeGreaterThan(3)
  expect([...new Set(named)].filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('every relative link of README and the guides leads somewhere', () => {
  const papers = ['README.md', ...readdirSync(join(root, 'docs/guide')).map((name) => `docs/guide/${name}`)]
  const broken = papers.flatMap((paper) =>
    [...readFileSync(join(root, paper), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, dirname(paper), target)))
      .map((target) => `${paper}: ${target}`),
  )
  expect(broken).toEqual([])
})
