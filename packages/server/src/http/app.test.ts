import { Problem } from '@leeway/contract/problem'
import { afterAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})

const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return Problem.parse(await answer.json())
}

describe('problems', () => {
  test('an unknown address is not_found, another method is method_not_allowed', async () => {
    const missing = await server.request('/api/nothing')
    expect(missing.status).toBe(404)
    expect((await problemOf(missing)).code).toBe('not_found')
    const other = await server.request('/api/me', { method: 'DELETE' })
    expect(other.status).toBe(405)
    expect(other.headers.get('allow')).toBe('GET')
  })

  test('a field that is wrong is named, with what was expected', async () => {
    const answer = await server.request('/api/projects', {
      token: server.operatorToken,
      json: { slug: 'Not A Slug', name: 'x' },
    })
    expect(answer.status).toBe(400)
    const problem = await problemOf(answer)
    expect(problem.field).toBe('body.slug')
    expect(problem.detail).toContain('expected 1 to 63 of a-z, 0-9 and -')
    expect(problem.hint).not.toBe('')
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'))
  })

  test('JSON that is none, and another content type, say so', async () => {
    const broken = await server.request('/api/projects', {
      token: server.operatorToken,
      body: '{"slug":',
      headers: { 'content-type': 'application/json' },
    })
    expect((await problemOf(broken)).detail).toContain('not valid JSON')
    const other = await server.request('/api/projects', {
      token: server.operatorToken,
      body: 'slug=x',
      headers: { 'content-type': 'text/plain' },
    })
    expect((await problemOf(other)).code).toBe('unsupported_media_type')
  })

  test('a body over the limit is refused, announced or not', async () => {
    const body = JSON.stringify({ slug: 'x', name: 'x'.repeat(2 << 20) })
    const answer = await server.request('/api/projects', {
      token: server.operatorToken,
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(413)
    expect((await problemOf(answer)).code).toBe('too_large')
  })

  test('a request id of the caller comes back; one with odd characters does not', async () => {
    const kept = await server.request('/healthz', { headers: { 'x-request-id': 'abcdef-123' } })
    expect(kept.headers.get('x-request-id')).toBe('abcdef-123')
    const replaced = await server.request('/healthz', { headers: { 'x-request-id': 'a b<script>' } })
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('headers', () => {
  test('no answer lets inline script run, be framed, sniffed or cached by others', async () => {
    for (const path of ['/', '/api/me', '/healthz', '/api/openapi.json', '/p/default']) {
      const answer = await server.request(path)
      const policy = answer.headers.get('content-security-policy') ?? ''
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1]
      expect(scripts).toBe("'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("default-src 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    expect((await server.request('/api/me')).headers.get('cache-control')).toBe('no-store')
  })

  test('a preflight of another site gets no permission', async () => {
    const answer = await server.request('/api/projects', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.status).toBe(405)
  })
})

test('healthz and readyz answer; readyz refuses while draining', async () => {
  expect((await server.request('/healthz')).status).toBe(200)
  expect((await server.request('/readyz')).status).toBe(200)
  const draining = await testServer(database.db, { isDraining: () => true })
  const answer = await draining.request('/readyz')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  await draining.close()
})

test('readyz refuses a database that is not migrated', async () => {
  const { createApp } = await import('./app.ts')
  const empty = await testDatabase({ empty: true })
  const app = createApp({ ...server.effects, db: empty.db }, { secretsKey: new Uint8Array(32) })
  const answer = await app.request('/readyz')
  expect(answer.status).toBe(503)
  expect((await problemOf(answer)).detail).toContain('migrations')
  await empty.close()
})

test('a database that does not answer is unavailable, not an internal error, and says nothing of where it is', async () => {
  const { createApp } = await import('./app.ts')
  const { connect } = await import('../db/connect.ts')
  const db = connect('postgres://leeway:secret-password@127.0.0.1:1/leeway', { connectionsMax: 1 })
  const app = createApp({ ...server.effects, db }, { secretsKey: new Uint8Array(32) })
  for (const path of ['/readyz', '/api/projects/default']) {
    const answer = await app.request(path, { headers: { authorization: 'Bearer lw_x' } })
    expect(answer.status, path).toBe(503)
    const problem = await problemOf(answer)
    expect(problem.code).toBe('unavailable')
    expect(JSON.stringify(problem)).not.toContain('127.0.0.1')
  }
  await db.$client.end()
})

test('the OpenAPI document is 3.1 and describes every operation with its places and refusals', async () => {
  const document = (await (await server.request('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, { responses: object; summary?: string; parameters: object[] }>>
  }
  expect(document.openapi).toBe('3.1.0')
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      expect(operation.responses, `${verb} ${path}`).toHaveProperty('default')
      expect(operation.summary, `${verb} ${path}`).toBeTruthy()
    }
  }
  expect(document.paths['/api/projects/{project}']?.get?.parameters).toContainEqual(
    expect.objectContaining({ name: 'project', in: 'path' }),
  )
})
