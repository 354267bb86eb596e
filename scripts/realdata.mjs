// `npm run realdata [-- DIR] [--require]`: checks the claims we make on real data. See realdata/main.ts.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const scripts = dirname(fileURLToPath(import.meta.url))
const main = join(scripts, 'realdata', 'main.ts')
const result = spawnSync(
  process.execPath,
  ['--conditions=@leeway/source', '--import', 'tsx', main, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exitCode = result.status ?? 1
