/** `npm run lab -- <study> [--short]`: runs one study and writes its table into lab/RESULTS.md. `--describe` writes titles alone. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { withDescriptions, withResult } from './results.ts'
import { STUDIES } from './studies.ts'
import type { Study } from './study.ts'

const RESULTS = new URL('RESULTS.md', import.meta.url)
const [name = '', ...rest] = process.argv.slice(2)
const study = STUDIES[name]
if (name === '--describe') rewrite((before) => withDescriptions(before, (one) => STUDIES[one]?.about))
else if (!study) {
  process.stderr.write(`lab: no study "${name}". Studies: ${Object.keys(STUDIES).join(', ')}\n`)
  process.exitCode = 2
} else {
  const short = rest.includes('--short')
  const table = await study.run({ short, data: dataArgument, minutes: minutesArgument() })
  process.stdout.write(`${table}\n`)
  if (!short) record(study, table)
}

/** `--minutes N` stops the grid after N minutes. */
function minutesArgument(): number {
  const at = rest.indexOf('--minutes')
  return at === -1 ? Number.POSITIVE_INFINITY : Number(rest[at + 1])
}

/** Real data is not part of the project: `npm run lab -- <study> <path>` says where it is. */
function dataArgument(what: string): string {
  const path = rest.find((argument) => !argument.startsWith('--'))
  if (path === undefined) throw new Error(`${name} needs ${what}: npm run lab -- ${name} PATH`)
  return path
}

function record({ about }: Study, table: string): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
  const date = new Date().toISOString().slice(0, 10)
  const run = `${date}, ${machine}, \`npm run lab -- ${name}\`\n\n${table}`
  rewrite((before) => withResult(before, name, about, run))
}

function rewrite(change: (before: string) => string): void {
  writeFileSync(RESULTS, change(readFileSync(RESULTS, 'utf8')))
}
