/** Answers with help in the demo, by keys: in a study, and with the parts of a question in view. */
import { Committed } from '@leeway/contract/review'
import { StudyTurn } from '@leeway/contract/studies'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type People, peopleInBrowsers } from './people-in-browsers.ts'

let people: People
let admin: Page

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: true })
  admin = await people.admin('Ada Lovelace')
}, 300_000)

afterAll(() => people?.close(), 60_000)

test('one who takes part in a study agrees first, answers by keys, and is shown no result', async () => {
  await admin.goto(`${people.url}/p/demo/inbox`)
  const offers = admin.getByRole('region', { name: 'Studies' })
  await offers.getByRole('link', { name: 'Read more' }).click()
  await admin.getByRole('button', { name: 'I agree, and take part' }).click()
  let helped = 0
  for (let count = 0; count < 6; count++) {
    const number = admin.getByText(/^Question \d of 4$/)
    await number.waitFor()
    helped += await admin.getByText('A critic claims:').count()
    const sent = admin.waitForResponse((response) => response.url().endsWith('/answer'))
    await admin.keyboard.press('2')
    await admin.keyboard.press('+')
    await admin.keyboard.press('Enter')
    await sent
    if (count === 5) break
    // A claim, or the next question.
    const said = StudyTurn.parse(await (await sent).json()).item
    await admin.getByText(`Question ${said?.place} of 4`).waitFor()
    await expect.poll(() => admin.getByText('A critic claims:').count()).toBe(said?.stage === 'final' ? 1 : 0)
  }
  expect(helped).toBe(2)
  await admin.getByText('That was all. Thank you.').waitFor()
  await admin.goto(`${people.url}/p/demo/studies`)
  await admin.getByText(/4.answers of 80; 1 of 20 people take part/).waitFor()
  await admin.getByRole('link', { name: 'Do critiques help? (simulated people)' }).click()
  await admin.getByText(/^People were right on .* with a critique after a first answer/).waitFor()
  await expect(admin.getByRole('button', { name: 'Copy seed' }).getAttribute('title')).resolves.toMatch(
    /^[0-9a-f]{64}$/,
  )
}, 120_000)

test('after a first answer the parts of a question come, are gone through by keys, and the answer is changed', async () => {
  await admin.goto(`${people.url}/p/demo/splits`)
  const limits = admin.getByRole('region', { name: 'Limits, and who is shown the parts' })
  await limits.getByRole('button', { name: 'Set limits' }).click()
  await limits.getByLabel('Shown after, % of first answers').fill('100')
  // Nothing new is asked: simulated people have answered the parts.
  await limits.getByLabel('Answers of people below a question').fill('0')
  await limits.getByRole('button', { name: 'Save' }).click()
  await limits.getByText('Shown after 100').waitFor()
  const tree = admin.getByRole('region', { name: /^Was every part of the request dealt with/ })
  expect(await tree.getByRole('row').count()).toBe(4)
  await tree.getByText(/holds if all parts hold/).waitFor()

  await admin.goto(`${people.url}/p/demo/review`)
  await admin.getByRole('tree', { name: 'Steps of the episode' }).waitFor()
  const parts = admin.getByRole('heading', { name: 'You answered “yes”. Others were asked parts of it:' })
  for (let count = 0; count < 40 && (await parts.count()) === 0; count++) {
    const stored = admin.waitForResponse((response) => response.url().endsWith('/answer'))
    const next = admin
      .waitForResponse((response) => response.url().endsWith('/review/next'))
      .catch(() => null)
    await admin.keyboard.press('1')
    await admin.keyboard.press('Enter')
    const said = Committed.parse(await (await stored).json())
    if (said.parts !== null) break
    if (said.critique !== null) {
      await admin.getByRole('heading', { name: /A critic claims/ }).waitFor()
      await admin.keyboard.press('Enter')
    }
    await next
    // The next question has no answer yet.
    await expect.poll(() => admin.getByRole('button', { name: /^Save and next/ }).isDisabled()).toBe(true)
  }
  await parts.waitFor()
  const part = (at: number) => admin.getByRole('listitem').filter({ hasText: 'What you say:' }).nth(at)
  const isCurrent = (at: number) => part(at).getAttribute('aria-current')
  // Who said it is not told.
  expect(await part(0).textContent()).not.toContain('Rosa')
  await admin.keyboard.press('p')
  await expect.poll(() => isCurrent(1)).toBe('true')
  await admin.keyboard.press('p')
  await expect.poll(() => isCurrent(0)).toBe('true')
  await admin.keyboard.press('x')
  await part(0).getByRole('button', { name: 'no', pressed: true }).waitFor()
  await admin.getByText('From the parts follows no').waitFor()
  await admin.keyboard.press('2')
  await admin.getByRole('button', { name: 'Change the answer and go on' }).waitFor()
  await admin.keyboard.press('Enter')
  await parts.waitFor({ state: 'detached' })
  await admin.goto(`${people.url}/p/demo/splits`)
  await admin.getByText(/With the parts: 1.answer, 1 changed/).waitFor()
}, 300_000)

test('the browser had nothing to complain of', () => {
  expect(people.complaints).toEqual([])
})
