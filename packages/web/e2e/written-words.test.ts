/** Words that people write about an episode, by keys: what a critic claims is wrong, and what a speaker quotes. */
import { setCritiqueRules } from '@leeway/contract/critiques'
import { askQuestions, Committed } from '@leeway/contract/review'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type People, peopleInBrowsers } from './people-in-browsers.ts'
import { type SupportDesk, supportDesk } from './support-desk.ts'

let people: People
let admin: Page
let desk: SupportDesk

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: false })
  admin = await people.admin('Ada Lovelace')
  desk = await supportDesk(people.client('default'), 4)
}, 300_000)

afterAll(() => people?.close(), 60_000)

const at = (path: string) => `${people.url}/p/default${path}`

/** Until the body has come its first words stand in the same place, and end with “…”; what is selected of them goes with them. */
const bodyOfTheFirstStep = (page: Page) => page.locator('#step-0').getByText(/as asked\.$/)

test('a person writes a claim by keys, and another is shown it in sheet mode without knowing whose it is', async () => {
  const client = people.client('default')
  await client.call(setCritiqueRules, { body: { share: 1 } })
  const [, episode] = desk.runs
  await client.call(askQuestions, {
    body: { rubric: desk.rubric, episodes: desk.runs.map(({ id }) => id), answersWanted: 5 },
  })
  await admin.goto(at(`/episodes/${episode?.id}`))
  await admin.getByRole('link', { name: 'Say what is wrong' }).press('Enter')
  // The page before shows the same steps.
  await admin.getByRole('heading', { name: 'Say what is wrong' }).waitFor()
  await bodyOfTheFirstStep(admin).selectText()
  await admin.keyboard.press('q')
  await admin.keyboard.type('It <i>never</i> says what was done.')
  await admin.keyboard.press('Escape')
  await admin.keyboard.press('3')
  await admin.keyboard.press('Enter')
  const wrote = admin.getByRole('region', { name: 'What you wrote' })
  await wrote.getByText('It <i>never</i> says what was done.').waitFor()
  await wrote.getByText('critical, step 0').waitFor()

  const hal = await people.join('default', 'rater', 'Hal Hay')
  await hal.goto(at('/review?mode=sheet'))
  const criticised = hal.getByRole('heading', { name: 'You answered “yes”. A critic claims:' })
  const nextEpisode = hal.getByRole('button', { name: 'Next episode' })
  for (let count = 0; count < desk.runs.length; count++) {
    await hal.getByRole('heading', { name: /^Did the agent follow/ }).waitFor()
    const stored = hal.waitForResponse((response) => response.url().endsWith('/answer'))
    await hal.keyboard.press('1')
    await hal.keyboard.press('Enter')
    const { critique } = Committed.parse(await (await stored).json())
    await (critique === null ? nextEpisode : criticised).waitFor()
    if (critique?.claims.some(({ text }) => text.startsWith('It <i>never</i>'))) break
    if (critique !== null) {
      await hal.keyboard.press('Enter')
      await nextEpisode.waitFor()
    }
    await nextEpisode.press('Enter')
    await nextEpisode.waitFor({ state: 'detached' })
  }
  await criticised.waitFor()
  expect(await hal.getByText(/Ada|Lovelace/).count()).toBe(0)
  await hal.keyboard.press('v')
  await hal.getByRole('button', { name: 'holds', pressed: true }).waitFor()
  await hal.keyboard.press('2')
  await hal.keyboard.press('Enter')
  await nextEpisode.waitFor()
  await admin.goto(at('/raters'))
  await admin.getByText(/Of 1.judged claim of people 1 were new and held/).waitFor()
  // Both answers are kept: the first one, and the one that it was changed to.
  await admin.getByText(/With a critique: 1.answer, 1 changed/).waitFor()
}, 240_000)

test('a speaker quotes the episode by selecting it, and the judge reads the quote, not the episode', async () => {
  await admin.goto(at(`/debates?set=${desk.runs[0]?.id}`))
  const form = admin.getByRole('form', { name: 'Set up a debate' })
  await form.getByLabel('How').selectOption('consultancy')
  await form
    .getByLabel('Question')
    .selectOption({ label: 'Did the agent follow the instructions in this episode?' })
  await form.getByLabel('Rounds at most').fill('1')
  await form.getByRole('button', { name: 'Set up' }).click()
  await admin.getByText(/a seat that is free/).waitFor()
  const bob = await people.join('default', 'rater', 'Bob Hope')
  await bob.goto(at('/inbox'))
  await bob.getByRole('button', { name: /^Speak for/ }).click()
  const first = bodyOfTheFirstStep(bob)
  await first.selectText()
  await bob.keyboard.press('q')
  const words = (await first.textContent())?.trim()
  await expect.poll(() => bob.getByLabel('Your speech').inputValue()).toBe(`[[0: ${words}]]`)
  await bob.getByLabel('Your speech').press('End')
  await bob.getByLabel('Your speech').pressSequentially(' That is all there is.')
  await bob.getByRole('button', { name: 'Speak', exact: true }).click()
  await bob.getByText('It is another one’s turn').waitFor()
  await admin.goto(at('/inbox'))
  await admin.getByRole('button', { name: 'Judge it' }).click()
  await admin.getByText('That is all there is.').waitFor()
  await admin.getByText('✓ step 0').waitFor()
  expect(await admin.getByRole('tree').count()).toBe(0)
  await admin.keyboard.press('9')
  await admin.keyboard.press('Enter')
  await admin.getByText(/^Verdict: 90.% for A/).waitFor()
}, 120_000)

test('the browser had nothing to complain of', () => {
  expect(people.complaints).toEqual([])
})
