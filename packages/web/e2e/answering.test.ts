/**
 * What one sees and says beside the answer, by keys: the steps a question points at, the steps that made one answer so, how sure
 * one is, in which version the question is put and what changed, and answers of others to check.
 */
import type { Client } from '@leeway/contract/client'
import { listEpisodes } from '@leeway/contract/episodes'
import { setFormRule } from '@leeway/contract/question-forms'
import { listRatings } from '@leeway/contract/raters'
import { askQuestions } from '@leeway/contract/review'
import { saveRubric, showRubric } from '@leeway/contract/rubrics'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answeredOn, answerOn, type People, peopleInBrowsers } from './people-in-browsers.ts'
import { importRuns } from './support-desk.ts'

const STEPS = 90
const FOUND_AT = 40
const PAID_AT = 70
const FOUND = 'Did the agent look for the order with find_order?'
const PAID = 'Did the agent pay once only with refund_order?'
/** Nothing of a rubric is markup either. */
const HOSTILE = '<img src=x onerror=alert(1)>'

let people: People
let client: Client
let gus: Page
let ida: Page
let runs: readonly string[] = []

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: false })
  client = people.client('default')
  await people.admin('Ada Lovelace')
  const stepAt = (at: number) =>
    at === FOUND_AT || at === PAID_AT
      ? { kind: 'tool_call', name: at === FOUND_AT ? 'find_order' : 'refund_order', content: { order: 7 } }
      : { kind: 'assistant', content: `What was said at ${at}.` }
  await importRuns(
    client,
    'shop',
    'one',
    Array.from({ length: 14 }, (_, run) =>
      JSON.stringify({
        taskKey: `order-${run}`,
        instructions: `See to order ${run}.`,
        steps: Array.from({ length: STEPS }, (__, at) => stepAt(at)),
        outcome: { success: null },
      }),
    ),
  )
  const { items } = await client.call(listEpisodes, { query: { policy: 'one', limit: 200 } })
  runs = items.map(({ id }) => id)
  await ask(await saved('Look only at the call.'), [0], 2)
  gus = await people.join('default', 'rater', 'Gus Gray')
}, 300_000)

afterAll(() => people?.close(), 60_000)

const at = (path: string) => `${people.url}/p/default${path}`

/** The next version of the rubric, with this guidance to the first of its two questions. */
async function saved(guidance: string): Promise<string> {
  const source = JSON.stringify({
    name: 'shop',
    combine: 'all',
    children: [
      { id: 'found', question: FOUND, guidance, answeredBy: ['human'] },
      { id: 'paid', question: PAID, answeredBy: ['human'] },
    ],
  })
  return (await client.call(saveRubric, { body: { agent: 'shop', source } })).id
}
const ask = (rubric: string, places: readonly number[], answersWanted: number, criteria?: string[]) =>
  client.call(askQuestions, {
    body: {
      rubric,
      episodes: places.map((place) => runs[place] ?? ''),
      answersWanted,
      ...(criteria === undefined ? {} : { criteria }),
    },
  })
const stored = async () => (await client.call(listRatings, { query: { limit: 200 } })).items

/** The step that the viewer is at has come into view. */
async function isAt(page: Page, step: number): Promise<void> {
  const row = page.locator(`#step-${step}[aria-selected="true"]`)
  await row.waitFor()
  await expect
    .poll(
      async () => {
        const box = await row.boundingBox()
        return box !== null && box.y >= 0 && box.y + box.height <= 900
      },
      { timeout: 30_000 },
    )
    .toBe(true)
}

test('one question at a time: it comes with its steps, and one marks by keys and clicks what shows the answer', async () => {
  await gus.goto(at('/review'))
  const heading = gus.getByRole('heading', { name: /^Did the agent (look|pay)/ })
  await heading.waitFor()
  const first = await heading.textContent()
  const [own, other] = first === FOUND ? [FOUND_AT, PAID_AT] : [PAID_AT, FOUND_AT]
  await isAt(gus, own)
  await gus.getByText('no step marked').waitFor()
  await gus.keyboard.press('m')
  await gus.locator(`#step-${own}`).getByRole('button', { name: 'Shows it', pressed: true }).waitFor()
  await gus.keyboard.press('k')
  await gus.keyboard.press('m')
  await gus.getByRole('button', { name: `step ${own - 1}`, exact: true }).waitFor()
  await gus.getByRole('button', { name: `Step ${own - 1} does not show it` }).click()
  await gus
    .locator(`#step-${own + 1}`)
    .getByRole('button', { name: 'This shows it' })
    .click()
  // How sure: said by keys, and taken back by a click.
  await gus.keyboard.press('+')
  await gus.keyboard.press('+')
  await gus.getByRole('button', { name: /^80.%, say nothing of it$/ }).click()
  await gus.getByText('not said').waitFor()
  await gus.keyboard.press('-')
  await gus.keyboard.press('1')
  // All of it outlives the page.
  await gus.reload()
  await gus.getByText('What you had begun here is kept in this browser, and not saved yet.').waitFor()
  await gus.getByRole('button', { name: /^75.%, say nothing of it$/ }).waitFor()
  // From the panel one comes back to what one marked.
  for (let count = 0; count < 3; count++) await gus.keyboard.press('j')
  await gus.getByRole('button', { name: `step ${own}`, exact: true }).click()
  await isAt(gus, own)
  await gus.keyboard.press('Enter')
  await expect.poll(() => answeredOn(gus), { timeout: 30_000 }).toBe(1)
  const [rating] = await stored()
  expect(rating).toMatchObject({ evidence: [own, own + 1], probability: 0.75, form: 'find' })

  // Of the same episode, and still it comes with steps of its own.
  await gus.getByRole('heading', { name: first === FOUND ? PAID : FOUND }).waitFor()
  await gus.getByText('no step marked').waitFor()
  await isAt(gus, other)
  // Nobody must mark one, or say how sure they are.
  await answerOn(gus, '2')
  const rows = await stored()
  expect(rows.find(({ id }) => id !== rating?.id)).toMatchObject({ evidence: [], probability: null })
}, 120_000)

test('all questions of an episode: whichever is opened brings its steps into view', async () => {
  ida = await people.join('default', 'rater', 'Ida Inn')
  await ida.goto(at('/review?mode=sheet'))
  const open = (question: string) => ida.getByRole('heading', { name: question })
  await open(FOUND).or(open(PAID)).waitFor()
  const [first, second] = (await open(FOUND).count()) === 1 ? [FOUND, PAID] : [PAID, FOUND]
  const stepOf = (question: string) => (question === FOUND ? FOUND_AT : PAID_AT)
  await isAt(ida, stepOf(first))
  await ida.getByRole('button', { name: new RegExp(`^${second.slice(0, 20)}`) }).press('Enter')
  await open(second).waitFor()
  await isAt(ida, stepOf(second))
  await ida.getByRole('button', { name: new RegExp(`^${first.slice(0, 20)}`) }).click()
  await open(first).waitFor()
  await isAt(ida, stepOf(first))
  // Marks stay with their question.
  await ida.keyboard.press('m')
  await ida.getByRole('button', { name: `step ${stepOf(first)}`, exact: true }).waitFor()
  await ida.keyboard.press('1')
  await ida.keyboard.press('Enter')
  await open(second).waitFor()
  await isAt(ida, stepOf(second))
  await ida.getByText('no step marked').waitFor()
  await ida.keyboard.press('1')
  await ida.keyboard.press('Enter')
  await ida.getByRole('button', { name: 'Next episode' }).waitFor()
}, 120_000)

test('what changed in a question since one answered it last is told word by word, as text', async () => {
  const rubric = await saved(`Look at the result of the call. ${HOSTILE}`)
  await ask(rubric, [1], 1, ['found'])
  await gus.goto(at('/review'))
  await gus.getByRole('heading', { name: FOUND }).waitFor()
  const guidance = gus.locator('details', { hasText: 'How to decide, version 2' })
  const changes = guidance.getByRole('region', { name: 'What changed' })
  await changes.getByText(/^You answered it last in version 1/).waitFor()
  expect(await changes.locator('del').allTextContents()).toEqual(['only '])
  expect(await changes.locator('ins').allTextContents()).toEqual(['result of the ', HOSTILE])
  expect(await gus.locator('img[src="x"]').count()).toBe(0)
  await gus.keyboard.press('h')
  await changes.waitFor({ state: 'hidden' })
  await gus.keyboard.press('h')
  await changes.waitFor()
  await gus.keyboard.press('1')
  await gus.keyboard.press('Enter')
  await gus.getByText('Nothing waits for you').waitFor()
  // The answer stays with the words it was given under.
  const { nodes } = await client.call(showRubric, { params: { rubric } })
  const sha256 = nodes.find(({ id }) => id === 'found')?.criterion?.sha256
  const own = (await stored()).filter((one) => one.raterName === 'Gus Gray')
  expect(own.filter((one) => one.criterionSha256 === sha256)).toHaveLength(1)
  // Whoever answers it again is told of no change.
  await ask(rubric, [2], 1, ['found'])
  await gus.getByRole('button', { name: 'Look again' }).click()
  await gus.getByRole('heading', { name: FOUND }).waitFor()
  await gus.getByText('How to decide, version 2').waitFor()
  expect(await gus.getByRole('region', { name: 'What changed' }).count()).toBe(0)
  await answerOn(gus, '2')
}, 120_000)

test('an answer of somebody is checked by a key of its own, and is no answer to the question', async () => {
  const rubric = await saved('Look at the call, and at nothing else.')
  const { nodes } = await client.call(showRubric, { params: { rubric } })
  const criterionSha256 = nodes.find(({ id }) => id === 'found')?.criterion?.sha256 ?? ''
  await ask(rubric, [3, 4], 1, ['found'])
  await gus.getByRole('button', { name: 'Look again' }).click()
  const decide = gus.locator('details', { hasText: 'How to decide, version 3' })
  await decide.getByText(/^You answered it last in version 2/).waitFor()
  await gus.keyboard.press('h')
  await answerOn(gus, '1')
  // What was closed at one question is open at the next.
  await decide.getByText('Look at the call, and at nothing else.').waitFor()
  await answerOn(gus, '2')
  await gus.getByText('Nothing waits for you').waitFor()
  await client.call(setFormRule, { body: { criterionSha256, share: 0.5, knownShare: 0 } })
  await ask(rubric, [5, 6, 7, 8, 9, 10, 11, 12, 13], 1, ['found'])
  await ida.goto(at('/review'))
  const check = ida.getByText(/^Somebody answered “(yes|no)”\. Is that right\?$/)
  const save = async (...keys: readonly string[]) => {
    const next = ida.waitForResponse((response) => response.url().endsWith('/review/next'))
    for (const key of keys) await ida.keyboard.press(key)
    await next
    // The next question has no answer yet.
    await expect
      .poll(() => ida.getByRole('button', { name: /^Save and next/ }).isDisabled(), { timeout: 30_000 })
      .toBe(true)
  }
  await ida.getByRole('heading', { name: FOUND }).waitFor()
  for (let count = 0; count < 9 && (await check.count()) === 0; count++) await save('1', 'Enter')
  await check.waitFor()
  expect(await ida.locator('main').textContent()).not.toContain('Gus')
  const said = (await check.textContent())?.includes('“yes”') === true ? 'yes' : 'no'
  await ida.keyboard.press('a')
  await ida.getByRole('button', { name: `Right, it is “${said}”`, pressed: true }).waitFor()
  // The other one is wrong, by the number that it always has.
  await ida.keyboard.press(said === 'yes' ? '2' : '1')
  await ida.getByRole('button', { name: /^. ?Wrong, it is|^Wrong, it is/, pressed: true }).waitFor()
  await save('a', 'Enter')
  const checks = (await stored()).filter(({ form }) => form === 'verify')
  expect(checks.map(({ raterName, answer }) => [raterName, answer])).toEqual([
    ['Ida Inn', { kind: 'answered', value: said }],
  ])
}, 300_000)

test('the browser had nothing to complain of', () => {
  expect(people.complaints).toEqual([])
})
