/**
 * Speed of MAP Dawid-Skene at 1,000 raters and 5 labels an item, beside a C program of the same algorithm.
 * Nanoseconds for each label and iteration come from an outer clock: 120 iterations less 20.
 * `npm run bench -- bench/truth-inference.ts [--labels 1000000]`; a child of this file does each size, for its own peak memory.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fitConfusion } from '@leeway/core/inference/fit-confusion'
import { type RatingColumns, type RatingIndex, ratingIndex } from '@leeway/core/inference/rating-index'
import type { EmThreads } from '@leeway/core/inference/truth-method'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { emThreads } from '../packages/cli/src/commands/infer/em-threads.ts'
import { readColumnTable } from '../packages/cli/src/tables/column-table.ts'

const RATERS = 1000
const PER_ITEM = 5
const source = fileURLToPath(new URL('truth-inference.c', import.meta.url))
const { values } = parseArgs({
  options: {
    labels: { type: 'string', default: '1000000' },
    classes: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
  },
})
const labels = Number(values.labels)

if (values.classes !== undefined) {
  process.stdout.write(JSON.stringify(await measure(labels, Number(values.classes))))
} else {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-'))
  try {
    await report(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function report(folder: string): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
  const line = (text: string) => process.stdout.write(`${text}\n`)
  line(`${new Date().toISOString().slice(0, 10)}, ${machine}, load average ${loadavg()[0]?.toFixed(1)}`)
  line('')
  line(
    '| labels | classes | ns a label and iteration | C | ratio | two threads, ns | times faster | index, s | peak, MB (one thread) |',
  )
  line('|---|---|---|---|---|---|---|---|---|')
  const program = compile(folder)
  for (const classes of [2, 4]) {
    const child = execFileSync(process.execPath, [
      ...['--conditions=@leeway/source', '--import', 'tsx', fileURLToPath(import.meta.url)],
      ...['--labels', String(labels), '--classes', String(classes)],
    ])
    const ours = JSON.parse(child.toString()) as Awaited<ReturnType<typeof measure>>
    const theirs = program === null ? null : timeC(program, classes)
    const beside = theirs === null ? 'no gcc | -' : `${theirs.toFixed(2)} | ${(ours.ns / theirs).toFixed(2)}`
    line(
      `| ${labels} | ${classes} | ${ours.ns.toFixed(2)} | ${beside} | ${ours.shared.toFixed(2)} | ${(ours.ns / ours.shared).toFixed(2)} | ${ours.index.toFixed(2)} | ${ours.peak.toFixed(0)} |`,
    )
  }
  const rows = Number(values.rows)
  const path = join(folder, 'labels.csv')
  writeRows(path, rows)
  const started = performance.now()
  const table = await readColumnTable(path, [['task'], ['worker'], ['label']])
  const seconds = (performance.now() - started) / 1000
  line('')
  line(`Reading ${table.rows} rows of CSV: ${(table.rows / seconds / 1e6).toFixed(2)} million rows a second.`)
}

/** Seeded ratings of raters of different skill. */
function ratings(count: number, classes: number): RatingColumns {
  const random = seededRandom(1)
  const items = Math.floor(count / PER_ITEM)
  const item = new Int32Array(count)
  const rater = new Uint16Array(count)
  const label = new Uint8Array(count)
  for (let i = 0; i < items; i++) {
    const truth = Math.floor(random() * classes)
    for (let at = i * PER_ITEM; at < (i + 1) * PER_ITEM; at++) {
      const who = Math.floor(random() * RATERS)
      item[at] = i
      rater[at] = who
      label[at] = random() < 0.5 + (0.45 * (who % 100)) / 100 ? truth : Math.floor(random() * classes)
    }
  }
  return { items, raters: RATERS, classes, item, rater, label }
}

async function measure(count: number, classes: number) {
  const columns = ratings(count, classes)
  const before = performance.now()
  const index = ratingIndex(columns)
  const seconds = (performance.now() - before) / 1000
  // Of one fit: what the others leave behind is collected when the engine likes.
  fitConfusion(index, 'map-ds', { gold: null, iterations: 5, start: null, seed: 1 })
  const peak = process.resourceUsage().maxRSS / 1024
  const ns = nanoseconds(index)
  const pool = emThreads(1)
  const shared = nanoseconds(ratingIndex(columns, pool.allocate), pool)
  await pool.close()
  return { ns, shared, index: seconds, peak }
}

/** For each label and iteration, with `threads` beside this one. */
function nanoseconds(index: RatingIndex, threads?: EmThreads): number {
  const time = (iterations: number) => {
    const start = performance.now()
    const options = { gold: null, iterations, start: null, seed: 1 }
    fitConfusion(index, 'map-ds', threads === undefined ? options : { ...options, threads })
    return performance.now() - start
  }
  time(5)
  const short = time(20)
  return ((time(120) - short) * 1e6) / (100 * index.ratings)
}

function compile(folder: string): string | null {
  const program = join(folder, 'truth-inference')
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, source, '-lm'], { stdio: 'pipe' })
    return program
  } catch {
    return null
  }
}

function timeC(program: string, classes: number): number {
  const run = (iterations: number) =>
    Number(
      execFileSync(program, [String(labels), String(classes), String(iterations)])
        .toString()
        .split(' ')[0],
    )
  return ((run(120) - run(20)) * 1e9) / (100 * labels)
}

function writeRows(path: string, rows: number): void {
  const random = seededRandom(2)
  const file = openSync(path, 'w')
  writeSync(file, 'task,worker,label\n')
  // In pieces: ten million lines held at once would leave a heap that slows the reader down.
  for (let at = 0; at < rows; ) {
    const lines: string[] = []
    for (; lines.length < 100_000 && at < rows; at++)
      lines.push(
        `${Math.floor(random() * (rows / PER_ITEM))},${Math.floor(random() * RATERS)},${random() < 0.5 ? 1 : 0}\n`,
      )
    writeSync(file, lines.join(''))
  }
  fsyncSync(file)
  closeSync(file)
}
