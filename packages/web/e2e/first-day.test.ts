/**
 * A first day with Leeway, in a real browser on a real server: first start, account, import, a release that is promoted
 * by keyboard, one that is watched while labels arrive, and its rollback. Each test goes on where the one before ended.
 */
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { startDemo } from '../../../scripts/shots/start-demo.mjs'
import { agentRuntime, failsAt, runOf } from './agent-runtime.ts'

let server: Awaited<ReturnType<typeof startDemo>>
let browser: Browser
let page: Page
/** What the browser complained of; nothing may. */
const complaints: string[] = []

beforeAll(async () => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  server = await startDemo()
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  page.setDefaultTimeout(45_000)
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
}, 60_000)

test('first start: the link that was printed makes the first account, once', async () => {
  await page.goto(server.link)
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL('**/p/*')

  const stranger = await browser.newPage()
  await stranger.goto(server.link)
  await stranger.getByRole('alert').waitFor()
  expect(await stranger.getByLabel('Your name').count()).toBe(0)
  await stranger.close()
})

test('the overview shows where each demo agent stands, and why', async () => {
  await page.goto(`${server.url}/p/demo`)
  await page.getByRole('link', { name: 'help-desk-express' }).waitFor()
  const said = await page.locator('main').textContent()
  expect(said).toContain('simulated')
  expect(said).toMatch(/Rollback\s*fast-v1 is worse than careful-v1/)
  expect(said).toMatch(/Hold/)
})

test('a file of runs of two policies is imported from the page', async () => {
  await page.goto(`${server.url}/p/default/import`)
  for (const [policy, share] of [
    ['old-prompt', 0.4],
    ['new-prompt', 0.05],
  ] as const) {
    const runs = Array.from({ length: 120 }, (_, number) =>
      runOf(`ticket-${number}`, !failsAt(number, share)),
    )
    await page.locator('input[type="file"]').setInputFiles({
      name: `${policy}.jsonl`,
      mimeType: 'application/jsonl',
      buffer: Buffer.from(runs.join('\n')),
    })
    await page.getByLabel('Agent').fill('support')
    await page.getByLabel('Policy').fill(policy)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('120 episodes added').waitFor()
    await page.goto(`${server.url}/p/default/import`)
  }
})

test('a release is started from the page, and its promotion approved with the keyboard alone', async () => {
  await page.goto(`${server.url}/p/default/releases/new`)
  await page.getByLabel('Baseline: known, trusted now').selectOption('old-prompt')
  await page.getByLabel('Candidate: wants to take its place').selectOption('new-prompt')
  await page.getByRole('button', { name: 'Start the release' }).click()
  await page.getByRole('region', { name: 'Verdict' }).getByText('Promote', { exact: true }).waitFor()
  await chart(page).waitFor()
  await present(page, 'shadow')

  await page.keyboard.press('a')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('Read the evidence and ten of the failed runs.')
  for (let tabs = 0; tabs < 5 && (await focused(page)) !== 'Approve'; tabs++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await present(page, 'suggest')
  await page.getByText('Ada Lovelace approved the promotion to suggest').waitFor()
}, 120_000)

test('the chart moves as labels arrive, and harm rolls back while nobody does anything', async () => {
  const runtime = agentRuntime(server, 'courier', { baseline: 0.1, candidate: 0.7 })
  const releaseId = await runtime.start()
  await page.goto(`${server.url}/p/default/releases/${releaseId}`)
  await page.getByText('No evidence at this stage yet').waitFor()
  await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''))

  await runtime.serve(releaseId, 3)
  await runtime.check(releaseId)
  const pairs = () => chart(page).getAttribute('aria-valuemax').then(Number)
  await expect.poll(pairs, { timeout: 45_000 }).toBe(2)
  const before = await drawn(page)
  await runtime.serve(releaseId, 3)
  await runtime.check(releaseId)
  await expect.poll(pairs, { timeout: 45_000 }).toBe(5)
  await expect.poll(() => drawn(page), { timeout: 15_000 }).not.toBe(before)

  // From here on nobody asks for a check: the server looks by itself.
  await runtime.serve(releaseId, 40)
  await page.getByRole('region', { name: 'Verdict' }).getByText('Rollback', { exact: true }).waitFor()
  for (const name of ['Rollback', 'History'])
    await page.getByRole('region', { name, exact: true }).getByText('Rolled back at shadow').waitFor()
  expect(await page.evaluate(() => document.body.hasAttribute('data-not-reloaded'))).toBe(true)

  await page.goto(`${server.url}/p/default/ledger`)
  await page.getByText('The gate rolled hasty back').waitFor()
  await page.getByText('Ada Lovelace approved suggest for new-prompt').waitFor()
}, 300_000)

test('the browser had nothing to complain of', () => {
  expect(complaints).toEqual([])
})

const chart = (on: Page) => on.getByRole('slider', { name: /^Cursor of the evidence chart/ })

/** The lines of the chart as they are drawn. */
const drawn = (on: Page) =>
  on
    .locator('[role="slider"] svg[aria-hidden="true"] path')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')).join(' '))

const present = (on: Page, stage: string) =>
  on.locator('li[aria-current="step"]').filter({ hasText: stage }).waitFor()

const focused = (on: Page) => on.evaluate(() => document.activeElement?.textContent ?? '')
