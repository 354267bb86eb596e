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
import { randomUUID } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { connect } from '@leeway/server/db/connect'
import { sampleEpisode } from '@leeway/server/episodes/sample-episode'
import { sql } from 'drizzle-orm'
import { type BenchServer, episodeIds, joinAsRater, sendTo, withBenchServer } from './bench-server.ts'
import { nearestRank } from './nearest-rank.ts'

const { values: flags } = parseArgs({
  options: {
    reviewers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    think: { type: 'string', default: '5000' },
    questions: { type: 'string', default: '20000' },
    done: { type: 'string', default: '10000' },
  },
})
const BURSTS = 5
/** How often the least request of all is timed beside the others: what this machine takes to know who asks. */
const PLAIN_SHARE = 0.2
const RUBRIC = 'name: bench\nquestion: Did the agent find the order with find_order?\nansweredBy: [human]\n'

type Times = { readonly next: number[]; readonly answer: number[]; readonly plain: number[] }

await withBenchServer({ vetting: false }, async (server, databaseUrl) => {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}`,
  )
  const [reviewers, questions, done] = [flags.reviewers, flags.questions, flags.done].map(Number)
  await fillQueue(server, questions ?? 0, done ?? 0)
  // As the database does by itself within a minute.
  await analyze(databaseUrl)
  const cookies: string[] = []
  for (let at = 0; at < (reviewers ?? 0); at++) cookies.push(await joinAsRater(server, `r${at}@example.org`))
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
})

function printTimes(what: string, times: readonly number[], seconds: number | null): void {
  const at = (share: number) => nearestRank(times, share).toFixed(1)
  const rate = seconds === null ? '' : (times.length / seconds).toFixed(0)
  console.log(`| ${what} | ${times.length} | ${rate} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} |`)
}

async function review(server: BenchServer, cookie: string, count: number, thinkMs: number): Promise<void> {
  for (let at = 0; at < count; at++)
    await reviewOnce(server, cookie, Math.random() * thinkMs, { next: [], answer: [], plain: [] })
}

async function reviewOnce(server: BenchServer, cookie: string, thinkMs: number, times: Times): Promise<void> {
  const before = performance.now()
  const asked = await sendTo(server, '/review/next', { cookie, json: { mode: 'focus' } })
  times.next.push(performance.now() - before)
  const { question } = NextQuestion.parse(JSON.parse(asked))
  if (question === null) throw new Error('no question is left: give more with --questions')
  const startedAt = new Date().toISOString()
  await pause(thinkMs)
  const committed = performance.now()
  const answer = { kind: 'answered', value: 'yes' }
  await sendTo(server, `/review/${question.assignmentId}/answer`, {
    cookie,
    json: { commitKey: randomUUID(), answer, startedAt },
  })
  times.answer.push(performance.now() - committed)
  if (Math.random() > PLAIN_SHARE) return
  const plain = performance.now()
  await sendTo(server, '', { cookie })
  times.plain.push(performance.now() - plain)
}

async function fillQueue(server: BenchServer, questions: number, done: number): Promise<void> {
  const body = Array.from({ length: questions }, (_, at) => episodeLine(sampleEpisode(at))).join('\n')
  await sendTo(server, '/episodes/import?agent=bench&policy=bench', { body })
  const { id: rubric } = JSON.parse(
    await sendTo(server, '/rubrics', { json: { agent: 'bench', source: RUBRIC } }),
  )
  const ids = await episodeIds(server)
  for (let at = 0; at < ids.length; at += 10_000)
    await sendTo(server, '/review/questions', { json: { rubric, episodes: ids.slice(at, at + 10_000) } })
  for (let at = 0; at < done; at += 1_000) {
    const ratings = ids.slice(at, Math.min(at + 1_000, done)).map((episodeId) => ({
      episodeId,
      criterion: 'root',
      rater: 'past',
      answer: { kind: 'answered', value: 'yes' },
      sourceKey: episodeId,
    }))
    await sendTo(server, '/ratings', { json: { rubric, ratings } })
  }
}

async function analyze(url: string): Promise<void> {
  const db = connect(url, { connectionsMax: 1 })
  await db.execute(sql`analyze`)
  await db.$client.end()
}
