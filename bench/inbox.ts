/**
 * How long the next question takes to come out of an inbox of a million open ones, beside an inbox of a thousand.
 *
 *     npm run bench -- bench/inbox.ts [--open 1000000] [--limit 1000] [--reviewers 4] [--seconds 60] [--think 200] [--answered 0.1] [--kept 0]
 *
 * The real app in a process of its own, the embedded PostgreSQL with fsync on, HTTP over loopback, each reviewer signed
 * in with a session of their own; everything, this client too, on the cores of this machine. 4 reviewers who think 200 ms
 * on average (exponential) give about as many requests as 100 who think 5 s.
 *
 * The two inboxes are two projects. The first request after a start is measured in the short one before the long one is
 * filled; then the reviewers of both ask in turns, some seconds here and some there, because the machine is not equally
 * fast at all times. In each, 200 episodes of 3 steps come in over HTTP with a rubric of 5 criteria; SQL copies the
 * episodes and asks every criterion about each. Every question wants as many answers as there are reviewers, so that the
 * short inbox lasts. `answered` times as many questions as are open stand before them in the queue and have all their
 * answers. `kept`: the share of the questions that a plan keeps for experts; the reviewers are vetted then. Then VACUUM ANALYZE, as the database does by itself, and PostgreSQL and the server start anew, as after a
 * reboot with the files still in memory.
 */
import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { issueLocalAdminToken } from '@leeway/server/accounts/local-admin-token'
import { connect } from '@leeway/server/db/connect'
import { migrate } from '@leeway/server/db/migrate'
import { sampleEpisode } from '@leeway/server/episodes/sample-episode'
import { createApp } from '@leeway/server/http/app'
import { startEmbeddedPostgres } from '@leeway/server/launch/embedded-postgres'
import { listen } from '@leeway/server/launch/http-listener'
import { createProject } from '@leeway/server/projects/create-project'
import { sql } from 'drizzle-orm'
import pino from 'pino'
import { v7 } from 'uuid'
import { type BenchRequest, type BenchServer, endServer, joinAsRater, sendTo } from './bench-server.ts'
import { nearestRank } from './nearest-rank.ts'

const { values: flags } = parseArgs({
  options: {
    open: { type: 'string', default: '1000000' },
    limit: { type: 'string', default: '1000' },
    reviewers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '60' },
    think: { type: 'string', default: '200' },
    answered: { type: 'string', default: '0.1' },
    kept: { type: 'string', default: '0' },
    /** Used by this file itself: address of the database. */
    child: { type: 'string' },
  },
})
const PROJECTS = ['short', 'long'] as const
const EPISODES_IMPORTED = 200
const CRITERIA = 5
const WARM_UP_SECONDS = 10
/** Each inbox is asked this often, a part of the seconds each time. */
const TURNS = 6
/** More than building a queue of a million takes. */
const QUEUE_BUILT_MS = 20_000
/** Undo and the inbox page are asked for so often, after the load. */
const SINGLE_REQUESTS = 10
const RUBRIC = `name: bench
question: Did the agent follow the instructions?
combine: all
children:
${Array.from({ length: CRITERIA }, (_, at) => `  - { id: part-${at}, question: Was part ${at} of the request dealt with?, answeredBy: [human] }`).join('\n')}
`

type Project = (typeof PROJECTS)[number]
type Inbox = { readonly server: BenchServer; readonly project: Project }
/** Cookies of the reviewers of each inbox. */
type Reviewers = Readonly<Record<Project, readonly string[]>>
type Times = { readonly next: number[]; readonly answer: number[] }
type Memory = { readonly heap: number; readonly resident: number; readonly peak: number }
type Start = { readonly firstMs: number; readonly queueHeap: number }
type Load = Times & { readonly inboxPage: number[]; readonly undo: number[] }

if (flags.child !== undefined) await serveHere(flags.child)
else await measure()

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-inbox-'))
  try {
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}; ${flags.reviewers} reviewers, thinking ${flags.think} ms on average, for ${flags.seconds} s`,
    )
    const directory = join(folder, 'postgres')
    const fill = (project: Project, open: number) =>
      withServer(directory, (server, databaseUrl) => fillInbox({ server, project }, databaseUrl, open))
    const short = await fill('short', Number(flags.limit))
    const shortStart = await withServer(directory, (server) =>
      measureStart({ server, project: 'short' }, short),
    )
    const long = await fill('long', Number(flags.open))
    await withServer(directory, async (server) => {
      const longStart = await measureStart({ server, project: 'long' }, long)
      const loadBefore = loadavg()[0] ?? 0
      const load = await measureLoad(server, { short, long })
      const memory = await memoryOf(server)
      console.log(
        `load average before ${loadBefore.toFixed(1)}, after ${loadavg()[0]?.toFixed(1)}; server: heap ${memory.heap.toFixed(0)} MB, resident ${memory.resident.toFixed(0)} MB, at most ${memory.peak.toFixed(0)} MB`,
      )
      printTable(load, { short: shortStart, long: longStart })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function printTable({ short, long }: Record<Project, Load>, start: Record<Project, Start>): void {
  console.log(`| | ${flags.limit} open | ${flags.open} open | ratio |`)
  console.log('|---|---|---|---|')
  for (const what of ['next', 'answer'] as const) {
    printRow(`${what}, number`, short[what].length, long[what].length)
    for (const share of [0.5, 0.95, 0.99, 1])
      printRow(
        `${what}, ${share === 1 ? 'longest' : `p${share * 100}`}, ms`,
        nearestRank(short[what], share),
        nearestRank(long[what], share),
      )
  }
  printRow('inbox page, median ms', nearestRank(short.inboxPage, 0.5), nearestRank(long.inboxPage, 0.5))
  printRow('undo, median ms', nearestRank(short.undo, 0.5), nearestRank(long.undo, 0.5))
  printRow('first next after a start, ms', start.short.firstMs, start.long.firstMs)
  printRow('heap that it took, MB', start.short.queueHeap, start.long.queueHeap)
}

function printRow(what: string, short: number, long: number): void {
  console.log(`| ${what} | ${short.toFixed(1)} | ${long.toFixed(1)} | ${(long / short).toFixed(2)} |`)
}

/** The first request to the server; the queue is built by it, or behind it. */
async function measureStart(inbox: Inbox, [cookie = '']: readonly string[]): Promise<Start> {
  const before = await memoryOf(inbox.server)
  const { next } = await reviewOnce(inbox, cookie, 0)
  await pause(QUEUE_BUILT_MS)
  return { firstMs: next, queueHeap: (await memoryOf(inbox.server)).heap - before.heap }
}

async function measureLoad(server: BenchServer, reviewers: Reviewers): Promise<Record<Project, Load>> {
  const load = {
    short: { next: [], answer: [], inboxPage: [], undo: [] } as Load,
    long: { next: [], answer: [], inboxPage: [], undo: [] } as Load,
  }
  // What Node has not compiled yet is not what is measured.
  for (const project of PROJECTS)
    await reviewFor({ server, project }, reviewers[project], WARM_UP_SECONDS, { next: [], answer: [] })
  for (let turn = 0; turn < TURNS; turn++)
    for (const project of PROJECTS)
      await reviewFor({ server, project }, reviewers[project], Number(flags.seconds) / TURNS, load[project])
  for (const project of PROJECTS)
    for (let one = 0; one < SINGLE_REQUESTS; one++)
      await lookAndUndo({ server, project }, reviewers[project][0] ?? '', load[project])
  return load
}

async function lookAndUndo(inbox: Inbox, cookie: string, load: Load): Promise<void> {
  const asked = performance.now()
  await send(inbox, '/inbox', { cookie })
  load.inboxPage.push(performance.now() - asked)
  const taken = performance.now()
  await send(inbox, '/review/undo', { cookie, json: { commitKey: randomUUID() } })
  load.undo.push(performance.now() - taken)
  await reviewOnce(inbox, cookie, 0)
}

async function withServer<Result>(
  directory: string,
  act: (server: BenchServer, databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const postgres = await startEmbeddedPostgres({ directory, password: 'bench' })
  try {
    const server = await startServer(postgres.url)
    try {
      return await act(server, postgres.url)
    } finally {
      await endServer(server)
    }
  } finally {
    await postgres.stop()
  }
}

async function reviewFor(
  inbox: Inbox,
  cookies: readonly string[],
  seconds: number,
  times: Times,
): Promise<void> {
  const until = performance.now() + seconds * 1_000
  await Promise.all(
    cookies.map(async (cookie, seed) => {
      const random = seededRandom(seed + 1)
      while (performance.now() < until) {
        const { next, answer } = await reviewOnce(
          inbox,
          cookie,
          -Math.log(1 - random()) * Number(flags.think),
        )
        times.next.push(next)
        times.answer.push(answer)
      }
    }),
  )
}

/** Milliseconds that each of the two requests took. */
async function reviewOnce(
  inbox: Inbox,
  cookie: string,
  thinkMs: number,
): Promise<{ readonly next: number; readonly answer: number }> {
  const before = performance.now()
  const asked = await send(inbox, '/review/next', { cookie, json: { mode: 'focus' } })
  const next = performance.now() - before
  const { question } = NextQuestion.parse(JSON.parse(asked))
  if (question === null) throw new Error('no question is left: give more with --limit')
  const startedAt = new Date().toISOString()
  await pause(thinkMs)
  const committed = performance.now()
  const answer = { kind: 'answered', value: 'yes' }
  await send(inbox, `/review/${question.assignmentId}/answer`, {
    cookie,
    json: { commitKey: randomUUID(), answer, startedAt },
  })
  return { next, answer: performance.now() - committed }
}

/** The cookies of its reviewers. */
async function fillInbox(inbox: Inbox, databaseUrl: string, open: number): Promise<readonly string[]> {
  const body = Array.from({ length: EPISODES_IMPORTED }, (_, one) => episodeLine(sampleEpisode(one))).join(
    '\n',
  )
  await send(inbox, '/episodes/import?agent=bench&policy=bench', { body })
  const { id: rubric } = JSON.parse(
    await send(inbox, '/rubrics', { json: { agent: 'bench', source: RUBRIC } }),
  )
  const answered = Math.round(open * Number(flags.answered))
  const copies = Math.ceil((open + answered) / CRITERIA / EPISODES_IMPORTED) - 1
  const db = connect(databaseUrl, { connectionsMax: 1 })
  const project = sql`(select id from projects where slug = ${inbox.project})`
  await db.transaction(async (tx) => {
    await tx.execute(sql`create temp table copied on commit drop as
      select uuidv7() as id, id as of from episodes, generate_series(1, ${copies}) where project_id = ${project}`)
    await tx.execute(sql`insert into episodes select copy.* from copied
      join episodes on episodes.id = copied.of, jsonb_populate_record(episodes,
        jsonb_build_object('id', copied.id, 'identity', copied.id)) copy`)
    await tx.execute(sql`insert into episode_chunks select project_id, copied.id, kind, ordinal, content
      from copied join episode_chunks on episode_id = copied.of`)
    await tx.execute(sql`insert into assignments
      select project_id, gen_random_uuid(), ${rubric}::uuid, episode_id, sha256,
        case when place <= ${answered} then random() - 1 else random() end, ${Number(flags.reviewers)}::int, now()
      from (
        select episodes.project_id, episodes.id as episode_id, sha256, row_number() over () as place
        from episodes join criteria on criteria.project_id = episodes.project_id
          and definition->>'id' like 'part-%'
        where episodes.project_id = ${project}
      ) asked where place <= ${open + answered}`)
    await tx.execute(sql`insert into assignment_purposes
      select project_id, id, uuidv7(), 'chosen', null, null, now() from assignments where project_id = ${project}`)
    if (Number(flags.kept) > 0)
      await tx.execute(sql`insert into look_draws
        select project_id, id, gen_random_uuid(), 'expert', ${flags.kept}::float8, now() + interval '1 day', now()
        from assignments where project_id = ${project} and random() < ${flags.kept}::float8`)
    await tx.execute(sql`insert into raters
      select ${project}, uuidv7(), 'human', 'past ' || past, 'people', null, null, 'past ' || past, now()
      from generate_series(1, ${Number(flags.reviewers)}::int) past`)
    await tx.execute(sql`insert into ratings (project_id, id, episode_id, criterion_sha256, rater_id, assignment_id, kind,
        value, comment, evidence, flagged, assistance, commit_key, started_at, committed_at)
      select assignments.project_id, uuidv7(), episode_id, criterion_sha256, raters.id, assignments.id, 'answered',
        '"yes"', '', '{}', false, 'none', assignments.id::text, now(), now()
      from assignments join raters on raters.project_id = assignments.project_id
      where assignments.project_id = ${project} and position < 0`)
  })
  await db.execute(sql`vacuum analyze`)
  await db.execute(sql`checkpoint`)
  const cookies: string[] = []
  for (let one = 0; one < Number(flags.reviewers); one++)
    cookies.push(await joinAsRater(inbox.server, `${inbox.project}-${one}@example.org`, inbox.project))
  if (Number(flags.kept) > 0) {
    // Who has looked at the inbox is a rater; questions are kept from those who are trusted and no experts.
    for (const cookie of cookies) await send(inbox, '/inbox', { cookie })
    await db.execute(sql`insert into rater_tiers
      select project_id, id, uuidv7(), 'vetted', 'bench', 'system:bench', now() from raters
      where project_id = ${project} and user_id is not null`)
  }
  await db.$client.end()
  // They are at work when the server goes down.
  for (const cookie of cookies) await reviewOnce(inbox, cookie, 0)
  return cookies
}

function send({ server, project }: Inbox, path: string, request: BenchRequest): Promise<string> {
  return sendTo(server, path, { ...request, project })
}

/** Of the server after a collection, in MB. */
async function memoryOf(server: BenchServer): Promise<Memory> {
  const told = once(server.process, 'message')
  server.process.send('memory')
  const [heap] = (await told) as [number]
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8')
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
  return { heap: heap / 1e6, resident: kilobytes('VmRSS') / 1e3, peak: kilobytes('VmHWM') / 1e3 }
}

async function startServer(databaseUrl: string): Promise<BenchServer> {
  const own = fileURLToPath(import.meta.url)
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--conditions=@leeway/source', '--import', 'tsx', own, '--child', databaseUrl],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    const { url, token } = JSON.parse(line) as { url: string; token: string }
    return { process: child, url, token }
  }
  throw new Error('the server ended before it listened')
}

/** As `leeway serve` puts it together. */
async function serveHere(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl)
  const { privateKey } = generateKeyPairSync('ed25519')
  const effects = {
    db: connect(databaseUrl, { connectionsMax: 10 }),
    now: () => new Date(),
    newId: () => v7(),
    randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    ledgerSigner: { keyId: 'bench', privateKey },
    log: pino({ level: 'warn' }),
  }
  for (const slug of PROJECTS) await createProject(effects, { slug, name: slug }, { actor: 'system:bench' })
  const { token, sha256 } = issueLocalAdminToken(effects)
  const app = createApp(effects, {
    // The same after a restart, so that sessions go on.
    secretsKey: new Uint8Array(32).fill(1),
    localAdminTokenSha256: sha256,
  })
  const { address } = await listen(app.fetch, '127.0.0.1', 0)
  console.log(JSON.stringify({ url: address, token }))
  process.on('message', () => {
    globalThis.gc?.()
    process.send?.(process.memoryUsage().heapUsed)
  })
  process.on('SIGTERM', () => process.exit(0))
}
