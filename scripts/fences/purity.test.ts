import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findImpurities } from './purity.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leeway-purity-'))
  plant(
    'packages/core/package.json',
    JSON.stringify({ dependencies: { '@stdlib/declared': '1.0.0', re2js: '1.0.0', zod: '4.0.0' } }),
  )
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const file = 'packages/core/src/gate/planted.ts'

test.each([
  ['the clock', 'export const now = Date.now()', 'uses Date.now'],
  ['the clock, by a computed name', "export const now = Date['now']()", 'uses Date.now'],
  ['a fresh date', 'export const now = new Date()', 'uses new Date() without an argument'],
  ['a date without parentheses', 'export const now = new Date', 'uses new Date() without an argument'],
  ['Date called as a function', 'export const now = Date()', 'passes Date on or calls it'],
  ['Date under another name', 'const D = Date; export const now = D.now()', 'passes Date on or calls it'],
  [
    'a local date',
    'export const d = new Date(2026, 1, 1)',
    'uses new Date(year, month, …), which depends on the time zone',
  ],
  [
    'a local hour',
    'export const h = (d: Date) => d.getHours()',
    'uses getHours, which depends on the time zone',
  ],
  ['randomness', 'export const x = Math.random()', 'uses Math.random'],
  [
    'randomness taken apart',
    'const { random } = Math; export const x = random()',
    'passes Math on or calls it',
  ],
  [
    'randomness by a hidden name',
    "const r = 'random'; export const x = Math[r]()",
    'uses a computed member of Math',
  ],
  ['performance', 'export const t = performance.now()', 'uses performance'],
  ['crypto', 'export const id = crypto.randomUUID()', 'uses crypto'],
  ['globalThis', "export const p = globalThis['process']", 'uses globalThis'],
  ['in a call argument', 'export const x = Number.parseInt(String(Math.random()), 10)', 'uses Math.random'],
  ['in a template', `export const x = \`at \${Date.now()}\``, 'uses Date.now'],
  ['as a default argument', 'export function f(now = Date.now()) { return now }', 'uses Date.now'],
  ['as a shorthand property', 'export const all = { crypto }', 'uses crypto'],
  [
    'the locale',
    'export const s = (n: number) => n.toLocaleString()',
    'uses toLocaleString without a written locale',
  ],
  ['import()', "export const m = import('../x.ts')", 'uses import()'],
  ['an undeclared package', "import { z } from 'vitest'\nexport const x = z", 'imports vitest'],
  ['a declared package of another kind', "import { z } from 'zod'\nexport const x = z", 'imports zod'],
  [
    'an undeclared @stdlib package',
    "import f from '@stdlib/undeclared'\nexport const x = f",
    'imports @stdlib/undeclared',
  ],
  ['Node', "import { readFileSync } from 'node:fs'\nexport const x = readFileSync", 'imports node:fs'],
])('core may not use %s', async (_, code, what) => {
  // Text of several bytes a letter in front shows that lines are counted right.
  plant(file, `// prüfe – 評価\n\n${code}\n`)
  const violations = await findImpurities(root)
  expect(violations.map((violation) => violation.what)).toContain(what)
  expect(violations[0]?.where).toBe(`${file}:3`)
})

test.each([
  ['a date from a number', 'export const d = new Date(0)'],
  ['the type Date', 'export const f = (d: Date): d is Date => d instanceof Date'],
  ['Date.parse and Math.max', "export const x = Math.max(Date.parse('2026-01-01T00:00:00Z'), Math.PI)"],
  ['a field called performance', 'export const f = (x: { performance: number }) => x.performance'],
  ['a key called crypto', 'export const x = { crypto: 1 }'],
  ['the words in text', "export const x = 'Math.random() and Date.now()' // crypto, globalThis"],
  ['a written locale', "export const s = (n: number) => n.toLocaleString('en-US')"],
  ['a declared package that was found pure', "import { RE2JS } from 're2js'\nexport const x = RE2JS"],
  ['a declared @stdlib package', "import f from '@stdlib/declared'\nexport const x = f"],
])('core may use %s', async (_, code) => {
  plant(file, `${code}\n`)
  expect(await findImpurities(root)).toEqual([])
})

test('tests of core may import the test tools and use Node', async () => {
  plant(
    'packages/core/src/gate/planted.test.ts',
    "import 'vitest'\nimport 'fast-check'\nimport 'node:fs'\nDate.now()\n",
  )
  expect(await findImpurities(root)).toEqual([])
})

function plant(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
