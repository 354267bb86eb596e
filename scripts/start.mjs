// `npm start`: installs and builds what is missing, then serves the demo. Plain Node: nothing is installed yet.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { complaintAboutNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

// A terminal and npm both deliver the same Ctrl-C. Only one further signal, sent on purpose later, counts.
const sameSignalMs = 1500

const complaint = complaintAboutNode()
if (complaint === undefined) await main()
else {
  console.error(complaint)
  process.exitCode = 2
}

async function main() {
  try {
    const { installMissing } = await import('./install-missing.mjs')
    await installMissing(root, (line) => console.error(line))
    const { buildPackages } = await import('./build-packages.mjs')
    await buildPackages(root, (line) => console.error(line))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
    return
  }
  serve(process.argv.slice(2))
}

/** @param {readonly string[]} args */
function serve(args) {
  const program = join(root, 'packages', 'cli', 'bin', 'leeway.js')
  // Detached: the child leaves the terminal's process group, so a Ctrl-C reaches it once, through us.
  const child = spawn(process.execPath, [program, 'serve', '--demo', ...args], {
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  })
  let lastSignalAt = Number.NEGATIVE_INFINITY
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (performance.now() - lastSignalAt < sameSignalMs) return
      lastSignalAt = performance.now()
      child.kill(signal)
    })
  }
  child.on('error', (error) => {
    console.error(`Leeway could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
}
