/**
 * Another project's real ids, on every route under a project. The stranger is let into its own project with every scope
 * and asks there for what belongs to the other one. A route that is not in `VISITS` fails the walk, so that nobody adds
 * one without saying what it must answer.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { testDatabase } from '../testing/database.ts'
import { type Asked, fillProject, type Owned } from '../testing/real-ids/owned-project.ts'
import type { Visit, Visits } from '../testing/real-ids/visit.ts'
import { visitsOfAccounts } from '../testing/real-ids/visits-of-accounts.ts'
import { visitsOfAnswers } from '../testing/real-ids/visits-of-answers.ts'
import { visitsOfEpisodes } from '../testing/real-ids/visits-of-episodes.ts'
import { visitsOfHelp } from '../testing/real-ids/visits-of-help.ts'
import { visitsOfReleases } from '../testing/real-ids/visits-of-releases.ts'
import { type TestRequest, testServer } from '../testing/test-server.ts'
import { createApp } from './app.ts'
import { SCOPES } from './environment.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})

const VISITS: Visits = {
  ...visitsOfAccounts,
  ...visitsOfAnswers,
  ...visitsOfHelp,
  ...visitsOfEpisodes,
  ...visitsOfReleases,
}
/** What takes something away comes last: the others have to find it. */
const takesAway = (route: string) =>
  /^DELETE |\/(conflicts|end|erase|remove|retire|rollback|stop|tier)$/.test(route)
const ROUTES = [
  ...Object.keys(VISITS).filter((route) => !takesAway(route)),
  ...Object.keys(VISITS).filter(takesAway),
]

const PREFIX = '/api/projects/{project}'
const registered = [
  ...new Set(
    createApp(server.effects, { secretsKey: new Uint8Array(32) })
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/projects/:project'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}').replace(/\/$/, '')}`),
  ),
].map((name) => name.replace(PREFIX, ''))

let theirs: Owned
let own: Owned & Asked
let owner = ''
let stranger = ''

const ask = (project: string, token: string, visit: Visit) =>
  server.request(`/api/projects/${project}${visit.path}`, {
    token,
    ...methodOf(visit),
    ...(visit.json === undefined ? {} : { json: visit.json }),
    ...(visit.body === undefined
      ? {}
      : { body: visit.body, headers: { 'content-type': 'application/octet-stream' } }),
  } as TestRequest)

const methods = new Map<Visit, string>()
const methodOf = (visit: Visit) => ({ method: methods.get(visit) ?? 'GET' })

function visitsOf(route: string, foreign: Owned, mine: Owned & Asked): readonly Visit[] {
  const visits = VISITS[route]?.(foreign, mine) ?? []
  for (const visit of visits) methods.set(visit, route.split(' ')[0] ?? '')
  return visits
}

const head = async () => (await server.request('/api/projects/default/ledger/head', { token: owner })).json()

let headBefore: unknown
beforeAll(async () => {
  const made = await createProject(server.effects, { slug: 'other', name: 'Other' }, { actor: 't' })
  owner = await server.key(SCOPES)
  stranger = await server.key(SCOPES, made.project)
  const vault = await fillProject(server, server.project, owner, 'vault')
  const street = await fillProject(server, made.project, stranger, 'street')
  theirs = vault.owned
  own = { ...street.owned, ...street.asked }
  headBefore = await head()
})

test('every registered route of a project is visited, and no visit is to a route that is gone', () => {
  expect(registered.length).toBeGreaterThan(30)
  expect(registered.sort()).toEqual(Object.keys(VISITS).sort())
})

test('the other project owns one of each', () => {
  for (const [what, id] of Object.entries(theirs)) expect(id, what).not.toBe('')
})

describe.each(ROUTES)('%s', (route) => {
  test("with the other project's real ids gives nothing away", async () => {
    for (const visit of visitsOf(route, theirs, own)) {
      const answer = await ask('other', stranger, visit)
      const text = await answer.text()
      const said = `${visit.path} answered ${answer.status} ${text.slice(0, 300)}`
      if (visit.answer === 'refused') expect([403, 404], said).toContain(answer.status)
      else expect(answer.ok, said).toBe(true)
      // A refusal may repeat the id that it was asked for, and nothing else.
      for (const [what, mark] of Object.entries(theirs))
        if (!JSON.stringify(visit).includes(mark)) expect(text, `${said}: ${what}`).not.toContain(mark)
    }
  })
})

test('after all visits the other project is as it was', async () => {
  expect(await head()).toEqual(headBefore)
  const release = await server.request(`/api/projects/default/releases/${theirs.release}`, { token: owner })
  expect(await release.json()).toMatchObject({ state: 'proposed' })
})

test('the ids were real: the owner is refused none of them', async () => {
  for (const route of ROUTES) {
    const [visit] = visitsOf(route, theirs, { ...own, ...theirs }).filter(
      ({ answer, peopleOnly }) => answer === 'refused' && peopleOnly === undefined,
    )
    if (!visit) continue
    const answer = await ask('default', owner, visit)
    expect([401, 403, 404], `${route} ${visit.path}: ${await answer.text()}`).not.toContain(answer.status)
  }
})
