import { afterAll, describe, expect, test } from 'vitest'
import { idempotencyKeys } from '../projects/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})

const token = await server.key(['admin', 'read'])
const store = (key: string, json: object, as = token) =>
  server.request('/api/projects/default/provider-keys', {
    token: as,
    json,
    headers: { 'idempotency-key': key },
  })
const body = (name: string) => ({ provider: 'openai', name, secret: 'sk-1' })
const count = async (name: string) => {
  const answer = await server.request('/api/projects/default/provider-keys?limit=200', { token })
  return ((await answer.json()) as { items: { name: string }[] }).items.filter((item) => item.name === name)
    .length
}

describe('Idempotency-Key', () => {
  test('the same request again is answered the same, and done once', async () => {
    const first = await store('a', body('one'))
    const again = await store('a', body('one'))
    expect([first.status, again.status]).toEqual([201, 201])
    expect(await again.text()).toBe(await first.text())
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await count('one')).toBe(1)
  })

  test('another body is refused', async () => {
    await store('b', body('two'))
    const other = await store('b', body('three'))
    expect(other.status).toBe(422)
    expect(await other.json()).toMatchObject({ code: 'idempotency_mismatch' })
    expect(await count('three')).toBe(0)
  })

  test('ten at once: done once, the rest get its answer or are told to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => store('c', body('four'))))
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true)
    expect(answers.some(({ status }) => status === 201)).toBe(true)
    expect(await count('four')).toBe(1)
  })

  test('a refused request frees its key, so that it can be mended', async () => {
    expect((await store('d', { provider: '?' })).status).toBe(400)
    expect((await store('d', body('five'))).status).toBe(201)
  })

  test('another caller’s key is another key: nobody is told what somebody else was', async () => {
    await store('e', body('six'))
    const other = await store('e', body('six'), await server.key(['admin', 'read']))
    expect(other.headers.get('idempotency-replayed')).toBeNull()
    expect(await count('six')).toBe(2)
  })

  test('an answer with a secret is neither kept nor repeated', async () => {
    const make = () =>
      server.request('/api/projects/default/keys', {
        token,
        json: { name: 'once', scopes: ['read'] },
        headers: { 'idempotency-key': 'f' },
      })
    const first = await make()
    const { key } = (await first.json()) as { key: string }
    const again = await make()
    expect(again.status).toBe(409)
    expect(await again.text()).not.toContain(key)
    expect(JSON.stringify(await database.db.select().from(idempotencyKeys))).not.toContain(key)
  })

  test('a project is made once, and its maker is answered again', async () => {
    const make = (key: string | undefined, name: string) =>
      server.request('/api/projects', {
        token: server.operatorToken,
        json: { slug: 'fresh', name },
        headers: key === undefined ? {} : { 'idempotency-key': key },
      })
    expect((await make('a key', 'Fresh')).status).toBe(400)
    const first = await make('p', 'Fresh')
    const again = await make('p', 'Fresh')
    expect([first.status, again.status]).toEqual([201, 201])
    expect(await again.json()).toEqual(await first.json())
    expect((await make('p', 'Other')).status).toBe(422)
    expect((await make('q', 'Fresh')).status).toBe(409)
    expect((await make(undefined, 'Fresh')).status).toBe(409)
  })

  test('a key is forgotten after a day', async () => {
    await store('g', body('seven'))
    server.effects.advance(24 * 3600_000 + 1)
    await store('g', body('seven'))
    expect(await count('seven')).toBe(2)
  })

  test('a key left in flight by a killed server is free after ten minutes', async () => {
    await store('h', body('eight'))
    await database.db.update(idempotencyKeys).set({ status: null, response: null })
    expect((await store('h', body('eight'))).status).toBe(409)
    server.effects.advance(10 * 60_000 + 1)
    expect((await store('h', body('eight'))).status).toBe(201)
  })
})
