import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-page-'))
const page = join(folder, 'dist')
mkdirSync(join(page, 'assets'), { recursive: true })
writeFileSync(join(page, 'index.html'), '<!doctype html><title>Leeway</title>')
writeFileSync(join(page, 'assets', 'index-abc.js'), 'export const a = 1')
writeFileSync(join(page, 'assets', 'index-abc.js.gz'), gzipSync('export const a = 1'))
writeFileSync(join(folder, 'secret.txt'), 'not for the web')

const database = await testDatabase()
const server = await testServer(database.db, { webDirectory: page })
afterAll(async () => {
  await server.close()
  await database.close()
  rmSync(folder, { recursive: true })
})

test('every address of the page answers index.html, never kept', async () => {
  for (const path of ['/', '/p/default', '/p/default/releases/x', '/link', '/sign-in']) {
    const answer = await server.request(path)
    expect(answer.status, path).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toContain('Leeway')
  }
})

test('hashed files are kept for a year, packed when the browser unpacks', async () => {
  const answer = await server.request('/assets/index-abc.js', { headers: { 'accept-encoding': 'gzip' } })
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('content-type')).toContain('javascript')
  expect(await answer.text()).toBe('export const a = 1')
})

test('a missing script is no page, and neither is an address of the API', async () => {
  for (const path of ['/assets/gone.js', '/api', '/api/gone', '/v1/gone']) {
    const answer = await server.request(path)
    expect(answer.headers.get('content-type'), path).toContain('application/problem+json')
    expect([401, 404]).toContain(answer.status)
  }
})

test('nothing outside the folder is served', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
  ]) {
    const answer = await server.request(path)
    expect(await answer.text(), path).not.toContain('not for the web')
  }
})

test('before the page is built, the address says how to build it', async () => {
  const bare = await testServer(database.db, { webDirectory: join(folder, 'none') })
  const answer = await bare.request('/')
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('npm run build')
  await bare.close()
})
