/** Comparing two runs by keys alone, in a real browser: five pairs, one taken back, one skipped; what readers then see. */
import type { Client } from '@leeway/contract/client'
import { listComparisonAnswers, listComparisons, showComparison } from '@leeway/contract/comparisons'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answeredOn as answered, type People, peopleInBrowsers } from './people-in-browsers.ts'

let people: People
let client: Client

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: true })
  client = people.client('demo')
}, 300_000)

afterAll(() => people?.close(), 60_000)

const at = (path: string) => `${people.url}/p/demo${path}`
const answers = async () => {
  const { questions } = await client.call(listComparisons)
  const [one] = questions
  if (one === undefined) throw new Error('the demo compares nothing')
  const params = { agent: one.agentId, criterion: one.criterionSha256 }
  const page = await client.call(listComparisonAnswers, { params, query: { limit: 200 } })
  return { params, items: page.items }
}

test('by keys alone: from the inbox, five pairs, a skip, a flag, an undo, and a draft that outlives the page', async () => {
  const bea = await people.join('demo', 'rater', 'Bea Right')
  await bea.goto(at('/inbox'))
  await bea.getByText(/pairs of runs to compare/).waitFor()
  await bea.keyboard.press('g')
  await bea.keyboard.press('c')
  await bea.getByRole('heading', { name: 'Which of the two served the customer better?' }).waitFor()
  const runs = bea.getByRole('region', { name: 'Both runs, step by step' })
  await runs.waitFor()
  // Nothing on the page tells whose runs they are, or how they ended.
  expect(await bea.locator('main').textContent()).not.toMatch(/careful-v\d/)
  await bea.keyboard.press('j')
  expect(await bea.evaluate(() => document.activeElement?.hasAttribute('data-differs'))).toBe(true)
  for (const [count, key] of ['1', '2', '3', '1'].entries()) {
    if (count === 3) await bea.keyboard.press('f')
    await bea.keyboard.press(key)
    await bea.keyboard.press('Enter')
    await expect.poll(() => answered(bea), { timeout: 30_000 }).toBe(count + 1)
    await runs.waitFor()
  }
  await bea.keyboard.press('u')
  await expect.poll(() => answered(bea), { timeout: 30_000 }).toBe(3)
  await bea.keyboard.press('2')
  const right = bea.getByRole('button', { name: /Right is better/ })
  await bea.reload()
  await runs.waitFor()
  expect(await right.getAttribute('aria-pressed')).toBe('true')
  await bea.keyboard.press('Enter')
  await expect.poll(() => answered(bea), { timeout: 30_000 }).toBe(4)
  const before = await runs.textContent()
  await bea.keyboard.press('s')
  await bea.getByRole('dialog').waitFor()
  await bea.keyboard.press('3')
  await expect.poll(() => runs.textContent(), { timeout: 30_000 }).not.toBe(before)
  expect(await answered(bea)).toBe(4)

  const own = (await answers()).items.filter(({ rater }) => rater === 'Bea Right')
  expect(own.map(({ winner }) => winner)).toEqual(['left', 'right', 'tie', 'right'])
  await bea.context().close()
}, 300_000)

test('a reader sees what it comes to, with those who look at nothing beside it, and that no gate reads it', async () => {
  const rita = await people.join('demo', 'auditor', 'Rita Reads')
  await rita.goto(at('/raters'))
  await rita.getByRole('link', { name: 'which of two runs they prefer' }).click()
  await rita.getByRole('link', { name: 'Which of the two served the customer better?' }).click()
  await rita.getByText(/never enter a gate/).waitFor()
  const { params } = await answers()
  const report = await client.call(showComparison, { params })
  expect(report.skipped).toBe(1)
  // Names stand between backticks in the sentence, and in bold on the page.
  await rita.getByText((report.policies[0]?.sentence ?? 'no sentence').replaceAll('`', '')).waitFor()
  for (const who of ['always the left one', 'always the longer one', 'always the shorter one', 'Bea Right'])
    await rita.getByRole('row', { name: new RegExp(who) }).waitFor()
  expect(people.complaints).toEqual([])
}, 120_000)
