import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { type TestRequest, type TestServer, testServer } from '../testing/test-server.ts'

const FLOOR_MS = 1_500
const NOBODY = '0198c0de-0000-7000-8000-000000000000'

const database = await testDatabase()
let server: TestServer
let rater: string

beforeAll(async () => {
  server = await testServer(database.db, { raterAnswerMs: FLOOR_MS })
  rater = await joinProject(server, 'rater', 'Bob')
})

afterAll(async () => {
  await server.close()
  await database.close()
})

async function timed(path: string, request: TestRequest) {
  const before = performance.now()
  const answer = await server.request(`/api/projects/default${path}`, request)
  await answer.text()
  return { status: answer.status, ms: performance.now() - before }
}

test('a rater gets nothing sooner than that: no question, no refusal, nothing that is not there', async () => {
  const next = { json: { mode: 'focus' } }
  const key = { token: await server.key(['rate']) }
  const answers = await Promise.all([
    timed('/review/next', { cookie: rater, ...next }),
    timed('/review/next', { cookie: rater, json: { mode: 'upside down' } }),
    timed(`/review/${NOBODY}`, { cookie: rater }),
    timed(`/episodes/${NOBODY}`, { cookie: rater }),
    timed('/gold', { cookie: rater }),
    timed('/nothing', { cookie: rater }),
    timed('/review/next', { ...key, ...next }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 404, 404, 403, 404, 200])
  for (const { ms } of answers) expect(ms).toBeGreaterThanOrEqual(FLOOR_MS)
})

test('who may read what is asked waits for nothing', async () => {
  const admin = await joinProject(server, 'admin', 'Ada')
  const answers = await Promise.all([
    timed('/episodes', { cookie: admin }),
    timed('/episodes', { token: await server.key(['read']) }),
    timed('/episodes', {}),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401])
  for (const { ms } of answers) expect(ms).toBeLessThan(FLOOR_MS)
})
