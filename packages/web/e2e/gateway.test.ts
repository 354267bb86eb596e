/** Somebody sets the gateway up and halts it with the keyboard alone, and an agent is answered by what was set. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApiKey } from '@leeway/contract/accounts'
import { writeContract } from '@leeway/contract/autonomy'
import { createClient } from '@leeway/contract/client'
import { showGateway } from '@leeway/contract/gateway'
import { declarePolicy } from '@leeway/contract/policies'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { modelServer } from '../../../scripts/shots/held-calls.mjs'
import { signInByLink } from '../../../scripts/shots/sign-in.mjs'
import { type RunningServer, startServer } from './start-server.ts'

let server: RunningServer
let model: Awaited<ReturnType<typeof modelServer>>
let browser: Browser
let page: Page
let client: ReturnType<typeof createClient>
const complaints: string[] = []

beforeAll(async () => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  server = await startServer({ demo: false })
  model = await modelServer()
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    storageState: await signInByLink(browser, server.url, server.link),
  })
  const token = readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim()
  client = createClient({ baseUrl: server.url, token, project: 'default' })
  await client.call(declarePolicy, { body: { agent: 'desk', name: 'v1', config: { prompt: 'Help.' } } })
  page = await context.newPage()
  page.setDefaultTimeout(45_000)
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}, 300_000)

afterAll(async () => {
  model?.close()
  await browser?.close()
  await server?.stop()
}, 60_000)

const shown = (words: RegExp | string) => page.getByRole('main').getByText(words).first().waitFor()
const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}
const focused = (label: string) =>
  expect
    .poll(
      () => page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement),
      {
        timeout: 45_000,
      },
    )
    .toBe(true)

async function answer(key: string): Promise<string> {
  const answered = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'desk', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  return answered.text()
}

test('an upstream and a serving are set by keys, serve at once, and candidates are halted by keys', async () => {
  await page.goto(`${server.url}/p/default/gateway`)
  await shown('Before an agent is served')
  await press('u')
  await focused('Name')
  await page.keyboard.type('made-up')
  await press('Tab')
  await page.keyboard.type(model.url)
  // "a new one", then "none".
  await press('Tab', 'ArrowDown', 'Tab', 'Enter')
  await shown('No key is sent')

  await press('s')
  await focused('Policy')
  await press('Tab', 'Tab', 'Tab')
  await page.keyboard.type('m')
  await press('Tab')
  await page.keyboard.type('{"seed": 7')
  await page.getByText('This is no JSON yet').waitFor()
  await page.keyboard.type('}')
  await press('Tab', 'Enter')
  await shown('m at made-up; sets seed to 7; price unknown')

  const terms = { agent: 'desk', baseline: 'v1', tools: [], reason: 'made up' }
  await client.call(writeContract, { body: terms })
  const { key } = await client.call(createApiKey, {
    body: { name: 'desk', scopes: ['act'], expiresInDays: 1 },
  })
  await expect.poll(() => answer(key), { timeout: 45_000, interval: 100 }).toContain('I see to it.')

  await press('.')
  await page.keyboard.type('halt all')
  await press('Enter')
  await focused('Why they are halted')
  await page.keyboard.type('Something is odd.')
  await press('Control+Enter')
  await shown('All candidates are halted.')
  await shown(/The one process of the gateway knew within/)
  expect((await client.call(showGateway)).halted).toMatchObject({ reason: 'Something is odd.' })
  expect(complaints).toEqual([])
}, 300_000)
