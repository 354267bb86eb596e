/**
 * `kill -9` of the server at seeded random moments while people rate. After each kill a new server on the same data
 * directory holds every answer that was acknowledged, with what was said, and none twice; the commit that got no answer
 * is sent again with its key, whichever side of it the kill fell on.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { listEpisodes } from '@leeway/contract/episodes'
import { listRatings } from '@leeway/contract/raters'
import { askQuestions, commitAnswer, nextQuestion } from '@leeway/contract/review'
import { saveRubric } from '@leeway/contract/rubrics'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { episodeLine, importText } from './import-text.ts'
import { isLate } from './kill-moment.ts'
import { type KillableServer, startKillable } from './killable-server.ts'

export type RatingCrashResult = {
  readonly kills: number
  readonly acknowledged: number
  /** Kills that fell on a commit: it was sent, and no answer came. */
  readonly unanswered: number
  /** Of those, the commits that were stored before the kill. */
  readonly storedUnanswered: number
  readonly faults: readonly string[]
}
type Commit = { readonly key: string; readonly assignment: string; readonly value: 'yes' | 'no' }
type Known = { readonly acknowledged: Map<string, Commit>; open: Commit | null }

const QUESTIONS_A_KILL = 80
const KILL_WITHIN_MS = 900

export async function runRatingCrashes(input: {
  readonly kills: number
  readonly seed: number
  readonly print?: (line: string) => void
}): Promise<RatingCrashResult> {
  const random = seededRandom(input.seed)
  const dataDir = mkdtempSync(join(tmpdir(), 'leeway-crash-rating-'))
  const faults: string[] = []
  const counts = { acknowledged: 0, unanswered: 0, storedUnanswered: 0 }
  let server = await startKillable(dataDir)
  try {
    for (let kill = 1; kill <= input.kills; kill++) {
      const rubric = await openQuestions(server.client, kill)
      const known: Known = { acknowledged: new Map(), open: null }
      const afterMs = Math.floor(random() * KILL_WITHIN_MS)
      const ended = await rateUntilKilled(server, known, isLate(kill), afterMs)
      server = await startKillable(dataDir)
      const acknowledged = known.acknowledged.size
      counts.acknowledged += acknowledged
      const found = await faultsOf(server.client, rubric, known, counts)
      if (ended !== null) found.push(`instead of breaking off: ${ended}`)
      faults.push(...found.map((fault) => `kill ${kill}: ${fault}`))
      input.print?.(`kill ${kill} after ${afterMs} ms: ${acknowledged} answers acknowledged`)
    }
    return { kills: input.kills, ...counts, faults }
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** The rubric's id. Its questions are about episodes of an agent of their own. */
async function openQuestions(client: Client, kill: number): Promise<string> {
  const agent = `rated-${kill}`
  const lines = Array.from({ length: QUESTIONS_A_KILL }, (_, index) => episodeLine(`${agent}-${index}`, true))
  await importText(client, { agent, policy: 'p' }, lines.join('\n'))
  const source = `name: ${agent}\nquestion: Was the order of ${agent} found?\nansweredBy: [human]\n`
  const { id } = await client.call(saveRubric, { body: { agent, source } })
  const { items } = await client.call(listEpisodes, { query: { agent, limit: 200 } })
  await client.call(askQuestions, { body: { rubric: id, episodes: items.map((episode) => episode.id) } })
  return id
}

/** What went wrong other than by the kill, if anything. */
async function rateUntilKilled(
  server: KillableServer,
  known: Known,
  late: boolean,
  afterMs: number,
): Promise<string | null> {
  let sayFirst = () => {}
  const first = new Promise<void>((resolve) => {
    sayFirst = resolve
  })
  let killed = false
  const rating = rateAll(server.client, known, sayFirst).catch((error: unknown) => error)
  if (late) await Promise.race([first, rating])
  await pause(afterMs)
  killed = true
  await server.kill()
  const error = await rating
  const broken = error instanceof TypeError && ['fetch failed', 'terminated'].includes(error.message)
  return error === undefined || (killed && broken) ? null : String(error)
}

async function rateAll(client: Client, known: Known, onAnswer: () => void): Promise<void> {
  for (let at = 0; ; at++) {
    const { question } = await client.call(nextQuestion, { body: {} })
    if (question === null) return
    const commit: Commit = {
      key: randomUUID(),
      assignment: question.assignmentId,
      value: at % 3 === 0 ? 'no' : 'yes',
    }
    known.open = commit
    const ratingId = await send(client, commit)
    known.acknowledged.set(ratingId, commit)
    known.open = null
    onAnswer()
  }
}

async function send(client: Client, { key, assignment, value }: Commit): Promise<string> {
  const { ratingId } = await client.call(commitAnswer, {
    params: { assignment },
    body: {
      commitKey: key,
      answer: { kind: 'answered', value },
      startedAt: new Date().toISOString(),
    },
  })
  return ratingId
}

async function faultsOf(
  client: Client,
  rubric: string,
  known: Known,
  counts: { unanswered: number; storedUnanswered: number },
): Promise<string[]> {
  const faults: string[] = []
  const stored = async () => (await client.call(listRatings, { query: { rubric, limit: 200 } })).items
  const before = await stored()
  const extra = before.length - known.acknowledged.size
  if (extra < 0 || extra > (known.open === null ? 0 : 1))
    faults.push(`${known.acknowledged.size} answers were acknowledged, ${before.length} are there`)
  for (const [id, { value }] of known.acknowledged) {
    const { answer } = before.find((rating) => rating.id === id) ?? {}
    if (answer?.kind !== 'answered' || answer.value !== value)
      faults.push(`the answer ${id} was "${value}", is ${JSON.stringify(answer)}`)
  }
  if (known.open !== null) {
    counts.unanswered += 1
    counts.storedUnanswered += extra
    known.acknowledged.set(await send(client, known.open), known.open)
  }
  // Keys that were answered before answer the same again.
  for (const [id, commit] of [...known.acknowledged].slice(-3))
    if ((await send(client, commit)) !== id) faults.push(`the commit of ${id} sent again is another rating`)
  // What is left is answered too: nothing was lost from the queue.
  await rateAll(client, known, () => {})
  const all = await stored()
  const episodes = new Set(all.map(({ episodeId }) => episodeId)).size
  if (all.length !== QUESTIONS_A_KILL || episodes !== QUESTIONS_A_KILL)
    faults.push(`${all.length} answers about ${episodes} episodes instead of ${QUESTIONS_A_KILL}`)
  return faults
}
