import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { filesIn, fingerprint, isTest } from './fingerprint.mjs'

/**
 * In order of the import arrows: each package is compiled against the declarations of the ones before it.
 *
 * @type {readonly { readonly name: string, readonly upstream: readonly string[] }[]}
 */
const compiled = [
  { name: 'core', upstream: [] },
  { name: 'contract', upstream: ['core'] },
  { name: 'server', upstream: ['core', 'contract'] },
  { name: 'cli', upstream: ['core', 'contract', 'server'] },
]
/** For the programs of others: nothing that is served needs it. */
const libraries = [{ name: 'ai-sdk', upstream: ['core', 'contract'] }]
const web = { name: 'web', upstream: ['core', 'contract'] }

const inputs = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/**
 * Builds every package whose inputs changed since its last build. Throws on the first that fails, after the
 * compiler has printed why.
 *
 * @param {string} root the repository
 * @param {(line: string) => void} say
 * @param {{ readonly sayUnchanged?: boolean, readonly libraries?: boolean }} [options]
 * @returns {Promise<number>} how many packages were built
 */
export async function buildPackages(root, say, options = {}) {
  /** @type {Map<string, string>} */
  const prints = new Map()
  const base = fingerprint(
    root,
    ['package-lock.json', 'tsconfig.base.json', 'scripts/build-packages.mjs'],
    [],
  )
  let built = 0
  for (const part of [...compiled, ...(options.libraries ? libraries : []), web]) {
    const started = performance.now()
    const folder = `packages/${part.name}`
    const upstream = part.upstream.map((name) => prints.get(name) ?? '')
    const print = fingerprint(
      root,
      inputs.map((input) => `${folder}/${input}`),
      [base, ...upstream],
    )
    prints.set(part.name, print)
    if (part === web && !existsSync(join(root, folder, 'index.html'))) {
      say('build web: skipped, packages/web/index.html does not exist yet')
      continue
    }
    const stamp = join(root, 'node_modules', '.cache', 'leeway-build', part.name)
    if (existsSync(join(root, folder, 'dist')) && readIfThere(stamp) === print) {
      if (options.sayUnchanged) say(`build ${part.name}: unchanged`)
      continue
    }
    // A failed or interrupted build must not look like a finished one.
    rmSync(stamp, { force: true })
    if (part === web) await bundleWeb(root)
    else await compile(root, folder)
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, print)
    built += 1
    say(`build ${part.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  return built
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function compile(root, folder) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(folder, 'tsconfig.build.json')
  const output = await run(root, [tsc, '-p', project, '--noEmitOnError', '--listEmittedFiles'], folder)
  const emitted = output
    .split('\n')
    .filter((line) => line.startsWith('TSFILE:'))
    .map((line) => resolve(root, line.slice('TSFILE:'.length).trim()))
  const copied = copyAssets(join(root, folder))
  // Files of sources that were deleted or renamed would still be importable.
  const wanted = new Set([...emitted, ...copied])
  for (const file of filesIn(join(root, folder, 'dist'))) if (!wanted.has(file)) rmSync(file)
}

/**
 * The compiler leaves SQL migrations and other data files behind.
 *
 * @param {string} folder
 * @returns {string[]} the copies
 */
function copyAssets(folder) {
  const source = join(folder, 'src')
  return filesIn(source)
    .filter((file) => !/\.tsx?$/.test(file) && !isTest(file))
    .map((file) => {
      const copy = join(folder, 'dist', relative(source, file))
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(file, copy)
      return copy
    })
}

/** @param {string} root */
async function bundleWeb(root) {
  const folder = join(root, 'packages', 'web')
  const vitePackage = createRequire(join(folder, 'package.json')).resolve('vite/package.json')
  const vite = join(dirname(vitePackage), 'bin', 'vite.js')
  // Beside the old one, which a running server goes on serving until the new one is whole.
  const next = join(root, 'node_modules', '.cache', 'leeway-web')
  await run(folder, [vite, 'build', '--logLevel', 'warn', '--outDir', next, '--emptyOutDir'], 'packages/web')
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  renameSync(next, join(folder, 'dist'))
}

/**
 * Runs a tool under this same Node and returns what it printed; when it fails, prints that and throws.
 *
 * @param {string} cwd
 * @param {readonly string[]} args
 * @param {string} what
 * @returns {Promise<string>}
 */
function run(cwd, args, what) {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return done(output)
      const lines = output.split('\n').filter((line) => !line.startsWith('TSFILE:'))
      process.stderr.write(`${lines.join('\n').trim()}\n`)
      reject(new Error(`The build of ${what} failed with exit code ${code}.`))
    })
  })
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
