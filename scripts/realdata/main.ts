/** `npm run realdata [-- DIR] [--require]`: checks every claim we make on real data, one line a claim. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startClaims } from './claim.ts'
import { dataFiles } from './data-files.ts'
import { checkIfeval } from './ifeval-claims.ts'
import { checkInference } from './inference-claims.ts'
import { checkInspect } from './inspect-claims.ts'
import { startLocalServer } from './leeway-command.ts'
import { checkRubric } from './rubric-claims.ts'
import { checkStudies } from './study-claims.ts'
import { checkTauBench } from './tau-bench-claims.ts'
import { checkTraces } from './trace-claims.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const { values, positionals } = parseArgs({
  options: { require: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const folder = resolve(positionals[0] ?? join(root, '..', 'shared', 'data'))

if (!existsSync(folder) || !statSync(folder).isDirectory()) {
  console.log('realdata: no data folder, 0 claims checked')
  process.exitCode = values.require ? 1 : 0
} else {
  const claims = startClaims((line) => console.log(line))
  const files = await dataFiles(folder)
  const tauBench = files.filter(({ kind }) => kind === 'tau-bench')
  if (tauBench.length > 0) {
    const server = await startLocalServer()
    try {
      await checkTauBench(tauBench, claims, server)
      await checkRubric(tauBench, claims, server)
    } finally {
      await server.stop()
    }
  }
  await checkTraces(
    files.filter(({ kind }) => kind === 'trace'),
    claims,
  )
  await checkInspect(
    files.filter(({ kind }) => kind === 'inspect'),
    claims,
  )
  checkIfeval(folder, claims)
  checkInference(folder, claims)
  await checkStudies(folder, claims)
  console.log(`realdata: ${claims.checked()} claims checked, ${claims.failed()} failed`)
  process.exitCode = claims.failed() > 0 || (values.require && claims.checked() === 0) ? 1 : 0
}
