// `npm test`: installs what is missing, then every stage in order; the first failure stops it.
// `node scripts/test.mjs typecheck lint` runs only the stages named.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackages } from './build-packages.mjs'
import { findChromium, howToGetChromium } from './find-chromium.mjs'
import { installMissing } from './install-missing.mjs'
import { complaintAboutNode } from './node-version.mjs'
import { runInGroup } from './run-in-group.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** What all stages should take, on two cores with nobody else at work. */
const aimMs = 10 * 60_000
/** What they may take: a busy machine alone fails nobody, a test that hangs does. */
const budgetMs = 15 * 60_000
/** The budget is for the tests: how long a download takes is not ours to bound. */
let started = performance.now()
const say = (/** @type {string} */ line) => console.log(line)

/** Tests that ran, over all stages. */
const count = { passed: 0, failed: 0 }

/** @type {Readonly<Record<string, () => Promise<boolean>>>} */
const stages = {
  typecheck,
  lint: () => tool('@biomejs/biome/bin/biome', ['check', '.']),
  fences,
  build: async () => {
    await buildPackages(root, say)
    // Tests that start the command line start what was built: a second quicker each time.
    process.env.LEEWAY_BUILT = '1'
    return true
  },
  unit: () => vitest(['packages/', 'lab/'], 'unit'),
}

process.exitCode = await main(process.argv.slice(2))
say(`${count.passed} passed, ${count.failed} failed`)

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const names = wanted.length === 0 ? Object.keys(stages) : wanted
  const unknown = names.filter((name) => !(name in stages))
  if (unknown.length > 0) {
    say(`There is no stage ${unknown.join(', ')}. Stages: ${Object.keys(stages).join(', ')}.`)
    return stop(2)
  }
  const complaint = complaintAboutNode()
  if (complaint !== undefined) {
    say(complaint)
    return stop(2)
  }
  const chromium = findChromium()
  if (chromium === undefined && names.includes('unit')) {
    say(howToGetChromium)
    return stop(1)
  }
  if (chromium !== undefined) process.env.CHROMIUM_PATH = chromium
  try {
    await installMissing(root, say)
    started = performance.now()
    for (const name of names) {
      const begun = performance.now()
      const ok = await stages[name]?.()
      say(`${ok ? 'ok    ' : 'FAILED'} ${name} ${((performance.now() - begun) / 1000).toFixed(1)} s`)
      if (!ok) return stop(1)
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return stop(1)
  }
  const tookMs = performance.now() - started
  say(`All stages in ${(tookMs / 1000).toFixed(1)} s`)
  if (tookMs > aimMs)
    say(`That is over the ${aimMs / 60_000} minutes they should take: find what became slow.`)
  return 0
}

/**
 * A stage that fails without a failed test still counts as one, so that the last line never reads "0 failed".
 *
 * @param {number} code
 */
function stop(code) {
  if (count.failed === 0) count.failed = 1
  return code
}

async function typecheck() {
  const projects = ['packages', '.']
    .flatMap((place) => readdirSync(join(root, place)).map((name) => join(place, name)))
    .filter((folder) => !folder.includes('node_modules'))
    .flatMap((folder) => [
      { folder, file: 'tsconfig.json', sources: /\.(tsx?|mjs)$/ },
      { folder, file: 'tsconfig.test.json', sources: /\.test\.tsx?$/ },
    ])
    .filter(({ folder, file }) => existsSync(join(root, folder, file)))
    .filter(({ folder, sources }) => hasSources(join(root, folder), sources))
  let ok = true
  // All of them, so that one run shows every type error.
  for (const { folder, file } of projects) {
    const memory = join('node_modules', '.cache', 'leeway-typecheck', folder, `${file}.tsbuildinfo`)
    const args = ['-p', join(folder, file), '--incremental', '--tsBuildInfoFile', memory]
    ok = (await tool('typescript/bin/tsc', args)) && ok
  }
  say(`       ${projects.length} TypeScript projects`)
  return ok
}

/**
 * @param {string} folder
 * @param {RegExp} sources
 * @returns {boolean}
 */
function hasSources(folder, sources) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !['node_modules', 'dist'].includes(entry.name) && hasSources(join(folder, entry.name), sources)
      : sources.test(entry.name),
  )
}

async function fences() {
  const main = join(root, 'scripts', 'fences', 'main.ts')
  const holds = await runInGroup(
    [process.execPath, '--conditions=@leeway/source', '--import', 'tsx', main],
    root,
    left(),
  )
  return holds && (await vitest(['--config', 'scripts/vitest.config.ts'], 'fences'))
}

/**
 * @param {readonly string[]} args
 * @param {string} name
 */
async function vitest(args, name) {
  const results = join(root, 'node_modules', '.cache', `leeway-test-${name}.json`)
  mkdirSync(dirname(results), { recursive: true })
  rmSync(results, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
  const ok = await tool('vitest/vitest.mjs', ['run', ...args, ...reporters])
  if (!existsSync(results)) return false
  const report = JSON.parse(readFileSync(results, 'utf8'))
  count.passed += report.numPassedTests
  // A file that cannot be loaded fails no test of its own, only its suite.
  count.failed += report.numFailedTests === 0 && !ok ? 1 : report.numFailedTests
  const skipped = report.numPendingTests + report.numTodoTests
  if (skipped > 0) {
    say(`${skipped} tests were skipped. Nothing may be skipped: repair or delete them.`)
    return false
  }
  return ok
}

/**
 * @param {string} path the program inside node_modules
 * @param {readonly string[]} args
 */
function tool(path, args) {
  return runInGroup([process.execPath, join(root, 'node_modules', path), ...args], root, left())
}

function left() {
  return budgetMs - (performance.now() - started)
}
