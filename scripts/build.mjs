// `npm run build`: builds what changed since the last build.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackages } from './build-packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

try {
  await buildPackages(root, (line) => console.log(line), { sayUnchanged: true, libraries: true })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
