// `node scripts/complete-lockfile.mjs`, after `npm install` has changed package-lock.json: adds the optional
// packages of other platforms that npm left out. It leaves them out when a node_modules is already there, or
// when the registry at hand does not carry them, and `npm ci` then refuses the lockfile on every machine.
// The entries have no integrity: npm fetches them only on the platforms they are for.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm64',
  'x64',
  'arm',
  'ppc64',
  's390x',
  'riscv64',
  'ia32',
  'loong64',
  'mips64el',
  'wasm32',
]

const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = complete(lock.packages)
if (added.length > 0) {
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([one], [other]) => one.localeCompare(other, 'en')),
  )
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(`${added.length} packages of other platforms added${added.map((path) => `\n  ${path}`).join('')}`)

/**
 * @typedef {{ dev?: boolean, optionalDependencies?: Record<string, string>, link?: boolean }} Entry
 * @param {Record<string, Entry>} packages
 * @returns {string[]}
 */
function complete(packages) {
  const paths = []
  for (const [parent, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name)
      if (platform === undefined || isFound(packages, parent, name)) continue
      const folder = parent.slice(0, parent.lastIndexOf('node_modules/'))
      const path = `${folder}node_modules/${name}`
      packages[path] = /** @type {Entry} */ ({
        version,
        ...platform,
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
      })
      paths.push(path)
    }
  }
  return paths
}

/**
 * Looks where Node would: beside the parent, then in every folder above.
 *
 * @param {Record<string, Entry>} packages
 * @param {string} parent
 * @param {string} name
 */
function isFound(packages, parent, name) {
  for (let place = parent; ; place = place.slice(0, Math.max(place.lastIndexOf('/'), 0))) {
    if (`${place === '' ? '' : `${place}/`}node_modules/${name}` in packages) return true
    if (place === '') return false
  }
}

/**
 * The name says what the package is for: `@swc/core-linux-x64-musl`.
 *
 * @param {string} name
 */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) return undefined
  const libc = os !== 'linux' ? undefined : words.some((word) => word.startsWith('musl')) ? 'musl' : undefined
  return { cpu: [cpu], os: [os], ...(libc === undefined ? {} : { libc: [libc] }) }
}
