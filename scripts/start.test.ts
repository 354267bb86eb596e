import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { complaintAboutNode } from './node-version.mjs'

const repository = dirname(dirname(fileURLToPath(import.meta.url)))
const compiled = ['core', 'contract', 'server', 'cli']

// Stands in for the real server, whose signals have tests of their own: says what it was given, counts signals.
const program = `
let signals = 0
process.on('SIGINT', () => { signals += 1; setTimeout(() => { console.log('signals', signals); process.exit(7) }, 400) })
console.log('args', process.argv.slice(2).join(' '))
if (process.argv.includes('--leave')) process.exit(3)
setInterval(() => {}, 1000)
`

let root = ''

/** A small repository with our own scripts and settings, the real compiler and nearly empty packages. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'leeway-start-'))
  cpSync(join(repository, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'))
  for (const name of ['start', 'build-packages', 'fingerprint', 'install-missing', 'node-version']) {
    plant(`scripts/${name}.mjs`)
  }
  plant('package-lock.json', '{ "packages": {} }')
  plant('node_modules/.package-lock.json', '{ "packages": {} }')
  for (const name of ['typescript', '@types', '@typescript', 'undici-types']) {
    const installed = join(repository, 'node_modules', name)
    if (existsSync(installed)) symlinkSync(installed, join(root, 'node_modules', name))
  }
  for (const name of compiled) {
    plant(`packages/${name}/tsconfig.build.json`)
    plant(`packages/${name}/package.json`, '{ "type": "module" }')
    plant(`packages/${name}/src/main.ts`, `export const name = '${name}'\n`)
  }
  plant('packages/server/src/db/migrations/0000_first.sql', 'select 1;\n')
  plant('packages/cli/bin/leeway.js', program)
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the first start builds, later ones only what changed, and arguments and exit code pass through', async () => {
  const first = await start(['--port', '4500', '--leave'])
  expect(first.lines).toContain('args serve --demo --port 4500 --leave')
  expect(first.code).toBe(3)
  expect(built(first.lines)).toEqual(compiled)
  expect(existsSync(join(root, 'packages/server/dist/db/migrations/0000_first.sql'))).toBe(true)

  expect(built((await start(['--leave'])).lines)).toEqual([])

  plant('packages/contract/src/main.test.ts', 'export {}\n')
  expect(built((await start(['--leave'])).lines), 'a test is no input of the build').toEqual([])

  plant('packages/contract/src/renamed.ts', 'export const renamed = 1\n')
  rmSync(join(root, 'packages/contract/src/main.ts'))
  expect(built((await start(['--leave'])).lines)).toEqual(['contract', 'server', 'cli'])
  expect(existsSync(join(root, 'packages/contract/dist/renamed.js'))).toBe(true)
  expect(existsSync(join(root, 'packages/contract/dist/main.js')), 'deleted sources leave nothing').toBe(
    false,
  )
})

test('a build that fails starts nothing and is tried again', async () => {
  plant('packages/cli/src/main.ts', "export const name: number = 'cli'\n")
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { code, lines } = await start(['--leave'])
    expect(code).toBe(1)
    expect(lines.join('\n')).toMatch(/main\.ts\(1,14\): error TS2322[\s\S]*The build of packages\/cli failed/)
    expect(lines.join('\n')).not.toContain('args')
  }
  plant('packages/cli/src/main.ts', "export const name = 'cli'\n")
  expect((await start(['--leave'])).code).toBe(3)
})

test('the same Ctrl-C delivered twice reaches the server once, and its exit code is ours', async () => {
  const { code, lines } = await start([], (child) => {
    child.kill('SIGINT')
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 100)
  })
  expect(lines).toContain('signals 1')
  expect(code).toBe(7)
})

test.each([
  ['18.20.4', true],
  ['20.18.3', true],
  ['20.19.0', false],
  ['22.1.0', false],
])('Node %s is refused: %s', (version, refused) => {
  expect(complaintAboutNode(version) !== undefined).toBe(refused)
})

type Ended = { readonly code: number | null; readonly lines: readonly string[] }

/** Runs `npm start`'s program to its end; `whenServing` is called when the server has started. */
function start(
  args: readonly string[],
  whenServing?: (child: ReturnType<typeof spawn>) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('args')) whenServing?.(child)
    })
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, lines }))
  })
}

function built(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /^build (\w+): [\d.]+ s$/.exec(line)?.[1] ?? [])
}

/** Writes a file; without a text, the repository's own. */
function plant(path: string, text?: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  if (text === undefined) cpSync(join(repository, path), join(root, path))
  else writeFileSync(join(root, path), text)
}
