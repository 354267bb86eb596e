import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const heartbeatSeconds = 5

/**
 * Runs `npm ci` when node_modules does not hold what package-lock.json asks for. Quiet, but with a line every
 * few seconds, so that a newcomer sees that it is alive. Throws with npm's own output when npm fails.
 *
 * @param {string} root the repository
 * @param {(line: string) => void} say where progress goes
 * @returns {Promise<boolean>} whether something was installed
 */
export async function installMissing(root, say) {
  const reason = whatIsMissing(root)
  if (reason === undefined) return false
  const started = Date.now()
  say(`Installing packages (${reason}) …`)
  const beat = setInterval(() => {
    say(`Installing packages … ${Math.round((Date.now() - started) / 1000)} s`)
  }, heartbeatSeconds * 1000)
  try {
    await npmCi(root)
  } finally {
    clearInterval(beat)
  }
  say(`Packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return true
}

/**
 * Compares contents, not times: a checkout touches the lockfile without changing it, and reinstalling for that
 * would cost minutes. Optional packages are left out, because npm skips those of other platforms.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function whatIsMissing(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return 'node_modules is missing'
  const wanted = lockedPackages(join(root, 'package-lock.json'))
  const installed = lockedPackages(installedFile)
  for (const [path, entry] of Object.entries(wanted)) {
    // Entries outside node_modules are the root and the workspaces themselves.
    if (!path.includes('node_modules/') || entry.optional || entry.devOptional) continue
    const found = installed[path]
    if (found === undefined || found.version !== entry.version || found.integrity !== entry.integrity) {
      return 'package-lock.json asks for other versions'
    }
  }
  return undefined
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockEntry
 * @param {string} file
 * @returns {Record<string, LockEntry>}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

/** @param {string} root */
function npmCi(root) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32'
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      shell: windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (cause) => reject(new Error(`npm could not be started: ${cause.message}`)))
    child.on('close', (code) => {
      if (code === 0) resolve(undefined)
      else reject(new Error(`npm ci failed with exit code ${code}:\n${output.trim()}`))
    })
  })
}
