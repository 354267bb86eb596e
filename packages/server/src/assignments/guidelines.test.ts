/**
 * Which words a rater answers by: the version that is told, what it said when they answered last, and that each answer stays with
 * the words it was given under.
 */
import { randomUUID } from 'node:crypto'
import { DisagreementView } from '@leeway/contract/adjudication'
import { NextQuestion, ReviewQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { giveQuestion } from '../testing/give-question.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { assignments } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const path = (rest: string) => `/api/projects/default${rest}`
const call = async (
  who: { readonly cookie?: string; readonly token?: string },
  rest: string,
  json?: object,
) => {
  const answer = await server.request(path(rest), { ...who, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const admin = async (rest: string, json?: object) => call({ token }, rest, json)
const next = async (cookie: string) =>
  NextQuestion.parse(await call({ cookie }, '/review/next', { mode: 'focus' })).question
const says = (value: string, more: object = {}) => ({
  commitKey: randomUUID(),
  answer: { kind: 'answered', value },
  startedAt: effects.now().toISOString(),
  ...more,
})

async function importRuns(policy: string, many: number): Promise<readonly string[]> {
  const body = Array.from({ length: many }, (_, at) =>
    episodeLine(
      sampleEpisode(at, {
        taskKey: `${policy}-${at}`,
        steps: [0, 1, 2, 3].map((ordinal) =>
          sampleStep(ordinal, { kind: 'assistant', content: `Step ${ordinal}.` }),
        ),
      }),
    ),
  ).join('\n')
  const sent = await server.request(path(`/episodes/import?agent=desk&policy=${policy}`), {
    token,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const { items } = (await admin(`/episodes?policy=${policy}&limit=200`)) as { items: { id: string }[] }
  return items.map(({ id }) => id)
}
const saved = async (guidance: string, more = '') => {
  effects.advance(60_000)
  const source = `name: desk\nquestion: Did it help?\nguidance: ${JSON.stringify(guidance)}\nansweredBy: [human]\n${more}`
  const { id } = (await admin('/rubrics', { agent: 'desk', source })) as { id: string }
  const { nodes } = (await admin(`/rubrics/${id}`)) as { nodes: { criterion: { sha256: string } }[] }
  return { id, sha256: nodes[0]?.criterion.sha256 ?? '' }
}
const assignmentOf = async (episodeId: string, sha256: string) => {
  const rows = await effects.db.select().from(assignments).where(eq(assignments.episodeId, episodeId))
  return rows.find((row) => row.criterionSha256 === sha256)?.id ?? ''
}

let runs: readonly string[] = []
beforeAll(async () => {
  runs = await importRuns('one', 6)
})

test('a question tells its version, and after a change what it said when its rater answered last', async () => {
  const first = await saved('Yes if the customer got an answer.')
  await admin('/review/questions', { rubric: first.id, episodes: runs.slice(0, 2), answersWanted: 5 })
  const ada = await joinProject(server, 'rater', 'Ada')
  const old = await next(ada)
  expect(old?.guidelines).toMatchObject({ version: 1, before: null })
  const answeredAt = effects.now().toISOString()
  await call({ cookie: ada }, `/review/${old?.assignmentId}/answer`, says('yes'))

  const second = await saved('Yes if the customer got what they asked for.')
  await admin('/review/questions', { rubric: second.id, episodes: [runs[2]], answersWanted: 5 })
  const fresh = await assignmentOf(runs[2] ?? '', second.sha256)
  await giveQuestion(server, ada, fresh)
  const asked = ReviewQuestion.parse(await call({ cookie: ada }, `/review/${fresh}`))
  expect(asked.guidelines).toMatchObject({
    version: 2,
    before: {
      version: 1,
      question: 'Did it help?',
      guidance: 'Yes if the customer got an answer.',
      answeredAt,
    },
  })
  // Who never answered it is told of no change; an own answer in the new words ends the note.
  const bob = await joinProject(server, 'rater', 'Bob')
  await giveQuestion(server, bob, fresh)
  const unread = ReviewQuestion.parse(await call({ cookie: bob }, `/review/${fresh}`))
  expect(unread.guidelines).toEqual({ ...asked.guidelines, before: null })
  await call({ cookie: ada }, `/review/${fresh}/answer`, says('no'))
  const after = ReviewQuestion.parse(await call({ cookie: ada }, `/review/${fresh}`))
  expect(after.guidelines.before).toBeNull()

  // What was asked in the old words is answered under the old words, and says so.
  const open = await assignmentOf(
    runs.find((id) => id !== server.episodeOf(old?.episodeId ?? '') && runs.indexOf(id) < 2) ?? '',
    first.sha256,
  )
  await giveQuestion(server, ada, open)
  const still = ReviewQuestion.parse(await call({ cookie: ada }, `/review/${open}`))
  expect(still.guidelines).toMatchObject({ version: 1, before: { version: 2 } })
  await call({ cookie: ada }, `/review/${open}/answer`, says('yes'))
  const { items } = (await admin('/ratings?limit=50')) as {
    items: { criterionSha256: string; answer: { value: string } }[]
  }
  expect(items.map(({ criterionSha256, answer }) => [answer.value, criterionSha256]).sort()).toEqual(
    [
      ['no', second.sha256],
      ['yes', first.sha256],
      ['yes', first.sha256],
    ].sort(),
  )
})

test('a change that no rater can see is none, and words that come back are the version that brought them back', async () => {
  const cleo = await joinProject(server, 'rater', 'Cleo')
  const before = await saved('Look at the end.')
  await admin('/review/questions', { rubric: before.id, episodes: [runs[3]], answersWanted: 5 })
  const own = await assignmentOf(runs[3] ?? '', before.sha256)
  await giveQuestion(server, cleo, own)
  await call({ cookie: cleo }, `/review/${own}/answer`, says('yes'))
  // Which answer speaks for the agent is another question to the hash, and the same to who answers.
  const turned = await saved('Look at the end.', 'good: no\n')
  expect(turned.sha256).not.toBe(before.sha256)
  await admin('/review/questions', { rubric: turned.id, episodes: [runs[3]], answersWanted: 5 })
  const second = await assignmentOf(runs[3] ?? '', turned.sha256)
  await giveQuestion(server, cleo, second)
  const seen = ReviewQuestion.parse(await call({ cookie: cleo }, `/review/${second}`))
  expect(seen.guidelines).toMatchObject({ version: 4, before: null })
  await saved('Look at the end.')
  const again = ReviewQuestion.parse(await call({ cookie: cleo }, `/review/${own}`))
  expect(again.guidelines.version).toBe(5)
})

test('steps that one points at and how sure one is come back with the own answer, and to who decides without a name', async () => {
  const { id, sha256 } = await saved('Point at what shows it.')
  await admin('/review/questions', { rubric: id, episodes: [runs[4]], answersWanted: 2 })
  const assignment = await assignmentOf(runs[4] ?? '', sha256)
  const people = await Promise.all(['Dan', 'Eve'].map((name) => joinProject(server, 'rater', name)))
  for (const [at, cookie] of people.entries()) {
    await giveQuestion(server, cookie, assignment)
    const more = { evidence: [3, 1, 3], probability: 0.8 }
    const first = (await call(
      { cookie },
      `/review/${assignment}/answer`,
      says(at === 0 ? 'yes' : 'no', more),
    )) as {
      ratingId: string
    }
    const stored = ReviewQuestion.parse(await call({ cookie }, `/review/${assignment}`))
    expect(stored.mine).toMatchObject({ evidence: [3, 1], probability: 0.8 })
    // A correction is a row of its own: what was said first stays.
    if (at === 0)
      await call(
        { cookie },
        `/review/${assignment}/answer`,
        says('yes', { evidence: [2], supersedes: first.ratingId }),
      )
  }
  await expect(
    call({ cookie: people[1] ?? '' }, `/review/${assignment}/answer`, says('no', { evidence: [4] })),
  ).rejects.toThrow(/no step 4/)
  const rows = await effects.db
    .select({ name: raters.name, evidence: ratings.evidence, probability: ratings.probability })
    .from(ratings)
    .innerJoin(raters, eq(raters.id, ratings.raterId))
    .where(eq(ratings.criterionSha256, sha256))
  expect(rows.map(({ name, evidence, probability }) => [name, evidence, probability]).sort()).toEqual([
    ['Dan', [2], null],
    ['Dan', [3, 1], 0.8],
    ['Eve', [3, 1], 0.8],
  ])
  for (const name of ['Dan', 'Eve']) await trust(name, 'vetted')
  const judge = await joinProject(server, 'rater', 'Fay')
  await call({ cookie: judge }, '/inbox')
  await trust('Fay', 'expert')
  const view = DisagreementView.parse(
    await call({ cookie: judge }, `/adjudication/${server.aliasOf(runs[4] ?? '')}/${sha256}`),
  )
  expect(view.answers.map(({ evidence }) => evidence).sort()).toEqual([[2], [3, 1]])
  expect(JSON.stringify(view)).not.toMatch(/Dan|Eve/)
})

async function trust(name: string, tier: 'vetted' | 'expert') {
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  await effects.db.insert(raterTiers).values({
    projectId: project.id,
    raterId: row?.id ?? '',
    id: effects.newId(),
    tier,
    reason: 'for the test',
    actor: 'person:ada',
    at: effects.now(),
  })
}
