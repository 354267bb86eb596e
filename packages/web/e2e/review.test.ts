/**
 * A day of reviewing, in a real browser with real keys: one rater answers twenty questions, takes one back, skips one and
 * flags one; a second one, who is trusted, disagrees. The estimate, the cards and the evidence chart move accordingly, and an
 * expert decides where the two disagree.
 */
import type { Client } from '@leeway/contract/client'
import { listRaters, listRatings, setTier } from '@leeway/contract/raters'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOf } from './agent-runtime.ts'
import {
  answerOn as answer,
  answeredOn as answered,
  type People,
  peopleInBrowsers,
} from './people-in-browsers.ts'
import { SUPPORT_RUBRIC } from './support-desk.ts'

const UNITS = 16

let people: People
let admin: Page
let bob: Page
let cyd: Page
let client: Client

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: false })
  client = people.client('default')
  admin = await people.admin('Ada Lovelace')
}, 300_000)

afterAll(() => people?.close(), 60_000)

const at = (path: string) => `${people.url}/p/default${path}`
const question = (page: Page) => page.getByRole('heading', { name: /^Did the agent follow/ })

test('a rubric is written on the page, and a release starts whose truth is what people answer', async () => {
  for (const policy of ['old-prompt', 'new-prompt']) {
    await admin.goto(at('/import'))
    await admin.locator('input[type="file"]').setInputFiles({
      name: `${policy}.jsonl`,
      mimeType: 'application/jsonl',
      buffer: Buffer.from(
        Array.from({ length: UNITS }, (_, number) =>
          runOf(`ticket-${number}`, true, { policyName: policy }),
        ).join('\n'),
      ),
    })
    await admin.getByLabel('Agent').fill('support')
    await admin.getByLabel('Policy').fill(policy)
    await admin.getByRole('button', { name: 'Import', exact: true }).click()
    await admin.getByText(`${UNITS} episodes added`).waitFor()
  }
  await admin.goto(at('/rubrics/new'))
  await admin.getByLabel('Rubric (YAML or JSON)').fill('name: support\nquestions: 3\n')
  await admin
    .getByText(/Line 2/)
    .first()
    .waitFor()
  await admin.getByLabel('Rubric (YAML or JSON)').fill(SUPPORT_RUBRIC)
  await admin.getByText('No problems.').waitFor()
  await admin.getByRole('button', { name: 'Save' }).click()
  await admin.getByRole('heading', { name: 'support' }).waitFor()

  await admin.goto(at('/releases/new'))
  await admin.getByLabel('Baseline: known, trusted now').selectOption('old-prompt')
  await admin.getByLabel('Candidate: wants to take its place').selectOption('new-prompt')
  await admin
    .getByLabel('What counts as the truth')
    .selectOption({ label: 'What trusted people answer: support' })
  await admin.getByLabel('People err').selectOption('none')
  await admin.getByRole('button', { name: 'Start the release' }).click()
  await admin.getByText('No evidence at this stage yet').waitFor()
  await admin
    .getByRole('region', { name: 'Answers still needed' })
    .getByText(`${2 * UNITS} wait in the inbox`)
    .waitFor()
}, 120_000)

test('a rater answers twenty with keys alone, takes one back, skips one with a reason and flags one', async () => {
  bob = await people.join('default', 'rater', 'Bob Hope')
  await bob.goto(at('/inbox'))
  await bob.getByText(`${2 * UNITS} questions wait for you.`).waitFor()
  // Where raters can go, and nowhere else.
  expect(await bob.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toEqual([
    'Episodes',
    'Inbox',
  ])
  await bob.keyboard.press('g')
  await bob.keyboard.press('q')
  await question(bob).waitFor()
  await bob.getByRole('tree', { name: 'Steps of the episode' }).waitFor()
  // Nothing is saved before an answer is chosen.
  await bob.keyboard.press('Enter')
  expect(await answered(bob)).toBe(0)
  for (let count = 0; count < 19; count++) await answer(bob, '2')
  expect(await answered(bob)).toBe(19)

  await bob.keyboard.press('u')
  await expect.poll(() => answered(bob)).toBe(18)
  await answer(bob, '2')

  await bob.keyboard.press('s')
  await bob.getByRole('dialog', { name: 'Skip this question' }).waitFor()
  const next = bob.waitForResponse((response) => response.url().endsWith('/review/next'))
  await bob.keyboard.press('2')
  await bob.getByRole('dialog').waitFor({ state: 'detached' })
  await next
  // A skip is no answer.
  expect(await answered(bob)).toBe(19)

  await bob.keyboard.press('f')
  await bob.getByRole('button', { name: 'Flagged' }).waitFor()
  // What is half-written outlives a reload, counts as nothing, and is gone once it is saved.
  await bob.keyboard.press('1')
  await bob.getByLabel('Comment', { exact: true }).fill('Not sure yet.')
  await bob.reload()
  await bob.getByText('What you had begun here is kept in this browser, and not saved yet.').waitFor()
  await bob.getByRole('button', { name: 'yes', pressed: true }).waitFor()
  expect(await bob.getByLabel('Comment', { exact: true }).inputValue()).toBe('Not sure yet.')
  expect(await answered(bob)).toBe(19)
  await answer(bob, '2')
  expect(await answered(bob)).toBe(20)
  expect(
    await bob.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('leeway-answer'))),
  ).toEqual([])

  await bob.keyboard.press('?')
  await bob.getByRole('dialog').getByText('Skip with a reason').waitFor()
  await bob.keyboard.press('Escape')

  await bob.goto(at('/inbox'))
  await bob.getByText('skipped: The steps do not show it').waitFor()
  expect(await bob.getByText('flagged', { exact: true }).count()).toBe(1)
  const { items } = await client.call(listRatings, { query: { limit: 200 } })
  expect(items).toHaveLength(21)
  expect(items.filter(({ answer: one }) => one.kind === 'abstained')).toHaveLength(1)
}, 300_000)

test('one who is not trusted moves the estimate, and no release', async () => {
  const { items } = await client.call(listRatings, { query: { limit: 200 } })
  const episode = items.find(({ answer: one }) => one.kind === 'answered' && one.value === 'no')?.episodeId
  await admin.goto(at(`/episodes/${episode}`))
  const reward = admin.getByRole('region', { name: 'Reward' })
  await reward.waitFor()
  const value = async () => Number(/\d\.\d+/.exec((await reward.textContent()) ?? '')?.[0])
  const alone = await value()
  expect(alone).toBeLessThan(0.5)
  const card = admin.getByRole('listitem').filter({ hasText: 'Bob Hope' })
  await admin.goto(at('/raters'))
  await expect.poll(() => card.textContent()).toMatch(/Nothing is known yet/)
  // Twenty answers of one who is not trusted: the release has seen none.
  await admin.goto(at(''))
  await admin.getByRole('link', { name: 'support' }).first().click()
  await admin.getByText('No evidence at this stage yet').waitFor()

  cyd = await people.join('default', 'rater', 'Cyd Charisse')
  await cyd.goto(at('/review'))
  await question(cyd).waitFor()
  await admin.goto(at('/raters'))
  await admin.getByRole('link', { name: 'Cyd Charisse' }).click()
  await admin.getByRole('heading', { name: 'Cyd Charisse' }).waitFor()
  await admin.getByLabel('Tier').selectOption('vetted')
  await admin.getByLabel('Why').fill('answers with care')
  await admin.getByRole('button', { name: 'Change the tier' }).click()
  await expect.poll(() => admin.locator('main').textContent()).toMatch(/person, vetted/)

  for (let count = 0; count < 2 * UNITS; count++) await answer(cyd, '1')
  await cyd.getByText('Nothing waits for you').waitFor()

  await admin.goto(at(`/episodes/${episode}`))
  // Bob said no, Cyd said yes.
  await expect.poll(value, { timeout: 30_000 }).toBeGreaterThan(alone)
  await admin.goto(at('/raters'))
  await expect.poll(() => card.textContent()).toMatch(/Right on \d+\s%/)
}, 240_000)

test('the answers of the trusted one are on the evidence chart', async () => {
  await admin.goto(at(''))
  await admin.getByRole('link', { name: 'support' }).first().click()
  const chart = admin.getByRole('slider', { name: /^Cursor of the evidence chart/ })
  await chart.waitFor()
  await expect
    .poll(() => chart.getAttribute('aria-valuemax').then(Number), { timeout: 60_000 })
    .toBe(UNITS - 1)
  await admin.getByRole('region', { name: 'Answers still needed' }).getByText('0 wait in the inbox').waitFor()
}, 120_000)

test('an expert decides by keys where two trusted people disagree, takes it back, and decides again', async () => {
  const { items: raters } = await client.call(listRaters)
  const trust = async (name: string, tier: 'vetted' | 'expert') => {
    const rater = raters.find((one) => one.name === name)
    await client.call(setTier, {
      params: { rater: rater?.id ?? '' },
      body: { tier, reason: 'for this test' },
    })
  }
  await trust('Bob Hope', 'vetted')
  const fay = await people.join('default', 'rater', 'Fay Fox')
  await fay.goto(at('/inbox'))
  await fay.getByRole('heading', { name: 'Inbox' }).waitFor()
  const { items: now } = await client.call(listRaters)
  raters.push(...now.filter(({ name }) => name === 'Fay Fox'))
  await trust('Fay Fox', 'expert')
  await fay.reload()
  await fay.getByRole('link', { name: 'Decide what is right' }).press('Enter')
  const waiting = fay.getByText(/question(s wait| waits) for a decision/)
  await waiting.waitFor()
  const before = Number.parseInt((await waiting.textContent()) ?? '', 10)
  expect(before).toBeGreaterThan(1)
  const answers = fay.getByRole('list', { name: 'What people answered' })
  await answers.getByText('Rater 2').waitFor()
  expect(await answers.getByText(/Bob|Cyd/).count()).toBe(0)
  await fay.getByText(`1 of ${before}`).waitFor()
  await fay.keyboard.press('j')
  await fay.getByText(`2 of ${before}`).waitFor()
  await fay.keyboard.press('k')
  await fay.getByText(`1 of ${before}`).waitFor()
  await answers.waitFor()
  const decide = async () => {
    // No decision without a reason.
    for (const key of ['1', 'Enter', 'v', 'Enter']) await fay.keyboard.press(key)
    await fay.getByText(new RegExp(`^${before - 1}\\s`)).waitFor()
  }
  await decide()
  await answers.waitFor()
  await fay.keyboard.press('u')
  await fay.getByText(new RegExp(`^${before}\\s`)).waitFor()
  await fay.getByText('What stood before (2)').waitFor()
  await decide()
  await admin.goto(at('/ledger'))
  await admin.getByText('decided a question on which people disagreed').first().waitFor()
}, 300_000)

test('the browser had nothing to complain of', () => {
  expect(people.complaints).toEqual([])
})
