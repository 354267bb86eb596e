/**
 * How fast episodes come in, and how much memory that takes.
 *
 *     node --conditions=@leeway/source --import tsx bench/import.ts [--episodes 20000] [--rounds 3]
 *     node --conditions=@leeway/source --import tsx bench/import.ts --gigabytes 2
 *
 * The first reads a file of small episodes through the import service into the embedded PostgreSQL (fsync on), and
 * in the same run sends the very rows it made to equal tables with plain COPY: the limit nothing can beat. The
 * second makes a file of that size and imports it in a process of its own with a heap of 256 MB.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Episode, Step } from '@leeway/core/episodes/episode'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { connect, type Database } from '@leeway/server/db/connect'
import { migrate } from '@leeway/server/db/migrate'
import { copyRows } from '@leeway/server/episodes/copy-rows'
import { importEpisodes } from '@leeway/server/episodes/import-service'
import { sampleEpisode, sampleStep } from '@leeway/server/episodes/sample-episode'
import { startEmbeddedPostgres } from '@leeway/server/launch/embedded-postgres'
import { projects } from '@leeway/server/projects/tables'
import { sql } from 'drizzle-orm'
import pino from 'pino'
import { v7 } from 'uuid'

const { values: flags } = parseArgs({
  options: {
    episodes: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    gigabytes: { type: 'string' },
    /** Used by this file itself. */
    child: { type: 'string' },
    file: { type: 'string' },
  },
})
const HEAP_MB = 256

const WORDS = Array.from({ length: 2_000 }, (_, at) => {
  const letters = 'etaoinshrdlucmfwypvbgkjqxz'
  let left = at * 7_919 + 11
  let word = ''
  for (let letter = 0; letter < 2 + (at % 9); letter++) {
    word += letters[left % 26]
    left = Math.floor(left / 3) + at
  }
  return word
})

if (flags.child !== undefined) await importInThisProcess(flags.child, flags.file!)
else
  await inFolder(
    flags.gigabytes === undefined ? compareWithCopy : (f) => importLarge(f, Number(flags.gigabytes)),
  )

type Bench = { readonly folder: string; readonly url: string }

async function inFolder(work: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: 'bench' })
  try {
    await migrate(postgres.url)
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}`,
    )
    await work({ folder, url: postgres.url })
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compareWithCopy({ folder, url }: Bench): Promise<void> {
  const count = Number(flags.episodes)
  const file = join(folder, 'small.jsonl')
  await writeEpisodes(file, (number) => (number < count ? smallEpisode(number) : null))
  const bytes = statSync(file).size
  console.log(`${count} episodes of 6 steps, ${Math.round(bytes / count)} bytes each`)
  const db = connect(url, { connectionsMax: 4 })
  const rates: { service: number; copy: number }[] = []
  for (let round = 1; round <= Number(flags.rounds); round++) {
    const projectId = await makeProject(db)
    const cpuBefore = process.cpuUsage()
    const service = await seconds(async () => {
      const summary = await importFile(db, projectId, file)
      if (summary.added !== count) throw new Error(`added ${summary.added}`)
    })
    const { user, system } = process.cpuUsage(cpuBefore)
    const copy = await copySeconds(db, projectId)
    const again = await seconds(async () => {
      const summary = await importFile(db, projectId, file)
      if (summary.known !== count) throw new Error(`known ${summary.known}`)
    })
    rates.push({ service: count / service, copy: count / copy })
    console.log(
      `round ${round}: import ${whole(count / service)}/s, plain COPY of the same rows ${whole(count / copy)}/s, ratio ${(copy / service).toFixed(2)}, the same file again ${whole(count / again)}/s; own processor time of the import ${whole((user + system) / count)} µs an episode`,
    )
  }
  const median = (of: (rate: { service: number; copy: number }) => number) =>
    rates.map(of).sort((a, b) => a - b)[rates.length >> 1]!
  console.log(
    `median: ${whole(median(({ service }) => service))} episodes/s, ${(median(({ service }) => service) / median(({ copy }) => copy)).toFixed(2)} of plain COPY`,
  )
  await db.$client.end()
}

/** Sends the project's rows, each field in PostgreSQL's own binary form, to tables with the same indexes. */
async function copySeconds(db: Database, projectId: string): Promise<number> {
  let total = 0
  for (const table of ['episodes', 'episode_chunks']) {
    const columns = await db.execute<{ name: string; send: string }>(sql`
      select attname as name, typsend::text as send from pg_attribute join pg_type on pg_type.oid = atttypid
      where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`)
    const names = columns.rows.map(({ name }) => `"${name}"`).join(', ')
    const sent = columns.rows.map(({ name, send }) => `${send}("${name}") as "${name}"`).join(', ')
    const client = await db.$client.connect()
    try {
      const rows = await client.query({
        text: `select ${sent} from ${table} where project_id = $1`,
        values: [projectId],
        rowMode: 'array',
      })
      await client.query(`drop table if exists plain; create table plain (like ${table} including indexes)`)
      total += await seconds(() =>
        copyRows(client, `copy plain (${names}) from stdin with (format binary)`, rows.rows as Buffer[][]),
      )
      await client.query('drop table plain')
    } finally {
      client.release()
    }
  }
  return total
}

async function importLarge({ folder, url }: Bench, gigabytes: number): Promise<void> {
  const file = join(folder, 'large.jsonl')
  const bytesWanted = gigabytes * 1e9
  let written = 0
  await writeEpisodes(
    file,
    (number) => (written < bytesWanted ? mixedEpisode(number) : null),
    (bytes) => {
      written += bytes
    },
  )
  console.log(`file of ${(statSync(file).size / 1e9).toFixed(2)} GB`)
  const own = fileURLToPath(import.meta.url)
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MB}`,
      '--conditions=@leeway/source',
      '--import',
      'tsx',
      own,
      '--child',
      url,
      '--file',
      file,
    ],
    { stdio: 'inherit' },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the import ended with ${code}`)
}

async function importInThisProcess(url: string, file: string): Promise<void> {
  const db = connect(url, { connectionsMax: 4 })
  const projectId = await makeProject(db)
  const peak = { heapUsed: 0, external: 0, rss: 0 }
  const watch = setInterval(() => {
    const now = process.memoryUsage()
    for (const key of ['heapUsed', 'external', 'rss'] as const) peak[key] = Math.max(peak[key], now[key])
  }, 50)
  const took = await seconds(async () => {
    const { added, refused, bytesRead } = await importFile(db, projectId, file)
    console.log(`${added} episodes added, ${refused} refused, ${(bytesRead / 1e9).toFixed(2)} GB read`)
  })
  clearInterval(watch)
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  console.log(
    `${took.toFixed(1)} s; heap limit ${HEAP_MB} MB; peak heap ${mb(peak.heapUsed)}, outside the heap ${mb(peak.external)}, resident ${mb(Math.max(peak.rss, process.resourceUsage().maxRSS * 1024))}`,
  )
  await db.$client.end()
}

async function makeProject(db: Database): Promise<string> {
  const id = v7()
  await db.insert(projects).values({
    id,
    slug: `bench-${id}`,
    name: 'Bench',
    retentionDays: null,
    redaction: [],
    createdAt: new Date(),
  })
  return id
}

function importFile(db: Database, projectId: string, file: string) {
  const effects = { db, now: () => new Date(), newId: () => v7(), log: pino({ level: 'warn' }) }
  return importEpisodes(effects, {
    projectId,
    actor: 'system:bench',
    agent: 'bench',
    policy: 'bench',
    fileName: 'bench.jsonl',
    source: { bytes: createReadStream(file, { highWaterMark: 256 * 1024 }) },
  })
}

async function writeEpisodes(
  file: string,
  make: (number: number) => Episode | null,
  onWrite: (bytes: number) => void = () => {},
): Promise<void> {
  const out = createWriteStream(file)
  for (let number = 0; ; number++) {
    const episode = make(number)
    if (episode === null) break
    const line = `${episodeLine(episode)}\n`
    onWrite(line.length)
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

/** Seeded, so that every run reads the same file. */
function wordsFrom(seed: number, count: number): string {
  let state = seed * 2_654_435_761 + 1
  const words: string[] = []
  for (let word = 0; word < count; word++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words.push(WORDS[(state >>> 16) % WORDS.length]!)
  }
  return words.join(' ')
}

function smallEpisode(number: number): Episode {
  const steps = [0, 1, 2, 3, 4, 5].map((ordinal): Step => {
    if (ordinal === 2)
      return sampleStep(ordinal, {
        kind: 'tool_call',
        name: 'find_order',
        content: { order: number },
        callId: 'c1',
      })
    if (ordinal === 3)
      return sampleStep(ordinal, {
        kind: 'tool_result',
        name: 'find_order',
        content: { state: 'sent' },
        callId: 'c1',
      })
    return sampleStep(ordinal, { content: wordsFrom(number * 7 + ordinal, 20) })
  })
  return sampleEpisode(number, { steps, instructions: wordsFrom(number, 15) })
}

/** Most are a few kilobytes, one in fifty is some hundred. */
function mixedEpisode(number: number): Episode {
  const stepCount = number % 50 === 0 ? 400 : 5 + (number % 40)
  const steps = Array.from({ length: stepCount }, (_, ordinal) =>
    sampleStep(ordinal, { content: wordsFrom(number * 1_009 + ordinal, 90) }),
  )
  return sampleEpisode(number, { steps })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return (performance.now() - before) / 1_000
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
