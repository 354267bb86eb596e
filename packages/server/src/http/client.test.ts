/** The typed client of the contract against the real server: what it sends and what it makes of answers. */
import { createApiKey, issueAdminLink, listApiKeys, revokeApiKey, showMe } from '@leeway/contract/accounts'
import { createClient, ProblemError } from '@leeway/contract/client'
import { endpoint } from '@leeway/contract/endpoint'
import { listLedger, showLedgerHead } from '@leeway/contract/ledger'
import { createProject, listProjects } from '@leeway/contract/projects'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})
const client = createClient({ baseUrl: server.url, token: server.operatorToken, project: 'default' })
const problemOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as ProblemError
}

test('calls fill paths, queries and bodies, and answer what the schema says', async () => {
  expect((await client.call(showMe)).kind).toBe('operator')
  await client.call(createProject, { body: { slug: 'second', name: 'Second' } })
  const page = await client.call(listProjects, { query: { limit: 1 } })
  expect(page.items.map(({ slug }) => slug)).toEqual(['default'])
  const rest = await client.call(listProjects, { query: { limit: 1, cursor: page.nextCursor ?? '' } })
  expect(rest).toMatchObject({ items: [{ slug: 'second' }], nextCursor: null })
  const made = await client.call(createApiKey, { body: { name: 'k', scopes: ['read'] } })
  expect(made.expiresAt).not.toBeNull()
  const asKey = createClient({ baseUrl: server.url, token: made.key, project: 'default' })
  expect((await asKey.call(listLedger, { query: { action: 'key.created' } })).items).toHaveLength(1)
  expect(await client.call(revokeApiKey, { params: { keyId: made.id } })).toBeUndefined()
  expect((await client.call(listApiKeys)).items[0]?.revokedAt).not.toBeNull()
  expect((await client.inProject('second').call(showLedgerHead)).seq).toBe(2)
  expect((await client.call(issueAdminLink, { body: {} })).url).toContain('/link#')
})

test('a refusal is a ProblemError with what, where, how to mend and how long to wait', async () => {
  const error = await problemOf(client.call(createProject, { body: { slug: 'second', name: 'x' } }))
  expect(error.problem).toMatchObject({ code: 'conflict', field: 'body.slug', status: 409 })
  expect(error.message).toContain('taken')
  const small = await testServer(database.db, { rateLimits: { badKey: { burst: 1, perMinute: 2 } } })
  const stranger = createClient({ baseUrl: small.url, token: 'lw_x' })
  expect((await problemOf(stranger.call(showMe))).problem.code).toBe('unauthenticated')
  expect((await problemOf(stranger.call(showMe))).retryAfterSeconds).toBe(30)
  await small.close()
})

test('an answer of another shape, or of another program, is said to be one', async () => {
  const wrong = endpoint({ method: 'GET', path: '/healthz', response: z.object({ moon: z.string() }) })
  expect((await problemOf(client.call(wrong))).message).toContain('unexpected shape')
  const page = endpoint({ method: 'GET', path: '/nowhere-json', response: z.unknown() })
  expect((await problemOf(client.call(page))).problem.hint).not.toBe('')
})

test('a place without a value is refused before anything is sent', async () => {
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:1' })
  await expect(nowhere.call(showLedgerHead)).rejects.toThrow('needs a value for {project}')
})
