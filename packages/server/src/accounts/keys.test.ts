/** What a role or a key may do, and where keys are kept. */
import { ApiKeyPage } from '@leeway/contract/accounts'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { accountsWorld, PASSWORD } from '../testing/accounts-world.ts'
import { testServer } from '../testing/test-server.ts'
import { apiKeys, providerKeys } from './tables.ts'

const {
  database,
  server,
  effects,
  cookieOf,
  tokenOf,
  adminLink,
  redeem,
  signIn,
  invite,
  members,
  ada,
  refill,
  close,
} = await accountsWorld()
/** The same database behind another process, with caches and limits of its own. */
const otherServer = await testServer(database.db)
afterAll(async () => {
  await otherServer.close()
  await close()
})
beforeEach(refill)

describe('roles and scopes', () => {
  test('a rater reads no policies, ledger or people; an auditor reads and changes nothing', async () => {
    const rater = cookieOf(await redeem(tokenOf(await invite(ada, 'rater')), 'rater@example.org'))
    for (const path of ['/ledger', '/members', '/releases', '/keys']) {
      const answer = await server.request(`/api/projects/default${path}`, { cookie: rater })
      expect(answer.status, path).toBe(403)
    }
    expect((await server.request('/api/projects/default', { cookie: rater })).status).toBe(200)
    const auditor = cookieOf(await redeem(tokenOf(await invite(ada, 'auditor')), 'auditor@example.org'))
    expect((await server.request('/api/projects/default/ledger', { cookie: auditor })).status).toBe(200)
    const write = await server.request('/api/projects/default/members/invite', {
      cookie: auditor,
      json: { role: 'admin' },
    })
    expect(write.status).toBe(403)
  })

  test('a key does what its scopes say, and makes no stronger key', async () => {
    const read = await server.key(['read'])
    expect((await server.request('/api/projects/default/ledger', { token: read })).status).toBe(200)
    const make = (token: string, scopes: string[]) =>
      server.request('/api/projects/default/keys', { token, json: { name: 'k', scopes } })
    expect((await make(read, ['read'])).status).toBe(403)
    const admin = await server.key(['admin'])
    expect((await make(admin, ['admin'])).status).toBe(201)
    expect((await make(admin, ['release'])).status).toBe(403)
  })
})

describe('what belongs to another project', () => {
  test('cannot be reached by its id through one’s own', async () => {
    const { project } = await createProject(effects, { slug: 'theirs', name: 'T' }, { actor: 't' })
    const theirs = await server.key(['admin', 'read'], project)
    const made = (await (
      await server.request('/api/projects/theirs/provider-keys', {
        token: theirs,
        json: { provider: 'openai', name: 'main', secret: 'sk' },
      })
    ).json()) as { id: string }
    const theirKeys = ApiKeyPage.parse(
      await (await server.request('/api/projects/theirs/keys', { token: theirs })).json(),
    ).items
    expect(theirKeys).toHaveLength(1)
    const adas = (await members(ada)).find(({ email }) => email === 'ada@example.org')?.userId
    const mine = await server.key(['admin', 'read'])
    for (const path of [`provider-keys/${made.id}`, `keys/${theirKeys[0]?.id}`, 'members/nobody']) {
      const through = await server.request(`/api/projects/default/${path}`, { method: 'DELETE', token: mine })
      expect(through.status, path).toBe(404)
    }
    const member = await server.request(`/api/projects/theirs/members/${adas}`, {
      method: 'PATCH',
      token: theirs,
      json: { disabled: true },
    })
    expect(member.status).toBe(404)
    // Theirs still works, and sees itself alone.
    const seen = await server.request('/api/projects', { token: theirs })
    expect(((await seen.json()) as { items: { slug: string }[] }).items.map(({ slug }) => slug)).toEqual([
      'theirs',
    ])
  })
})

describe('API keys', () => {
  const make = async (json: object) => {
    const answer = await server.request('/api/projects/default/keys', { cookie: ada, json })
    expect(answer.status).toBe(201)
    return (await answer.json()) as { id: string; key: string; prefix: string }
  }
  const keys = async () =>
    ApiKeyPage.parse(
      await (await server.request('/api/projects/default/keys?limit=200', { cookie: ada })).json(),
    ).items

  test('are lw_ and 256 bits, shown once, stored as SHA-256', async () => {
    const made = await make({ name: 'ci', scopes: ['read'] })
    expect(made.key).toMatch(/^lw_[\w-]{43}$/)
    expect(made.key.startsWith(made.prefix)).toBe(true)
    expect(JSON.stringify(await keys())).not.toContain(made.key)
    const { rows } = await database.db.execute(sql`select api_keys::text as row from api_keys`)
    expect(JSON.stringify(rows)).not.toContain(made.key)
  })

  test('a revoked key is refused at once here, and within a second by another process', async () => {
    const made = await make({ name: 'short', scopes: ['read'] })
    const ask = (at: typeof server) => at.request('/api/projects/default', { token: made.key })
    // Both have it in memory now.
    expect([(await ask(server)).status, (await ask(otherServer)).status]).toEqual([200, 200])
    const revoked = await server.request(`/api/projects/default/keys/${made.id}`, {
      method: 'DELETE',
      cookie: ada,
    })
    expect(revoked.status).toBe(204)
    const revokedAtMs = performance.now()
    expect((await ask(server)).status).toBe(401)
    let status = 200
    while (status === 200 && performance.now() - revokedAtMs < 2_000) status = (await ask(otherServer)).status
    expect(status).toBe(401)
    expect(performance.now() - revokedAtMs).toBeLessThan(1_000)
  })

  test('an expired key is refused; the list says when a key was used last', async () => {
    const made = await make({ name: 'days', scopes: ['read'], expiresInDays: 1 })
    expect((await server.request('/api/projects/default', { token: made.key })).status).toBe(200)
    const used = (await keys()).find(({ id }) => id === made.id)
    expect(used?.lastUsedAt).toBe(effects.now().toISOString())
    effects.advance(86_400_000)
    expect((await server.request('/api/projects/default', { token: made.key })).status).toBe(401)
    const [row] = await database.db.select().from(apiKeys).where(eq(apiKeys.id, made.id))
    expect(row?.revokedAt).toBeNull()
  })
})

describe('provider keys', () => {
  test('are sealed in the table, never answered, and open only with the data directory’s key', async () => {
    const secret = 'sk-very-secret-provider-key'
    const path = '/api/projects/default/provider-keys'
    const made = await server.request(path, {
      cookie: ada,
      json: { provider: 'openai', name: 'main', secret },
    })
    expect(made.status).toBe(201)
    const body = await made.text()
    const listed = await (await server.request(path, { cookie: ada })).text()
    const ours = eq(providerKeys.projectId, server.project.id)
    const [row] = await database.db.select().from(providerKeys).where(ours)
    for (const text of [body, listed, JSON.stringify(row)]) expect(text).not.toContain(secret)
    const { openSealed } = await import('./sealing.ts')
    const { sealedPlace } = await import('./provider-keys.ts')
    const { deriveKeys } = await import('./derived-keys.ts')
    const place = sealedPlace(row?.projectId ?? '', row?.id ?? '')
    const sealed = row?.sealed ?? ''
    expect(openSealed(deriveKeys(new Uint8Array(32).fill(7)).sealingKey, sealed, place)).toBe(secret)
    expect(() => openSealed(deriveKeys(new Uint8Array(32)).sealingKey, sealed, place)).toThrow()
    expect(() => openSealed(deriveKeys(new Uint8Array(32).fill(7)).sealingKey, sealed, 'elsewhere')).toThrow()
  })
})

describe('limits', () => {
  test('five passwords for one account, then 429 with Retry-After; the right one has to wait too', async () => {
    await redeem(tokenOf(await invite(ada, 'rater')), 'grace@example.org')
    for (let n = 0; n < 5; n += 1)
      expect((await signIn('ada@example.org', 'guess number x')).status).toBe(401)
    const refused = await signIn('ada@example.org')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // Another account is not locked out by it.
    expect((await signIn('grace@example.org')).status).toBe(200)
    effects.advance(Number(refused.headers.get('retry-after')) * 1000)
    expect((await signIn('ada@example.org')).status).toBe(200)
  })

  test('a key has a bucket of its own', async () => {
    const small = await testServer(database.db, { rateLimits: { key: { burst: 3, perMinute: 60 } } })
    const [one, other] = [await server.key(['read']), await server.key(['read'])]
    const ask = async (token: string) => (await small.request('/api/projects/default', { token })).status
    expect([await ask(one), await ask(one), await ask(one), await ask(one)]).toEqual([200, 200, 200, 429])
    expect(await ask(other)).toBe(200)
    small.effects.advance(1_000)
    expect(await ask(one)).toBe(200)
    await small.close()
  })

  test('guessed keys are slowed down by address', async () => {
    const small = await testServer(database.db, { rateLimits: { badKey: { burst: 2, perMinute: 60 } } })
    const ask = async () => (await small.request('/api/me', { token: 'lw_guess' })).status
    expect([await ask(), await ask(), await ask()]).toEqual([401, 401, 429])
    await small.close()
  })
})

test('nothing secret reaches the log', async () => {
  const pino = (await import('pino')).default
  const { createApp } = await import('../http/app.ts')
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const app = createApp({ ...effects, log }, { secretsKey: new Uint8Array(32).fill(7) })
  const key = await server.key(['read'])
  const token = tokenOf(await adminLink())
  await app.request('/api/projects/default?secret=lw_in_query', {
    headers: { authorization: `Bearer ${key}` },
  })
  await app.request('/api/links/redeem', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: PASSWORD, email: 'log@example.org', name: 'l' }),
  })
  const text = lines.join('')
  expect(lines.length).toBeGreaterThan(1)
  for (const secret of [key, token, PASSWORD, 'lw_in_query']) expect(text).not.toContain(secret)
})
