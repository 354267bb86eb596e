/** Who supervises, set by keys in a real browser and explained where a release starts; and parts of a question on a sheet. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IssuedLink, inviteMember } from '@leeway/contract/accounts'
import { type Client, createClient } from '@leeway/contract/client'
import { declareJudge } from '@leeway/contract/judges'
import { listPolicies } from '@leeway/contract/policies'
import { Committed } from '@leeway/contract/review'
import { setSplitRules } from '@leeway/contract/splits'
import { listSupervisors } from '@leeway/contract/supervision'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { type RunningServer, startServer } from './start-server.ts'

let server: RunningServer
let browser: Browser
let client: Client
let admin: Page
const complaints: string[] = []

beforeAll(async () => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  server = await startServer()
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  client = createClient({
    baseUrl: server.url,
    token: readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim(),
    project: 'demo',
  })
  const link = IssuedLink.parse(await client.call(inviteMember, { body: { role: 'admin' } }))
  admin = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
  admin.setDefaultTimeout(45_000)
  admin.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  admin.on('pageerror', (error) => complaints.push(error.message))
  await admin.goto(link.url)
  await admin.getByLabel('Your name').fill('Ada Admin')
  await admin.getByLabel('E-mail').fill('ada@example.org')
  await admin.getByLabel('Password', { exact: true }).fill('a long enough passphrase')
  await admin.getByRole('button', { name: 'Continue' }).click()
  await admin.waitForURL('**/p/*')
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
}, 60_000)

const at = (path: string) => `${server.url}/p/demo${path}`

test('a policy is registered by keys, and the page of a new release says who supervises by itself and why', async () => {
  await client.call(declareJudge, {
    body: {
      name: 'runs-it',
      provider: 'openai-compatible',
      model: 'm',
      baseUrl: 'http://127.0.0.1:9/v1',
      usdPerMillion: { input: 0, output: 0 },
    },
  })
  const { items: policies } = await client.call(listPolicies, {})
  const policy = policies.find(({ agentName }) => agentName === 'help-desk')?.name ?? ''
  await admin.goto(at('/raters'))
  await admin.getByRole('button', { name: 'Register a policy' }).press('Enter')
  const form = admin.getByRole('form', { name: 'Register a policy as supervisor' })
  // Whoever came by key is at the first field.
  expect(await form.getByLabel('Model rater').evaluate((field) => field === document.activeElement)).toBe(
    true,
  )
  await admin.keyboard.type('runs-it')
  await admin.keyboard.press('Tab')
  await form.getByLabel('Agent').selectOption('help-desk')
  await form.getByLabel('Policy that it runs').selectOption({ label: policy })
  await form.getByLabel('Why').focus()
  await admin.keyboard.type('It runs <i>this</i> one.')
  await admin.keyboard.press('Tab')
  await admin.keyboard.press('Tab')
  // On the role of a critic.
  await admin.keyboard.press('Space')
  await form.getByLabel('Why').press('Enter')
  const panel = admin.getByRole('region', { name: 'Policies that supervise' })
  await panel.getByText('rater, critic.').waitFor()
  await panel.getByText('It runs <i>this</i> one.').waitFor()
  const { items } = await client.call(listSupervisors)
  expect(items).toMatchObject([{ rater: 'runs-it', policy, roles: ['rater', 'critic'] }])

  await admin.goto(at('/releases/new'))
  await admin.getByLabel('Agent', { exact: true }).selectOption('help-desk')
  const truths = admin.getByLabel('What counts as the truth')
  await truths.locator('option').nth(1).waitFor({ state: 'attached' })
  expect(await admin.getByLabel('Who supervises the candidate').count()).toBe(0)
  await truths.selectOption({ index: 1 })
  await admin.getByText(/^(Nobody by itself|By itself runs-it)/).waitFor()
  const who = admin.getByLabel('Who supervises the candidate')
  await who.selectOption({ label: `runs-it, runs ${policy} of help-desk` })
  // Whoever names one says why.
  expect(await admin.getByLabel('Why this one').getAttribute('required')).not.toBeNull()
}, 180_000)

test('on a sheet the parts of a question come after the answer to the whole, and by keys the answer is changed', async () => {
  await client.call(setSplitRules, { body: { share: 1, depthMax: 2, answersMax: 0, usdMax: 0 } })
  await admin.goto(at('/review?mode=sheet'))
  const parts = admin.getByRole('heading', { name: 'You answered “yes”. Others were asked parts of it:' })
  const critique = admin.getByRole('heading', { name: /A critic claims/ })
  const nextEpisode = admin.getByRole('button', { name: 'Next episode' })
  const question = admin.getByRole('button', { name: /^Save and next/ })
  const waiting = admin.getByText('not answered yet')
  for (let count = 0; count < 80; count++) {
    await question.or(nextEpisode).first().waitFor()
    if (await nextEpisode.isVisible()) {
      await nextEpisode.press('Enter')
      await nextEpisode.waitFor({ state: 'detached' })
      continue
    }
    const others = await waiting.count()
    const stored = admin.waitForResponse((response) => response.url().endsWith('/answer'))
    await admin.keyboard.press('1')
    await admin.keyboard.press('Enter')
    const said = Committed.parse(await (await stored).json())
    if (said.parts !== null) break
    if (said.critique !== null) {
      await critique.waitFor()
      await admin.keyboard.press('Enter')
      await critique.waitFor({ state: 'detached' })
    }
    // Until the next one is open, keys go to nobody.
    await expect
      .poll(async () => (await nextEpisode.isVisible()) || (await waiting.count()) < others)
      .toBe(true)
  }
  await parts.waitFor()
  await admin.keyboard.press('x')
  await admin.getByRole('button', { name: 'no', pressed: true }).first().waitFor()
  await admin.keyboard.press('2')
  await admin.getByRole('button', { name: 'Change the answer and go on' }).waitFor()
  await admin.keyboard.press('Enter')
  await parts.waitFor({ state: 'detached' })
}, 180_000)

test('the browser had nothing to complain of', () => {
  expect(complaints).toEqual([])
})
