/** Who is told, what an agent may do, and taking a candidate back by hand: the pages around enforcement, by keys in a real browser. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { proposeContract } from '@leeway/contract/autonomy'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskInBrowser, deskInBrowser } from './desk-in-browser.ts'

let open: DeskInBrowser
let page: Page
let desk: DeskInBrowser['desk']
let listener: Server
const told: string[] = []

beforeAll(async () => {
  listener = createServer(async (asked, response) => {
    let body = ''
    for await (const piece of asked) body += piece
    told.push(body)
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  // Messages go to an address of this machine, which is refused otherwise.
  open = await deskInBrowser({ LEEWAY_WEBHOOKS_PRIVATE: 'yes' })
  ;({ page, desk } = open)
}, 300_000)

afterAll(async () => {
  listener?.close()
  await open?.close()
  expect(open?.complaints).toEqual([])
}, 60_000)

const main = () => page.getByRole('main')
const shown = (words: RegExp | string) => main().getByText(words).first().waitFor()
/** Posts to the project as whoever is signed in. */
async function api(path: string, data: unknown): Promise<{ readonly id: string }> {
  const answer = await page.request.post(`${open.url}/api${desk.home.replace('/p/', '/projects/')}${path}`, {
    headers: { origin: open.url },
    data,
  })
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as { id: string }
}

test('a webhook is added, tried and removed, and its secret is shown once', async () => {
  await page.goto(`${open.url}${desk.home}/webhooks`)
  await shown('Nobody is told yet')
  await page.keyboard.press('a')
  // The address has the focus.
  await main().getByRole('form', { name: 'Add a webhook' }).waitFor()
  await page.keyboard.type(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/leeway`)
  await page.keyboard.press('Enter')
  await shown(/^whsec_/)
  await shown('Nothing was sent yet.')
  const trial = page.getByRole('button', { name: /^Send a test/ })
  await trial.focus()
  await page.keyboard.press('Enter')
  await shown(/The test: taken \(204\)/)
  await shown('The newest message was taken.')
  expect(told).toHaveLength(1)
  await page.reload()
  await shown('The newest message was taken.')
  expect(
    await main()
      .getByText(/^whsec_/)
      .count(),
  ).toBe(0)

  // Whoever changes their mind leaves by Escape, and nothing is removed.
  const remove = page.getByRole('button', { name: /^Remove…/ })
  await remove.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Remove this webhook' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await remove.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).focus()
  await page.keyboard.press('Enter')
  await shown('Nobody is told yet')
}, 120_000)

test('a contract tells what it changed and whether it is whole, and its versions are walked by keys', async () => {
  await api('/contracts', {
    agent: 'desk',
    baseline: 'v1',
    tools: [
      { name: 'find_*', stakes: 'read' },
      { name: 'refund', stakes: 'costly', arguments: { type: 'object', required: ['amount'] } },
    ],
    grant: { withoutReview: 0, stakes: 'costly' },
    reason: 'No accounts are closed any more.',
  })
  await page.goto(`${open.url}${desk.home}/contracts/desk`)
  await page.getByRole('heading', { name: 'Contract 2 of desk' }).waitFor()
  await shown('No accounts are closed any more.')
  await shown(/hash and signature fit, checked in this browser/)
  const changes = page
    .getByRole('heading', { name: 'What version 2 changed' })
    .locator('xpath=ancestor::section[1]')
  await changes
    .getByText(/close_account/)
    .first()
    .waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'Contract 1 of desk' }).waitFor()
  expect(page.url()).toContain('version=1')
  await shown(/close_account/)
  await page.keyboard.press('k')
  await page.getByRole('heading', { name: 'Contract 2 of desk' }).waitFor()
  const simulate = page.getByRole('button', { name: /^Try it on the/ })
  await simulate.focus()
  await page.keyboard.press('Enter')
  await shown(/No episode of this agent has its text here/)
}, 120_000)

test('a contract that somebody else proposed is read and approved by keys, and holds with both names', async () => {
  await open.client.call(proposeContract, {
    body: {
      agent: 'desk',
      baseline: 'v1',
      tools: [
        { name: 'find_*', stakes: 'read' },
        { name: 'refund', stakes: 'costly', arguments: { type: 'object', required: ['amount'] } },
        { name: 'note', stakes: 'reversible' },
      ],
      grant: { withoutReview: 0, stakes: 'costly' },
      reason: 'It <i>may</i> write notes.',
      approver: 'Grace Hopper',
    },
  })
  await page.goto(`${open.url}${desk.home}/contracts/desk`)
  const waiting = page.getByRole('region', { name: 'A new contract waits for a second person' })
  await waiting.getByText('It <i>may</i> write notes.').waitFor()
  await waiting.getByText(/^note may be called/).waitFor()
  await waiting.getByRole('button', { name: 'Approve it' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Contract 3 of desk' }).waitFor()
  await shown(/approved by Grace Hopper, /)
  expect(await waiting.count()).toBe(0)
}, 120_000)

test('a candidate is rolled back by hand: asked for a reason, kept by Escape, and then ended at once', async () => {
  const region = { horizonSteps: 30, stakes: 'reversible', behaviourNatsMax: 0.3 }
  await api('/policies', { agent: 'desk', name: 'v2', config: { prompt: 'Help fast.' } })
  await api('/anchors', { agent: 'desk', policy: 'v1', evidence: 'years of use' })
  await api('/ladders', {
    agent: 'desk',
    ladder: {
      name: 'short',
      stages: [
        { name: 'beside', autonomy: 'shadow', exposure: 0, reviewed: 1, region },
        { name: 'part', autonomy: 'act', exposure: 0.5, reviewed: 1, region },
      ],
    },
  })
  const { id } = await api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })
  await page.goto(`${open.url}${desk.home}/releases/${id}`)
  await shown(/What it does is at most 0\.3.nats a choice from the baseline/)
  await page.keyboard.press('b')
  const asking = page.getByRole('dialog', { name: 'Roll v2 back' })
  await asking.waitFor()
  await page.keyboard.press('Escape')
  // The browser closes it before the page hears of it; then it goes altogether.
  await expect.poll(() => page.locator('dialog').count()).toBe(0)
  expect(await main().getByText('Rolled back').count()).toBe(0)

  await page.keyboard.press('b')
  await asking.waitFor()
  // Without a reason nothing happens.
  await page.keyboard.press('Control+Enter')
  expect(await asking.count()).toBe(1)
  await page.keyboard.type('It promised <b>money</b>.')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  const ended = page.getByRole('region', { name: 'Rollback' })
  await ended.getByText('Rolled back at beside').waitFor()
  await ended.getByText('It promised <b>money</b>.').waitFor()
  await ended.getByText(/serves every unit since/).waitFor()
  expect(await page.getByRole('button', { name: /Roll back/ }).count()).toBe(0)
}, 120_000)

test('how often planted requests come is set by keys, and nothing is told of them before a day is over', async () => {
  await page.goto(`${open.url}${desk.home}/planted-faults`)
  await shown('Nothing is planted among held calls.')
  await page.getByLabel('Planted after so many decisions, %').focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('5')
  await page.keyboard.press('Enter')
  await shown(/After 5.% of the decisions a planted call follows/)
  await shown('None was planted before.')
}, 120_000)

test('a request is written and withdrawn, and the call of an incident planted, by keys', async () => {
  await page.goto(`${open.url}${desk.home}/planted-faults`)
  await shown('You have written none.')
  const write = page.getByRole('button', { name: 'Write one' })
  await write.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Tool').focus()
  await page.keyboard.type('refund')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('{ "amount": 900')
  await shown(/This is no JSON yet/)
  await page.keyboard.type(' }')
  await page.getByLabel('Why it should be denied').focus()
  await page.keyboard.type('<b>Nobody</b> paid that.')
  const keep = page.getByRole('button', { name: 'Keep it to be planted' })
  await keep.focus()
  await page.keyboard.press('Enter')
  await shown('<b>Nobody</b> paid that.')
  await page.getByRole('button', { name: 'Withdraw' }).focus()
  await page.keyboard.press('Enter')
  await shown('Withdrawn.')

  const steps = [
    { kind: 'user', content: 'It was late.' },
    { kind: 'tool_call', name: 'refund', callId: 'c', content: { amount: 70 } },
  ]
  const inside = `${open.url}/api${desk.home.replace('/p/', '/projects/')}`
  const sent = await page.request.post(`${inside}/episodes/import?agent=desk&policy=v1`, {
    headers: { origin: open.url, 'content-type': 'application/octet-stream' },
    data: JSON.stringify({ taskKey: 'harm', steps }),
  })
  await sent.text()
  const { items } = await (await page.request.get(`${inside}/episodes?limit=1`)).json()
  const { id } = await api('/incidents', {
    episode: items[0].id,
    severity: 'minor',
    reason: 'It was never late.',
  })
  await page.goto(`${open.url}${desk.home}/incidents/${id}`)
  await shown('It was never late.')
  await page.keyboard.press('p')
  const asking = page.getByRole('dialog', { name: 'Plant a like request' })
  await asking.getByText('"amount": 70').waitFor()
  expect(await asking.getByLabel('Why it should be denied').inputValue()).toBe('It was never late.')
  await asking.getByRole('button', { name: 'Plant it' }).focus()
  await page.keyboard.press('Enter')
  await asking.getByText(/It is kept/).waitFor()
  await asking.getByRole('link', { name: 'Planted faults' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Written by you' }).waitFor()
  await shown(/Kept. Whether it has come is told from the next day on./)
}, 120_000)
