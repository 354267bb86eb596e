/**
 * The whole path of one rater, with clicks and keys: qualify, answer blind, see a critique after the first answer, revise, judge a
 * debate of three rounds, decide where others disagree. Then somebody reads the card. Each test goes on where the one before ended.
 */
import type { Client } from '@leeway/contract/client'
import { importRatings, listRaters, setGold, setTier } from '@leeway/contract/raters'
import { askQuestions, Committed } from '@leeway/contract/review'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type People, peopleInBrowsers } from './people-in-browsers.ts'
import { type SupportDesk, supportDesk } from './support-desk.ts'

/** So many that neither answer runs out among those drawn for the round, whatever ids the episodes get. */
const KNOWN = 160
/** Runs whose answer nobody knows: some to review, and one on which two others disagree. */
const WORK = 6

let people: People
let client: Client
let admin: Page
let dee: Page
let desk: SupportDesk
let work: SupportDesk['runs'] = []

beforeAll(async () => {
  people = await peopleInBrowsers({ demo: true })
  client = people.client('default')
  admin = await people.admin('Ada Lovelace')
  desk = await supportDesk(client, KNOWN + WORK)
  work = desk.runs.slice(0, WORK)
}, 300_000)

afterAll(() => people?.close(), 60_000)

/** A card counts all answers of the project anew. */
const PATIENT = { timeout: 30_000 }

const at = (path: string) => `${people.url}/p/default${path}`
const question = () => dee.getByRole('heading', { name: /^Did the agent follow/ })

test('a new rater qualifies with keys alone, is told what was right, and is vetted', async () => {
  const { criterionSha256 } = desk
  for (const { id, right } of desk.runs.slice(WORK))
    await client.call(setGold, {
      body: { episode: id, criterionSha256, value: right, explanation: 'It says so.' },
    })
  await admin.goto(at('/raters'))
  const vetting = admin.getByRole('region', { name: 'Vetting' })
  await vetting.getByText('People are vetted by hand').waitFor()
  await vetting.getByRole('button', { name: 'Set up' }).click()
  await vetting.getByLabel('Vetted above, % right').fill('50')
  await vetting.getByLabel('Suspended below, % right').fill('40')
  await vetting.getByRole('button', { name: 'Save' }).click()
  await vetting.getByText('shown to be right on more than 50').waitFor()
  dee = await people.join('default', 'rater', 'Dee Dow')
  await dee.goto(at('/review'))
  await dee.getByRole('heading', { name: 'Qualification round' }).waitFor()
  await dee.getByRole('link', { name: 'Start the round' }).press('Enter')
  const end = dee.getByRole('heading', { name: 'The round is over' })
  const asked = dee.getByText(/The right answer is (yes|no)\./)
  let isWrongOnce = false
  for (let count = 0; count < 20 && (await end.count()) === 0; count++) {
    await question().waitFor()
    const right = (await asked.textContent())?.includes('is yes') === true ? '1' : '2'
    const key = isWrongOnce ? right : right === '1' ? '2' : '1'
    await dee.keyboard.press(key)
    await dee.keyboard.press('Enter')
    await dee.getByText('It says so.').waitFor()
    await dee.getByRole('heading', { name: isWrongOnce ? /^Right: / : /^The known answer is / }).waitFor()
    isWrongOnce = true
    await dee.keyboard.press('Enter')
    await dee.getByText('It says so.').waitFor({ state: 'detached' })
  }
  await end.waitFor()
  await dee.getByText(/Your answers count as evidence from now on/).waitFor()
}, 300_000)

test('the first answer is blind; then come claims, each is judged by a key, and the answer is changed', async () => {
  const asked = work.slice(1)
  await client.call(importRatings, {
    body: {
      rubric: desk.rubric,
      ratings: asked.map(({ id, taskKey }) => {
        const quote = taskKey.replace('practice-', 'Ticket number ')
        return {
          episodeId: id,
          criterion: 'root',
          rater: 'A judge',
          raterKind: 'model' as const,
          answer: { kind: 'answered' as const, value: 'no' },
          claims: [
            { text: 'It never answered the ticket.', severity: 'critical' as const, step: 0, quote },
            {
              text: 'It was <b>rude</b>.',
              severity: 'minor' as const,
              step: 0,
              quote: `${quote}, as asked`,
            },
            {
              text: 'Nobody ever said this.',
              severity: 'major' as const,
              step: 0,
              quote: 'words that are not there',
            },
          ],
          sourceKey: `critique ${taskKey}`,
        }
      }),
    },
  })
  await admin.goto(at('/raters'))
  const help = admin.getByRole('region', { name: 'Help by critiques' })
  await help.getByRole('button', { name: 'Show critiques' }).click()
  await help.getByLabel('Shown after, % of first answers').fill('100')
  await help.getByRole('button', { name: 'Save' }).click()
  await help.getByText('Shown after 100').waitFor()
  await client.call(askQuestions, {
    body: { rubric: desk.rubric, episodes: asked.map(({ id }) => id), answersWanted: 5 },
  })
  await dee.goto(at('/inbox'))
  await dee.getByRole('link', { name: 'Answer one by one' }).click()
  const criticised = dee.getByRole('heading', { name: 'You answered “yes”. A critic claims:' })
  // A known question may come between, which no critic wrote about; nothing tells which it is.
  for (let count = 0; count < WORK && (await criticised.count()) === 0; count++) {
    await question().waitFor()
    await dee.getByRole('button', { name: 'yes', pressed: false }).waitFor()
    expect(await dee.getByText('It never answered the ticket.').count()).toBe(0)
    expect(await dee.locator('main').textContent()).not.toMatch(/A judge|practice/)
    const stored = dee.waitForResponse((response) => response.url().endsWith('/answer'))
    const next = dee.waitForResponse((response) => response.url().endsWith('/review/next')).catch(() => null)
    await dee.keyboard.press('1')
    await dee.keyboard.press('Enter')
    const { critique } = Committed.parse(await (await stored).json())
    await (critique === null ? next : criticised.waitFor())
  }
  const claims = dee.getByRole('listitem').filter({ has: dee.locator('blockquote') })
  expect(await claims.count()).toBe(2)
  // Text of a claim is text.
  await dee.getByText('It was <b>rude</b>.').waitFor()
  expect(await dee.getByText('Nobody ever said this.').count()).toBe(0)
  await dee.keyboard.press('v')
  await claims.nth(0).getByRole('button', { name: 'holds', pressed: true }).waitFor()
  await dee.keyboard.press('x')
  await claims.nth(1).getByRole('button', { name: 'does not hold', pressed: true }).waitFor()
  await dee.keyboard.press('2')
  await dee.getByRole('button', { name: 'Change the answer and go on' }).waitFor()
  await dee.keyboard.press('Enter')
  await claims.first().waitFor({ state: 'detached' })
  await dee.goto(at('/inbox'))
  await dee.getByText('no', { exact: true }).first().waitFor()
  await admin.goto(at('/raters'))
  await help.getByText(/With a critique: 1.answer, 1 changed/).waitFor()
  await help
    .getByText(/Of 2.judged claims of models 1 were new and held, 0 held and had been seen, 1 did not hold/)
    .waitFor()
}, 300_000)

test('a debate of three rounds is judged with keys alone, and its record tells what it was worth', async () => {
  await people.join('demo', 'rater', 'Dee Dow', dee)
  await dee.goto(`${people.url}/p/demo/inbox`)
  await dee.getByRole('button', { name: 'Judge it' }).first().click()
  for (const [round, key] of [
    [1, '6'],
    [2, '2'],
    [3, '1'],
  ] as const) {
    await dee.getByRole('heading', { name: `How probable is each answer after round ${round}?` }).waitFor()
    expect(await dee.getByRole('article').count()).toBe(2 * round)
    await dee.keyboard.press(key)
    await dee
      .getByText(round === 1 ? /60.% for A/ : round === 2 ? /80.% for B/ : /90.% for B/)
      .last()
      .waitFor()
    await dee.keyboard.press('Enter')
  }
  await dee.getByText(/^Verdict: 90.% for B/).waitFor()
  await admin.goto(`${people.url}/p/demo/debates`)
  await admin
    .getByRole('link', { name: /^Did the agent follow/ })
    .first()
    .click()
  await admin.waitForURL('**/debates/*')
  await admin.getByText('Judged by Dee Dow').waitFor()
  await admin.getByText(/Over after 3 rounds/).waitFor()
  await admin.getByText('not in the episode').first().waitFor()
  await admin.keyboard.press('ArrowLeft')
  await admin.getByText('Shown up to round 2 of 3.').waitFor()
}, 120_000)

test('as an expert she decides by keys where two others disagree, and her card tells what she has shown', async () => {
  const [disputed] = work
  await client.call(importRatings, {
    body: {
      rubric: desk.rubric,
      ratings: (['yes', 'no'] as const).map((value, place) => ({
        episodeId: disputed?.id ?? '',
        criterion: 'root',
        rater: `Other ${place + 1}`,
        answer: { kind: 'answered' as const, value },
        comment: `It says ${value}, I think.`,
        sourceKey: `other ${value}`,
      })),
    },
  })
  const { items: raters } = await client.call(listRaters)
  for (const { id } of raters.filter(({ name }) => name.startsWith('Other')))
    await client.call(setTier, {
      params: { rater: id },
      body: { tier: 'vetted', reason: 'for this test' },
    })
  await admin.goto(at('/raters'))
  await admin.getByRole('link', { name: 'Dee Dow' }).click()
  await admin.waitForURL(/\/raters\/[0-9a-f-]{36}$/)
  const card = () => admin.locator('main').textContent()
  // The list says the first of these of her too, and stands there a moment longer.
  await expect
    .poll(card, PATIENT)
    .toMatch(/person, vetted.*Right on \d+ of \d+ known answers drawn for vetting/)
  await admin.getByLabel('Tier').waitFor()
  await admin.getByLabel('Tier').selectOption('expert')
  await admin.getByLabel('Why').fill('decides with care')
  await admin.getByRole('button', { name: 'Change the tier' }).click()
  await expect.poll(card, PATIENT).toMatch(/person, expert/)

  await dee.goto(at('/inbox'))
  await dee.getByRole('link', { name: 'Decide what is right' }).click()
  await dee.getByText('1 question waits for a decision.').waitFor()
  const answers = dee.getByRole('list', { name: 'What people answered' })
  await answers.getByText('It says yes, I think.').waitFor()
  expect(await answers.textContent()).not.toContain('Other')
  for (const key of [disputed?.right === 'yes' ? '1' : '2', 'v', 'Enter']) await dee.keyboard.press(key)
  await dee.getByText('None waits for a decision.').waitFor()

  await admin.reload()
  // How often she is right, with its interval, and the question that it comes from.
  await expect.poll(card, PATIENT).toMatch(/person, expert.*Right on \d+\s%\s\([\d.]+\sto\s[\d.]+\)/s)
  expect(await card()).toContain('Did the agent follow the instructions in this episode?')
}, 120_000)

test('the browser had nothing to complain of', () => {
  expect(people.complaints).toEqual([])
})
