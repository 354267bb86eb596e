/**
 * The real app on a loopback port, with a project, an admin and keys, for tests that speak HTTP.
 *
 *     const server = await testServer(database.db)     // afterAll(server.close)
 *     const answer = await server.request('/api/me', { token: await server.key(['read']) })
 */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createApiKey } from '../accounts/api-keys.ts'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { issueLocalAdminToken } from '../accounts/local-admin-token.ts'
import type { Database } from '../db/connect.ts'
import { episodeAliases } from '../episodes/episode-alias.ts'
import { type AppOptions, createApp } from '../http/app.ts'
import type { Project, Scope } from '../http/environment.ts'
import { createProject } from '../projects/create-project.ts'
import { type TestEffects, testEffects } from './database.ts'

export type TestRequest = {
  readonly method?: string
  readonly token?: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export type TestServer = {
  readonly url: string
  readonly effects: TestEffects
  readonly operatorToken: string
  readonly project: Project
  readonly request: (path: string, request?: TestRequest) => Promise<Response>
  /** A new API key with these scopes, in `project` unless another is given. */
  readonly key: (scopes: readonly Scope[], project?: Project) => Promise<string>
  /** What raters of `project` call an episode, and the id behind it. */
  readonly aliasOf: (episodeId: string) => string
  readonly episodeOf: (alias: string) => string
  readonly close: () => Promise<void>
}

const SECRET = new Uint8Array(32).fill(7)

/** Makes the project `slug` (default `default`) when it is not there. */
export async function testServer(
  db: Database,
  options: Partial<AppOptions> & { readonly slug?: string } = {},
): Promise<TestServer> {
  const effects = testEffects(db, { seed: options.slug ?? 'default' })
  const { token: operatorToken, sha256 } = issueLocalAdminToken(effects)
  const app = createApp(effects, {
    secretsKey: SECRET,
    localAdminTokenSha256: sha256,
    // Tests ask tens of thousands of times.
    raterAnswerMs: 0,
    ...options,
  })
  const aliases = episodeAliases(deriveKeys(options.secretsKey ?? SECRET).aliasKey)
  const slug = options.slug ?? 'default'
  const { project } = await createProject(effects, { slug, name: 'Test project' }, { actor: 'test' })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((done) => (server.listening ? done() : server.once('listening', () => done())))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    effects,
    operatorToken,
    project,
    request: (path, request = {}) => fetch(`${url}${path}`, requestInit(url, request)),
    aliasOf: (episodeId) => aliases.aliasOf(project.id, episodeId),
    episodeOf: (alias) => aliases.idOf(project.id, alias) ?? '',
    key: async (scopes, inProject = project) => {
      const made = await createApiKey(effects, inProject, 'test', {
        name: scopes.join('+'),
        scopes: [...scopes],
        expiresInDays: null,
      })
      return made.key
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function requestInit(url: string, request: TestRequest): RequestInit {
  const headers = new Headers(request.headers)
  if (request.token !== undefined) headers.set('authorization', `Bearer ${request.token}`)
  if (request.cookie !== undefined) {
    headers.set('cookie', request.cookie)
    if (!headers.has('origin')) headers.set('origin', url)
  }
  if (headers.get('origin') === '') headers.delete('origin')
  if (request.json !== undefined) headers.set('content-type', 'application/json')
  const body = request.json === undefined ? request.body : JSON.stringify(request.json)
  return {
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  }
}
