/** Ways in: links for the first admin and those who are invited, passwords, sessions, and what guessing comes to. */
import { InspectedLink, IssuedLink, Me } from '@leeway/contract/accounts'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { accountsWorld, PASSWORD } from '../testing/accounts-world.ts'
import { testServer } from '../testing/test-server.ts'

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
afterAll(close)
beforeEach(refill)

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
