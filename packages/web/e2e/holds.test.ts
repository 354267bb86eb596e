/** Calls that wait, decided by keys alone in a real browser while the agent's request waits at the gateway. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskInBrowser, deskInBrowser } from './desk-in-browser.ts'

let open: DeskInBrowser
let page: Page
let desk: DeskInBrowser['desk']

beforeAll(async () => {
  open = await deskInBrowser()
  ;({ page, desk } = open)
  await page.goto(`${open.url}${desk.home}/holds`)
}, 300_000)

afterAll(() => open?.close(), 60_000)

const refund = (amount: number) => [{ tool: 'refund', arguments: { amount, to: 'Ada' } }]
/** The amount that the agent was told to refund; null: nothing was. */
const carried = (answer: string) => /\\"amount\\": ?(\d+)/.exec(answer)?.[1] ?? null
const shown = (words: RegExp | string) => page.getByRole('main').getByText(words).first().waitFor()
/** Goes on as soon as it is in the list. */
const next = (words: string) =>
  expect
    .poll(
      async () => {
        await page.keyboard.press('j')
        return page.getByRole('main').getByText(words, { exact: true }).count()
      },
      { timeout: 45_000, interval: 300 },
    )
    .toBe(1)
/** What has just appeared takes no approval. */
const look = () => page.waitForTimeout(700)

test('approved, changed and denied by keys, and the agent gets what was decided', async () => {
  await shown('will wait here')
  const first = desk.ask('It was late. <b id="markup">Look</b>', refund(20))
  await page.getByText('No call like it was approved before.').waitFor()
  await shown('<b id="markup">Look</b>')
  expect(await page.locator('#markup').count()).toBe(0)
  await look()
  // Costly: the first press asks, the second carries it out.
  await page.keyboard.press('a')
  await shown('Approve once more')
  expect((await desk.waiting()).length).toBe(1)
  await page.keyboard.press('a')
  expect(carried(await first)).toBe('20')
  await shown(/approved it; it was carried out/)

  const second = desk.ask('It was late again.', refund(400))
  await next('It was late again.')
  await shown(/1 member differs .*: amount changed/)
  await look()
  await page.keyboard.press('e')
  const field = page.getByLabel('Arguments of refund')
  await page.getByLabel('Why you change them').fill('Half of it is due.')
  await field.fill('{"amount": 5')
  await shown(/This is no JSON yet/)
  await field.fill('{"amount": 5000}')
  await page.getByRole('button', { name: 'Carry out as changed' }).click()
  await page.locator('[aria-invalid=true]').waitFor()
  await field.fill('{"amount": 7}')
  await page.getByRole('button', { name: 'Carry out as changed' }).click()
  expect(carried(await second)).toBe('7')

  const third = desk.ask('And again.', refund(30))
  await next('And again.')
  await page.keyboard.press('d')
  await page.getByLabel('Why not').fill('not three times')
  await page.keyboard.press('Control+Enter')
  const denied = await third
  expect(carried(denied)).toBeNull()
  expect(denied).toContain('Then not.')
  // Refusals that were provoked on purpose are logged by the browser itself.
  expect(open.complaints.filter((line) => !/status of 422/.test(line))).toEqual([])
}, 300_000)

test('who denies like calls together denies none that came while they wrote why', async () => {
  const note = (text: string) =>
    desk.ask('Note it.', [{ tool: 'note', arguments: { text } }], 'one conversation')
  const seen = [note('first'), note('second')]
  await next('1 more like it in this conversation')
  await page.getByRole('button', { name: 'Deny all 2' }).click()
  const later = note('third')
  await shown('2 more like it in this conversation')
  await page.getByLabel('Why not').fill('these two are enough')
  await page.keyboard.press('Control+Enter')
  await Promise.all(seen)
  const [left, ...more] = await desk.waiting()
  expect(more).toEqual([])
  await desk.decide(left.id, { kind: 'denied', reason: 'nor this one' })
  await later
}, 300_000)
