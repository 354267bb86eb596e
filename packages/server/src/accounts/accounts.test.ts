import { ApiKeyPage, InspectedLink, IssuedLink, Me, MemberPage } from '@leeway/contract/accounts'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { apiKeys, providerKeys } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
/** The same database behind another process, with caches and limits of its own. */
const otherServer = await testServer(database.db)
const { effects } = server
afterAll(async () => {
  await server.close()
  await otherServer.close()
  await database.close()
})

const PASSWORD = 'correct horse battery'
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
const tokenOf = (link: IssuedLink) => link.url.split('#')[1] ?? ''

const adminLink = async () =>
  IssuedLink.parse(
    await (await server.request('/api/admin/link', { token: server.operatorToken, json: {} })).json(),
  )
const redeem = (token: string, email?: string, more: object = {}) =>
  server.request('/api/links/redeem', {
    json: {
      token,
      password: PASSWORD,
      ...(email === undefined ? {} : { email, name: email.split('@')[0] }),
      ...more,
    },
  })
const signIn = (email: string, password = PASSWORD) =>
  server.request('/api/auth/sign-in/email', { json: { email, password } })
const invite = async (cookie: string, role: string) =>
  IssuedLink.parse(
    await (await server.request('/api/projects/default/members/invite', { cookie, json: { role } })).json(),
  )
const members = async (cookie: string) =>
  MemberPage.parse(await (await server.request('/api/projects/default/members', { cookie })).json()).items

let ada = ''

beforeEach(async () => {
  // Buckets are full again.
  effects.advance(3600_000)
  if (ada === '') {
    const joined = await redeem(tokenOf(await adminLink()), 'ada@example.org')
    expect(joined.status).toBe(200)
    ada = cookieOf(joined)
  }
})

describe('admin links', () => {
  test('one opens the page as admin, once', async () => {
    const link = await adminLink()
    expect(link.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link#[\w-]{43}$/)
    const first = await redeem(tokenOf(link), 'grace@example.org')
    expect(first.status).toBe(200)
    const me = Me.parse(await first.json())
    expect(me.projects).toEqual([{ slug: 'default', name: 'Test project', role: 'admin' }])
    const again = await redeem(tokenOf(link), 'eve@example.org')
    expect(again.status).toBe(410)
    expect(await again.json()).toMatchObject({ code: 'gone' })
  })

  test('two who open it at once: one gets in', async () => {
    const token = tokenOf(await adminLink())
    const answers = await Promise.all([redeem(token, 'one@example.org'), redeem(token, 'two@example.org')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
  })

  test('it ends after 15 minutes, and when another is issued', async () => {
    const late = await adminLink()
    effects.advance(15 * 60_000)
    expect((await redeem(tokenOf(late), 'late@example.org')).status).toBe(410)
    const replaced = await adminLink()
    await adminLink()
    expect((await redeem(tokenOf(replaced), 'late@example.org')).status).toBe(410)
  })

  test('only the operator makes one', async () => {
    const key = await server.key(['admin'])
    expect((await server.request('/api/admin/link', { token: key, json: {} })).status).toBe(403)
    expect((await server.request('/api/admin/link', { cookie: ada, json: {} })).status).toBe(403)
    expect((await server.request('/api/admin/link', { json: {} })).status).toBe(401)
  })

  test('the token is stored as a hash only', async () => {
    const token = tokenOf(await adminLink())
    const { rows } = await database.db.execute(sql`select account_links::text as row from account_links`)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('looking at a link says what it is for and does not use it', async () => {
    const token = tokenOf(await adminLink())
    for (let n = 0; n < 2; n += 1) {
      const seen = await server.request('/api/links/inspect', { json: { token } })
      expect(InspectedLink.parse(await seen.json())).toMatchObject({ purpose: 'admin', project: null })
    }
  })
})

describe('invitations and resets', () => {
  test('an invitation lasts 72 hours and gives its role; nobody signs up without one', async () => {
    const link = await invite(ada, 'auditor')
    effects.advance(72 * 3600_000 - 1)
    const joined = await redeem(tokenOf(link), 'aud@example.org')
    expect(Me.parse(await joined.json()).projects[0]?.role).toBe('auditor')
    const late = await invite(ada, 'auditor')
    effects.advance(72 * 3600_000)
    expect((await redeem(tokenOf(late), 'aud2@example.org')).status).toBe(410)
    const signUp = await server.request('/api/auth/sign-up/email', {
      json: { email: 'x@example.org', password: PASSWORD, name: 'x' },
    })
    expect(signUp.status).toBe(404)
  })

  test('an e-mail that has an account needs its password, and the link stays for another try', async () => {
    const link = await invite(ada, 'rater')
    const stolen = await redeem(tokenOf(link), 'ada@example.org', { password: 'another password' })
    expect(stolen.status).toBe(401)
    expect(stolen.headers.getSetCookie()).toEqual([])
    expect((await redeem(tokenOf(link), 'ADA@example.org')).status).toBe(200)
    // Ada is still admin: an invitation lowers nobody.
    expect((await members(ada)).find(({ email }) => email === 'ada@example.org')?.role).toBe('admin')
  })

  test('a reset sets the password and ends the sessions there were', async () => {
    const joined = await redeem(tokenOf(await invite(ada, 'rater')), 'rita@example.org')
    const before = cookieOf(joined)
    const rita = (await members(ada)).find(({ email }) => email === 'rita@example.org')
    const made = await server.request(`/api/projects/default/members/${rita?.userId}/reset`, {
      cookie: ada,
      json: {},
    })
    const token = tokenOf(IssuedLink.parse(await made.json()))
    const seen = await server.request('/api/links/inspect', { json: { token } })
    expect(await seen.json()).toMatchObject({ purpose: 'reset', email: 'rita@example.org' })
    expect((await redeem(token, undefined, { password: 'a new password' })).status).toBe(200)
    expect((await server.request('/api/me', { cookie: before })).status).toBe(401)
    expect((await signIn('rita@example.org')).status).toBe(401)
    expect((await signIn('rita@example.org', 'a new password')).status).toBe(200)
  })

  test('an admin of one project cannot reset or disable an account that reaches into another', async () => {
    await redeem(tokenOf(await invite(ada, 'rater')), 'both@example.org')
    const both = (await members(ada)).find(({ email }) => email === 'both@example.org')
    await createProject(
      effects,
      { slug: 'foreign', name: 'F' },
      { actor: 't', adminUserId: both?.userId ?? '' },
    )
    const path = `/api/projects/default/members/${both?.userId}`
    expect((await server.request(`${path}/reset`, { cookie: ada, json: {} })).status).toBe(403)
    const off = await server.request(path, { method: 'PATCH', cookie: ada, json: { disabled: true } })
    expect(off.status).toBe(403)
    expect((await server.request(path, { method: 'DELETE', cookie: ada })).status).toBe(204)
  })
})

describe('sessions', () => {
  test('the cookie is HttpOnly and SameSite, and Secure under https', async () => {
    const [cookie = ''] = (await signIn('ada@example.org')).headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).not.toMatch(/Secure/i)
    const https = await testServer(database.db, { publicUrl: 'https://leeway.example.org' })
    const answer = await https.request('/api/auth/sign-in/email', {
      json: { email: 'ada@example.org', password: PASSWORD },
    })
    expect(answer.headers.getSetCookie()[0]).toMatch(/Secure/i)
    expect(answer.headers.get('strict-transport-security')).toContain('max-age')
    await https.close()
  })

  test('signing out ends the session, not only the cookie', async () => {
    const cookie = cookieOf(await signIn('ada@example.org'))
    expect((await server.request('/api/me', { cookie })).status).toBe(200)
    expect((await server.request('/api/auth/sign-out', { cookie, json: {} })).status).toBe(200)
    expect((await server.request('/api/me', { cookie })).status).toBe(401)
    const gone = await server.request('/api/auth/get-session', { cookie })
    expect(await gone.json()).toEqual({ session: null })
  })

  test('wrong password and unknown e-mail get the same answer', async () => {
    const wrong = await signIn('ada@example.org', 'wrong password')
    const unknown = await signIn('nobody@example.org', 'wrong password')
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const [one, other] = [await wrong.json(), await unknown.json()] as { detail: string }[]
    expect(one?.detail).toBe(other?.detail)
  })

  test('disabling ends sessions at once and refuses new ones; enabling lets in again', async () => {
    const cookie = cookieOf(await redeem(tokenOf(await invite(ada, 'auditor')), 'off@example.org'))
    const off = (await members(ada)).find(({ email }) => email === 'off@example.org')
    const set = (disabled: boolean) =>
      server.request(`/api/projects/default/members/${off?.userId}`, {
        method: 'PATCH',
        cookie: ada,
        json: { disabled },
      })
    expect((await server.request('/api/projects/default', { cookie })).status).toBe(200)
    expect((await set(true)).status).toBe(200)
    expect((await server.request('/api/projects/default', { cookie })).status).toBe(401)
    const refused = await signIn('off@example.org')
    expect(refused.status).toBe(403)
    expect(refused.headers.getSetCookie()).toEqual([])
    await set(false)
    expect((await signIn('off@example.org')).status).toBe(200)
  })

  test('the last admin can be neither disabled, lowered nor removed', async () => {
    const made = await createProject(effects, { slug: 'lonely', name: 'L' }, { actor: 't' })
    const me = (await members(ada)).find(({ email }) => email === 'ada@example.org')
    await database.db.execute(
      sql`insert into memberships values (${made.project.id}, ${me?.userId}, 'admin', now())`,
    )
    const path = `/api/projects/lonely/members/${me?.userId}`
    for (const [method, json] of [
      ['PATCH', { disabled: true }],
      ['PATCH', { role: 'rater' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await server.request(path, { method, cookie: ada, ...(json ? { json } : {}) })
      expect(answer.status).toBe(409)
    }
  })
})

describe('writes with a cookie', () => {
  const rename = (headers: Record<string, string>) =>
    server.request('/api/projects/default', {
      method: 'PATCH',
      cookie: ada,
      json: { name: 'Test project' },
      headers,
    })

  test('come from our own page or are refused', async () => {
    expect((await rename({ origin: server.url })).status).toBe(200)
    for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`]) {
      expect((await rename({ origin })).status, origin).toBe(403)
    }
  })

  test('without Origin are refused, unless the browser says same-origin', async () => {
    expect((await rename({ origin: '' })).status).toBe(403)
    expect((await rename({ origin: '', 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await rename({ origin: '', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  test('another site cannot sign a visitor in', async () => {
    const answer = await server.request('/api/auth/sign-in/email', {
      json: { email: 'ada@example.org', password: PASSWORD },
      headers: { origin: 'https://evil.example' },
    })
    expect(answer.status).toBe(403)
  })
})

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
