import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function refusal(read: () => unknown): SettingsError {
  try {
    read()
  } catch (error) {
    if (error instanceof SettingsError) return error
    throw error
  }
  throw new Error('accepted')
}

test('flag over environment over file over default, each with its source', () => {
  const configFile = fileOf('all.json', '{"port": 1003, "host": "file.example", "drainSeconds": 3}')
  const environment = { LEEWAY_PORT: '1002', LEEWAY_HOST: 'env.example', LEEWAY_LOG_LEVEL: '' }
  const { settings, resolved } = readSettings({ port: '1001', configFile }, environment)
  expect(settings).toMatchObject({ port: 1001, host: 'env.example', drainSeconds: 3, logLevel: 'info' })
  const sourceOf = (name: string) => {
    const { source, from } = resolved.find((one) => one.name === name) ?? { source: '', from: '' }
    return [source, from]
  }
  expect(sourceOf('port')).toEqual(['flag', '--port'])
  expect(sourceOf('host')).toEqual(['environment', 'LEEWAY_HOST'])
  expect(sourceOf('drainSeconds')).toEqual(['file', `"drainSeconds" in ${configFile}`])
  expect(sourceOf('logLevel')).toEqual(['default', ''])
})

test('leeway.json in the data directory is read without being named', () => {
  fileOf('leeway.json', '{"port": 4999}')
  expect(readSettings({ dataDir: folder }, {}).settings.port).toBe(4999)
  rmSync(join(folder, 'leeway.json'))
  expect(readSettings({ dataDir: folder }, {}).settings.port).toBe(4400)
})

test('an unknown key in the file names the nearest one', () => {
  const configFile = fileOf('typo.json', '{"prot": 4401}')
  const error = refusal(() => readSettings({ configFile }, {}))
  expect(error.message).toBe(`${configFile} has the unknown setting "prot".`)
  expect(error.fix).toContain('Did you mean "port"?')
})

test.each([
  [{ port: '65536' }, {}, '--port is "65536".', 'a whole number from 0 to 65535'],
  [{}, { LEEWAY_PORT: '44x' }, 'LEEWAY_PORT is "44x".', 'a whole number'],
  [{}, { LEEWAY_LOG_LEVEL: 'loud' }, 'LEEWAY_LOG_LEVEL is "loud".', 'one of trace, debug'],
  [{ publicUrl: 'leeway' }, {}, '--public-url is "leeway".', 'begins with http://'],
])(
  'a value out of range says where it stands and what was expected: %j %j',
  (flags, environment, message, expected) => {
    const error = refusal(() => readSettings(flags, environment))
    expect(error.message).toBe(message)
    expect(error.fix).toContain(expected)
  },
)

test('a secret is shown neither when it is right nor when it is wrong', () => {
  const good = readSettings({}, { DATABASE_URL: 'postgresql://me:hunter2@db/x' })
  expect(good.settings.databaseUrl).toContain('hunter2')
  expect(JSON.stringify(good.resolved)).not.toContain('hunter2')
  const bad = refusal(() => readSettings({}, { DATABASE_URL: 'mysql://me:hunter2@db/x' }))
  expect(`${bad.message}${bad.fix}`).not.toContain('hunter2')
})

test.each([
  ['broken.json', '{"port": ', 'is not JSON'],
  ['list.json', '[1]', 'does not hold a JSON object'],
  ['nested.json', '{"port": {"is": 1}}', '"port" in'],
])('%s is refused', (name, content, message) => {
  expect(refusal(() => readSettings({ configFile: fileOf(name, content) }, {})).message).toContain(message)
})

test('a file that was named must be there', () => {
  expect(refusal(() => readSettings({ configFile: join(folder, 'none.json') }, {})).message).toContain(
    'cannot be read',
  )
})
