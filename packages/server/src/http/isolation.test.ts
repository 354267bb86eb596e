import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { SCOPES } from './environment.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { badKey: { burst: 10_000, perMinute: 60 }, key: { burst: 10_000, perMinute: 60 } },
})
afterAll(async () => {
  await server.close()
  await database.close()
})

type Route = { readonly method: string; readonly path: string; readonly scope: string | undefined }

const UUID = '01900000-0000-7000-8000-000000000001'
/** Open by their nature: health, signing in, links (a token is their credential), the description itself. */
const OPEN = new Set([
  '/api/auth/sign-in/email',
  '/api/auth/sign-out',
  '/api/auth/get-session',
  '/api/links/inspect',
  '/api/links/redeem',
])

const document = (await (await server.request('/api/openapi.json')).json()) as {
  paths: Record<string, Record<string, { 'x-scope'?: string }>>
}
const routes: readonly Route[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    scope: operation['x-scope'],
  })),
)
const projectRoutes = routes.filter(({ path }) => path.startsWith('/api/projects/{project}'))
const protocolRoutes = routes.filter(({ path }) => path.startsWith('/v1'))

let stranger = ''
beforeAll(async () => {
  const { project } = await createProject(server.effects, { slug: 'other', name: 'Other' }, { actor: 't' })
  stranger = await server.key(SCOPES, project)
})

const call = ({ method, path }: Route, project: string, token?: string) =>
  server.request(path.replace('{project}', project).replaceAll(/\{\w+\}/g, UUID), {
    method,
    ...(token === undefined ? {} : { token }),
    ...(method === 'GET' || method === 'DELETE' ? {} : { json: {} }),
  })
const name = ({ method, path }: Route) => `${method} ${path}`

test('the walk sees the routes of every feature', () => {
  const walked = projectRoutes.map(name).join('\n')
  for (const noun of ['episodes', 'releases', 'policies', 'ledger', 'members', 'keys', 'rubrics', 'judges']) {
    expect(walked).toContain(`/api/projects/{project}/${noun}`)
  }
  expect(projectRoutes.length).toBeGreaterThan(20)
})

describe.each(projectRoutes.map((route) => [name(route), route] as const))('%s', (_name, route) => {
  test('names the scope it needs', () => {
    expect(route.scope).toMatch(/^(member|read|ingest|rate|release|admin)$/)
  })

  test('answers 401 without credentials', async () => {
    const answer = await call(route, 'default')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' })
  })

  test('a key of another project sees exactly what it sees of a project that is not there', async () => {
    const foreign = await call(route, 'default', stranger)
    const missing = await call(route, 'missing', stranger)
    expect([foreign.status, missing.status]).toEqual([404, 404])
    const [one, other] = [(await foreign.json()) as object, (await missing.json()) as object]
    const blank = (problem: object) =>
      JSON.stringify({ ...problem, requestId: '' }).replaceAll(
        /"(default|missing)|(default|missing)\\"/g,
        'x',
      )
    expect(blank(one)).toBe(blank(other))
  })

  test('a key without its scope is refused', async () => {
    if (route.scope === 'member') return
    const token = await server.key(SCOPES.filter((scope) => scope !== route.scope))
    const answer = await call(route, 'default', token)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'forbidden' })
  })
})

test.each(
  routes
    .filter((route) => !projectRoutes.includes(route) && !OPEN.has(route.path))
    .map((route) => [name(route), route] as const),
)('%s answers 401 without credentials', async (_name, route) => {
  expect((await call(route, 'default')).status).toBe(401)
})

test.each(protocolRoutes.map((route) => [name(route), route] as const))(
  '%s writes into the project of the key, whatever a header says',
  async (_name, route) => {
    const answer = await server.request(route.path, {
      method: route.method,
      token: await server.key(['read']),
      headers: { 'x-leeway-project': 'other' },
      json: {},
    })
    expect(answer.status).toBe(403)
  },
)
