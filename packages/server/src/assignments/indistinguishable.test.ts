/**
 * A rater who keeps what every response looked like cannot tell known answers from work: neither by their place, by the bytes
 * and headers of what comes, by what the answer to them is, by their ids, nor by what all of that says together.
 *
 * Each feature is compared by its ranks, and all together by a classifier that saw one half of the questions and is asked about
 * the other. False alarms: each of the eleven comparisons at 1 in 2,000 by permutation, so together at most 1 in 180 for other seeds; with this
 * seed the result is always the same. How long a response took is not compared here: tests that time fail under load.
 */
import { randomUUID } from 'node:crypto'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { shuffled } from '@leeway/core/numeric/shuffled'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { lookDraws, lookPlans } from '../looks/tables.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { vettingDraws } from '../vetting/tables.ts'
import { vetRaters } from '../vetting/vet-raters.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const KNOWN = 90
/** Half of it is kept for experts by a plan of the question, and the rater is none. */
const WORK = 200
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

type Seen = { readonly known: boolean; readonly features: Readonly<Record<string, number>> }
const seen: Seen[] = []

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', WORK],
  ] as const)
    await server
      .request(path(`/episodes/import?agent=desk&policy=${policy}`), {
        token,
        body: Array.from({ length: many }, (_, at) =>
          episodeLine(
            sampleEpisode(at, { instructions: `Ticket ${policy === 'known' ? at + 100 : at + 300}` }),
          ),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  const idsOf = async (policy: string) =>
    ((await admin(`/episodes?policy=${policy}&limit=200`)) as { items: { id: string }[] }).items.map(
      ({ id }) => id,
    )
  const source = 'name: desk\nquestion: Did it help?\nansweredBy: [human]\n'
  const { id: rubric } = (await admin('/rubrics', { agent: 'desk', source })) as { id: string }
  const shown = (await admin(`/rubrics/${rubric}`)) as { nodes: { criterion: { sha256: string } }[] }
  const criterionSha256 = shown.nodes[0]?.criterion.sha256
  await effects.db.insert(lookPlans).values({
    projectId: server.project.id,
    id: effects.newId(),
    criterionSha256: criterionSha256 ?? '',
    releaseId: effects.newId(),
    groups: [
      { name: 'anyone', probability: 0.5, cost: 1 },
      { name: 'expert', probability: 0.5, cost: 1 },
    ],
    help: null,
    helpShare: null,
    evidence: {},
    at: effects.now(),
  })
  await admin('/review/questions', { rubric, episodes: await idsOf('work'), answersWanted: 5 })
  for (const [at, episode] of (await idsOf('known')).entries())
    await admin('/gold', { episode, criterionSha256, value: at % 2 === 0 ? 'yes' : 'no' })
  await admin('/vetting', { hiddenShare: 0.45, roundQuestions: 0, bar: 0.5, floor: 0.1, exposuresMax: 50 })

  const cookie = await joinProject(server, 'rater', 'Spy')
  const post = async (rest: string, json: object) => {
    const answer = await server.request(path(rest), { cookie, json })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
    const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
    return { text, headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n').length }
  }
  await server.request(path('/inbox'), { cookie }).then((answer) => answer.text())
  const [spy] = await effects.db.select().from(raters).where(eq(raters.name, 'Spy'))
  await effects.db.insert(raterTiers).values({
    projectId: server.project.id,
    raterId: spy?.id ?? '',
    id: effects.newId(),
    tier: 'vetted',
    reason: 'for the test',
    actor: 'person:ada',
    at: effects.now(),
  })
  for (let place = 0; ; place++) {
    // More is drawn in the background all the time.
    await vetRaters(effects)
    const asked = await post('/review/next', { mode: 'focus' })
    const { question, progress, lastDay } = NextQuestion.parse(JSON.parse(asked.text))
    if (question === null) break
    const { assignmentId, episodeId } = question
    const told = await post(`/review/${assignmentId}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: place % 3 === 0 ? 'no' : 'yes' },
      startedAt: effects.now().toISOString(),
    })
    const after = JSON.parse(told.text) as { progress: { total: number; answered: number } }
    effects.advance(20_000)
    seen.push({
      known: false,
      features: {
        id: Number.parseInt(assignmentId.slice(0, 8), 16),
        idEnd: Number.parseInt(assignmentId.slice(-8), 16),
        alias: Number.parseInt(episodeId.slice(0, 8), 16),
        bytes:
          asked.text.length -
          String(progress.total).length -
          String(progress.answered).length -
          String(progress.secondsAnAnswer).length -
          String(lastDay.mine).length -
          String(lastDay.everybody).length,
        headers: asked.headers,
        bytesAfter:
          told.text.length - String(after.progress.answered).length - String(after.progress.total).length,
        headersAfter: told.headers,
        totalBefore: progress.total,
        ofDay: lastDay.mine - progress.answered,
        totalMoves: after.progress.total - progress.total,
      },
    })
    episodes.push(server.episodeOf(episodeId))
  }
  const drawn = new Set(
    (await effects.db.select().from(vettingDraws).where(eq(vettingDraws.kind, 'hidden'))).map(
      (one) => one.episodeId,
    ),
  )
  seen.forEach((one, at) => {
    seen[at] = { ...one, known: drawn.has(episodes[at] ?? '') }
  })
}, 240_000)
const episodes: string[] = []

const random = seededRandom(99)
const PERMUTATIONS = 4_000
/** Share of relabellings that look at least as telling as the truth. */
function chance(labels: readonly boolean[], tells: (labels: readonly boolean[]) => number): number {
  const real = tells(labels)
  let asGood = 0
  for (let time = 0; time < PERMUTATIONS; time++) {
    if (tells(shuffled(labels, random)) >= real - 1e-12) asGood += 1
  }
  return (asGood + 1) / (PERMUTATIONS + 1)
}

/** Midranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks: number[] = []
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = (from + to - 1) / 2
    from = to
  }
  return ranks
}

const meanGap = (ranks: readonly number[]) => (labels: readonly boolean[]) => {
  const mean = (wanted: boolean) => {
    const own = ranks.filter((_, at) => labels[at] === wanted)
    return own.reduce((sum, rank) => sum + rank, 0) / Math.max(1, own.length)
  }
  return Math.abs(mean(true) - mean(false))
}

/** Right answers of the nearest neighbours, each question judged by those of the other half. */
const neighbours = (columns: readonly (readonly number[])[]) => {
  const nearest = columns[0]?.map((_, at) =>
    columns[0]
      ?.map((__, other) => other)
      .filter((other) => other % 2 !== at % 2)
      .map((other) => [
        columns.reduce((sum, column) => sum + ((column[at] ?? 0) - (column[other] ?? 0)) ** 2, 0),
        other,
      ])
      .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
      .slice(0, 7)
      .map(([, other]) => other ?? 0),
  )
  return (labels: readonly boolean[]) =>
    labels.filter((label, at) => {
      const near = nearest?.[at] ?? []
      return near.filter((other) => labels[other]).length > near.length / 2 === label
    }).length
}

test('neither a feature of the responses nor all of them together tell the known ones', async () => {
  const labels = seen.map(({ known }) => known)
  const known = labels.filter(Boolean).length
  // The known ones were drawn until none were left, or work ended.
  expect(known).toBeGreaterThan(40)
  const drawn = await effects.db.select().from(lookDraws)
  expect(drawn).toHaveLength(WORK)
  expect(labels.length - known).toBe(drawn.filter(({ raterGroup }) => raterGroup === 'anyone').length)
  const names = Object.keys(seen[0]?.features ?? {})
  const columns = names.map((name) => ranksOf(seen.map(({ features }) => features[name] ?? 0)))
  const found = Object.fromEntries(
    names.map((name, at) => [name, chance(labels, meanGap(columns[at] ?? []))]),
  )
  const together = chance(labels, neighbours(columns))
  for (const [name, by] of Object.entries({ ...found, together })) expect(by, name).toBeGreaterThan(1 / 2_000)
})

test('the comparison has teeth: one byte more, or one place that is kept, is found', () => {
  const labels = seen.map(({ known }) => known)
  const byte = ranksOf(seen.map(({ features, known }) => (features.bytes ?? 0) + (known ? 1 : 0)))
  expect(chance(labels, meanGap(byte))).toBeLessThan(1 / 2_000)
  const id = ranksOf(seen.map(({ features, known }) => (features.id ?? 0) / (known ? 2 : 1)))
  expect(chance(labels, meanGap(id))).toBeLessThan(1 / 2_000)
})
