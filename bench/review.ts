/**
 * How long the next question takes to come while many people review at once.
 *
 *     npm run bench -- bench/review.ts [--reviewers 100] [--seconds 30] [--think 5000] [--questions 20000] [--done 10000]
 *
 * The real app in a process of its own, the embedded PostgreSQL with fsync on, HTTP over loopback, each reviewer signed
 * in with a session of their own; everything, this client too, on the cores of this machine. A reviewer asks for the next
 * question, thinks for a random time (exponential, mean `think` milliseconds) and answers. `done` questions have been
 * answered before, so that the queue has a past. Then all reviewers ask at the same instant, a few times.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { IssuedLink } from '@leeway/contract/accounts'
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

const { values: flags } = parseArgs({
  options: {
    reviewers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    think: { type: 'string', default: '5000' },
    questions: { type: 'string', default: '20000' },
    done: { type: 'string', default: '10000' },
    /** Used by this file itself: address of the database. */
    child: { type: 'string' },
  },
})
const BURSTS = 5
/** How often the least request of all is timed beside the others: what this machine takes to know who asks. */
const PLAIN_SHARE = 0.2
const RUBRIC = 'name: bench\nquestion: Did the agent find the order with find_order?\nansweredBy: [human]\n'

type Server = { readonly process: ChildProcess; readonly url: string; readonly token: string }
type Times = { readonly next: number[]; readonly answer: number[]; readonly plain: number[] }

if (flags.child !== undefined) await serveHere(flags.child)
else await measure()

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-review-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: 'bench' })
  const server = await startServer(postgres.url)
  try {
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}`,
    )
    const [reviewers, questions, done] = [flags.reviewers, flags.questions, flags.done].map(Number)
    await fillQueue(server, questions ?? 0, done ?? 0)
    // As the database does by itself within a minute.
    await analyze(postgres.url)
    const cookies: string[] = []
    for (let at = 0; at < (reviewers ?? 0); at++)
      cookies.push(await joinAsRater(server, `r${at}@example.org`))
    // Everyone's first question and the plans of the database are not what is measured.
    await Promise.all(cookies.map((cookie) => review(server, cookie, 2, Number(flags.think))))

    const until = performance.now() + Number(flags.seconds) * 1_000
    const times: Times = { next: [], answer: [], plain: [] }
    const loadBefore = loadavg()[0] ?? 0
    await Promise.all(
      cookies.map(async (cookie, at) => {
        const random = seededRandom(at + 1)
        // They do not all sit down at the same instant; the burst below is that.
        await pause(random() * Number(flags.think))
        while (performance.now() < until)
          await reviewOnce(server, cookie, -Math.log(1 - random()) * Number(flags.think), times)
      }),
    )
    console.log(
      `${reviewers} reviewers, thinking ${flags.think} ms on average, for ${flags.seconds} s; ${questions} questions, ${done} answered before; load before ${loadBefore.toFixed(1)}`,
    )
    console.log('| request | number | a second | median ms | p95 ms | p99 ms | longest ms |')
    console.log('|---|---|---|---|---|---|---|')
    printTimes('next question', times.next, Number(flags.seconds))
    printTimes('answer', times.answer, Number(flags.seconds))
    printTimes('the name of the project', times.plain, Number(flags.seconds))
    const bursts: number[] = []
    for (let burst = 0; burst < BURSTS; burst++) {
      await Promise.all(
        cookies.map((cookie) => reviewOnce(server, cookie, 0, { next: bursts, answer: [], plain: [] })),
      )
      await pause(500)
    }
    printTimes(`next question, all ${reviewers} at the same instant`, bursts, null)
  } finally {
    server.process.kill('SIGTERM')
    await once(server.process, 'exit')
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function printTimes(what: string, times: readonly number[], seconds: number | null): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(1)
  const rate = seconds === null ? '' : (times.length / seconds).toFixed(0)
  console.log(`| ${what} | ${times.length} | ${rate} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} |`)
}

async function review(server: Server, cookie: string, count: number, thinkMs: number): Promise<void> {
  for (let at = 0; at < count; at++)
    await reviewOnce(server, cookie, Math.random() * thinkMs, { next: [], answer: [], plain: [] })
}

async function reviewOnce(server: Server, cookie: string, thinkMs: number, times: Times): Promise<void> {
  const before = performance.now()
  const asked = await send(server, '/review/next', { cookie, json: { mode: 'focus' } })
  times.next.push(performance.now() - before)
  const { question } = NextQuestion.parse(JSON.parse(asked))
  if (question === null) throw new Error('no question is left: give more with --questions')
  const startedAt = new Date().toISOString()
  await pause(thinkMs)
  const committed = performance.now()
  const answer = { kind: 'answered', value: 'yes' }
  await send(server, `/review/${question.assignmentId}/answer`, {
    cookie,
    json: { commitKey: randomUUID(), answer, startedAt },
  })
  times.answer.push(performance.now() - committed)
  if (Math.random() > PLAIN_SHARE) return
  const plain = performance.now()
  await send(server, '', { cookie })
  times.plain.push(performance.now() - plain)
}

async function fillQueue(server: Server, questions: number, done: number): Promise<void> {
  const body = Array.from({ length: questions }, (_, at) => episodeLine(sampleEpisode(at))).join('\n')
  await send(server, '/episodes/import?agent=bench&policy=bench', { body })
  const { id: rubric } = JSON.parse(
    await send(server, '/rubrics', { json: { agent: 'bench', source: RUBRIC } }),
  )
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const page = JSON.parse(await send(server, `/episodes?limit=200${cursor && `&cursor=${cursor}`}`, {}))
    ids.push(...page.items.map((item: { id: string }) => item.id))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  for (let at = 0; at < ids.length; at += 10_000)
    await send(server, '/review/questions', { json: { rubric, episodes: ids.slice(at, at + 10_000) } })
  for (let at = 0; at < done; at += 1_000) {
    const ratings = ids.slice(at, Math.min(at + 1_000, done)).map((episodeId) => ({
      episodeId,
      criterion: 'root',
      rater: 'past',
      answer: { kind: 'answered', value: 'yes' },
      sourceKey: episodeId,
    }))
    await send(server, '/ratings', { json: { rubric, ratings } })
  }
}

async function analyze(url: string): Promise<void> {
  const db = connect(url, { connectionsMax: 1 })
  await db.execute(sql`analyze`)
  await db.$client.end()
}

async function joinAsRater(server: Server, email: string): Promise<string> {
  const invited = await send(server, '/members/invite', { json: { role: 'rater' } })
  const link = IssuedLink.parse(JSON.parse(invited))
  const joined = await fetch(`${server.url}/api/links/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: link.url.split('#')[1],
      password: 'correct horse battery',
      email,
      name: email,
    }),
  })
  if (!joined.ok) throw new Error(`${email} could not join: ${await joined.text()}`)
  return joined.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** As the operator unless a cookie says otherwise. */
async function send(
  server: Server,
  path: string,
  request: { readonly json?: object; readonly body?: string; readonly cookie?: string },
): Promise<string> {
  const body = request.body ?? (request.json === undefined ? undefined : JSON.stringify(request.json))
  const answer = await fetch(`${server.url}/api/projects/default${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: {
      'content-type': request.body === undefined ? 'application/json' : 'application/octet-stream',
      ...(request.cookie === undefined
        ? { authorization: `Bearer ${server.token}` }
        : { cookie: request.cookie, origin: server.url }),
    },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return text
}

async function startServer(databaseUrl: string): Promise<Server> {
  const own = fileURLToPath(import.meta.url)
  const child = spawn(
    process.execPath,
    ['--conditions=@leeway/source', '--import', 'tsx', own, '--child', databaseUrl],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, token } = JSON.parse(line) as { url: string; token: string }
    return { process: child, url, token }
  }
  throw new Error('the server ended before it listened')
}

/** As `leeway serve` puts it together, with room for 100 people who join from one address within a minute. */
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
  await createProject(effects, { slug: 'default', name: 'Default' }, { actor: 'system:bench' })
  const { token, sha256 } = issueLocalAdminToken(effects)
  const app = createApp(effects, {
    secretsKey: new Uint8Array(randomBytes(32)),
    localAdminTokenSha256: sha256,
    rateLimits: { address: { burst: 10_000, perMinute: 10_000 } },
  })
  const { address } = await listen(app.fetch, '127.0.0.1', 0)
  console.log(JSON.stringify({ url: address, token }))
  process.on('SIGTERM', () => process.exit(0))
}
