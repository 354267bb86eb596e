/** Questions that a plan keeps for a tier, as raters meet them over HTTP: given to no other before the time is up, and then to anyone. */
import { randomUUID } from 'node:crypto'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reserve } from '../assignments/reserve.ts'
import { assignments } from '../assignments/tables.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { lookDraws, lookPlans } from './tables.ts'

const database = await testDatabase()
const options = {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
}
const server = await testServer(database.db, options)
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const MANY = 40
const DAY_MS = 24 * 3_600_000
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const next = async (cookie: string) => {
  const answer = await server.request(path('/review/next'), { cookie, json: { mode: 'focus' } })
  return NextQuestion.parse(await answer.json())
}
/** Answers until nothing is left, and says what came, with how many were to come each time. */
async function answerAll(cookie: string) {
  const came: string[] = []
  const toCome: number[] = []
  for (;;) {
    const { question, progress } = await next(cookie)
    toCome.push(progress.total - progress.answered)
    if (question === null) return { came, toCome }
    came.push(question.assignmentId)
    const answer = await server.request(path(`/review/${question.assignmentId}/answer`), {
      cookie,
      json: {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: 'yes' },
        startedAt: effects.now().toISOString(),
      },
    })
    if (!answer.ok) throw new Error(await answer.text())
    await answer.text()
  }
}
async function joined(name: string, tier: 'vetted' | 'expert' | null) {
  const cookie = await joinProject(server, 'rater', name)
  await server.request(path('/inbox'), { cookie }).then((answer) => answer.text())
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  if (tier !== null)
    await effects.db.insert(raterTiers).values({
      projectId: project.id,
      raterId: row?.id ?? '',
      id: effects.newId(),
      tier,
      reason: 'for the test',
      actor: 'person:ada',
      at: effects.now(),
    })
  return { cookie, id: row?.id ?? '' }
}

type Person = Awaited<ReturnType<typeof joined>>
let people: { readonly vera: Person; readonly ed: Person; readonly tim: Person }
let kept: ReadonlySet<string> = new Set()
let all: readonly string[] = []
beforeAll(async () => {
  const sent = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body: Array.from({ length: MANY }, (_, at) => episodeLine(sampleEpisode(at))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const { items } = (await admin('/episodes?limit=200')) as { items: { id: string }[] }
  const source = 'name: desk\nquestion: Did it help?\nansweredBy: [human]\n'
  const { id: rubric } = (await admin('/rubrics', { agent: 'desk', source })) as { id: string }
  const shown = (await admin(`/rubrics/${rubric}`)) as { nodes: { criterion: { sha256: string } }[] }
  await effects.db.insert(lookPlans).values({
    projectId: project.id,
    id: effects.newId(),
    criterionSha256: shown.nodes[0]?.criterion.sha256 ?? '',
    releaseId: effects.newId(),
    groups: [
      { name: 'anyone', probability: 0.5, cost: 2 },
      { name: 'vetted', probability: 0, cost: 3 },
      { name: 'expert', probability: 0.5, cost: 1 },
    ],
    help: null,
    helpShare: null,
    evidence: {},
    at: effects.now(),
  })
  people = {
    vera: await joined('Vera', 'vetted'),
    ed: await joined('Ed', 'expert'),
    tim: await joined('Tim', null),
  }
  await admin('/review/questions', { rubric, episodes: items.map(({ id }) => id), answersWanted: 1 })
  all = (await effects.db.select().from(assignments)).map(({ id }) => id)
  const drawn = await effects.db.select().from(lookDraws)
  expect(drawn).toHaveLength(MANY)
  kept = new Set(
    drawn.filter(({ raterGroup }) => raterGroup === 'expert').map(({ assignmentId }) => assignmentId),
  )
  expect(kept.size).toBeGreaterThan(8)
  expect(kept.size).toBeLessThan(32)
}, 60_000)

const reviewer = ({ id }: Person, tier: 'vetted' | 'expert') => ({
  projectId: project.id,
  raterId: id,
  trusted: true,
  expert: tier === 'expert',
  newestConflict: null,
})

test('is reserved for nobody else, whatever a queue in memory proposes', async () => {
  const [one = ''] = kept
  expect(await reserve(effects, reviewer(people.vera, 'vetted'), one)).toBe(false)
  const [other = ''] = all.filter((id) => !kept.has(id))
  expect(await reserve(effects, reviewer(people.vera, 'vetted'), other)).toBe(true)
})

test('a vetted person is given the others alone, and told of no more than these', async () => {
  const { came, toCome } = await answerAll(people.vera.cookie)
  expect(new Set(came)).toEqual(new Set(all.filter((id) => !kept.has(id))))
  expect(toCome).toEqual(Array.from({ length: MANY - kept.size + 1 }, (_, at) => MANY - kept.size - at))
})

test('a trainee, whose answers are no labels, is asked as ever', async () => {
  expect(new Set((await answerAll(people.tim.cookie)).came)).toEqual(new Set(all))
})

test('an expert is given it; what no expert takes in a day is for anyone', async () => {
  const first = (await next(people.ed.cookie)).question?.assignmentId ?? ''
  expect(kept.has(first)).toBe(true)
  effects.advance(DAY_MS - 60_000)
  expect((await next(people.vera.cookie)).question).toBeNull()
  effects.advance(120_000)
  const { came } = await answerAll(people.vera.cookie)
  expect(new Set(came)).toEqual(kept)
  const rows = await effects.db
    .select()
    .from(lookDraws)
    .where(and(eq(lookDraws.projectId, project.id), inArray(lookDraws.assignmentId, came)))
  expect(rows.every(({ probability }) => probability === 0.5)).toBe(true)
})

test('however many are kept for others before it, what is open to a person comes', async () => {
  // As many as the queue holds in memory.
  await database.db.execute(sql`
    with made as (
      insert into assignments (project_id, id, rubric_id, episode_id, criterion_sha256, position, answers_wanted, created_at)
      select ${project.id}, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), ${'f'.repeat(64)}, -1, 1, now()
      from generate_series(1, 20000) returning id)
    insert into look_draws (project_id, assignment_id, plan_id, rater_group, probability, kept_until, at)
    select ${project.id}, id, gen_random_uuid(), 'expert', 1, ${new Date(effects.now().getTime() + DAY_MS).toISOString()}::timestamptz, now()
    from made`)
  const { items } = (await admin('/episodes?limit=200')) as { items: { id: string }[] }
  const source = 'name: desk\nquestion: Was it polite?\nansweredBy: [human]\n'
  const { id: rubric } = (await admin('/rubrics', { agent: 'desk', source })) as { id: string }
  await admin('/review/questions', { rubric, episodes: items.map(({ id }) => id), answersWanted: 1 })
  expect((await answerAll(people.vera.cookie)).came).toHaveLength(MANY)
}, 60_000)
