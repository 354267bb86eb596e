/**
 * A day of reviewing, in a real browser with real keys: one rater answers twenty questions, takes one back, skips one and
 * flags one; a second one, who is trusted, disagrees. The estimate, the cards and the evidence chart move accordingly.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IssuedLink, inviteMember } from '@leeway/contract/accounts'
import { type Client, createClient } from '@leeway/contract/client'
import { listEpisodes } from '@leeway/contract/episodes'
import { importRatings, listRaters, listRatings, setGold, setTier } from '@leeway/contract/raters'
import { askQuestions, Committed } from '@leeway/contract/review'
import { listRubrics, showRubric } from '@leeway/contract/rubrics'
import { StudyTurn } from '@leeway/contract/studies'
import { setVettingRules } from '@leeway/contract/vetting'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, howToGetChromium } from '../../../scripts/find-chromium.mjs'
import { startDemo } from '../../../scripts/shots/start-demo.mjs'
import { runOf } from './agent-runtime.ts'

const UNITS = 16
const RUBRIC = `name: support
question: Did the agent follow the instructions in this episode?
guidance: Yes only if it did what was asked.
answeredBy: [human, model]
`

let server: Awaited<ReturnType<typeof startDemo>>
let browser: Browser
let admin: Page
let bob: Page
let cyd: Page
let client: Client
const complaints: string[] = []

beforeAll(async () => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(howToGetChromium)
  server = await startDemo()
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  client = createClient({
    baseUrl: server.url,
    token: readFileSync(join(server.dataDir, 'admin-token'), 'utf8').trim(),
    project: 'default',
  })
  admin = await signIn(server.link, 'Ada Lovelace')
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
}, 60_000)

async function signIn(link: string, name: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(45_000)
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${name}: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
  await page.goto(link)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail').fill(`${name.split(' ')[0]?.toLowerCase()}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL('**/p/*')
  return page
}
async function raterPage(name: string): Promise<Page> {
  const link = IssuedLink.parse(await client.call(inviteMember, { body: { role: 'rater' } }))
  return signIn(link.url, name)
}
const at = (path: string) => `${server.url}/p/default${path}`
const question = (page: Page) => page.getByRole('heading', { name: /^Did the agent follow/ })
const answered = (page: Page) =>
  page.getByRole('progressbar', { name: 'Questions answered' }).getAttribute('aria-valuenow').then(Number)

/** Presses the key of the answer and Enter, and waits until it is saved. */
async function answer(page: Page, key: string): Promise<void> {
  const before = await answered(page)
  await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await expect
    .poll(
      () =>
        page
          .getByText('Nothing waits for you')
          .count()
          .then((none) => (none > 0 ? -1 : answered(page))),
      {
        timeout: 30_000,
      },
    )
    .not.toBe(before)
}

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
  await admin.getByLabel('Rubric (YAML or JSON)').fill(RUBRIC)
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
  bob = await raterPage('Bob Hope')
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
}, 180_000)

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

  cyd = await raterPage('Cyd Charisse')
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

test('a new rater qualifies with keys alone, is told what was right, and is vetted', async () => {
  // So many that neither answer runs out among those drawn for the round, whatever ids the episodes get.
  const lines = Array.from({ length: 160 }, (_, number) =>
    JSON.stringify({
      taskKey: `practice-${number}`,
      instructions: `The right answer is ${number % 2 === 0 ? 'yes' : 'no'}.`,
      steps: [{ kind: 'user', content: `Ticket number ${number}, as asked.` }],
      outcome: { success: null },
    }),
  )
  const sent = await client.send('/api/projects/default/episodes/import?agent=support&policy=practice', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: lines.join('\n'),
  })
  await sent.text()
  const rubrics = await client.call(listRubrics)
  const { nodes } = await client.call(showRubric, { params: { rubric: rubrics.items[0]?.id ?? '' } })
  const criterionSha256 = nodes[0]?.criterion?.sha256 ?? ''
  const { items } = await client.call(listEpisodes, { query: { policy: 'practice', limit: 200 } })
  for (const { id, taskKey } of items) {
    const value = Number(taskKey?.split('-')[1]) % 2 === 0 ? 'yes' : 'no'
    await client.call(setGold, { body: { episode: id, criterionSha256, value, explanation: 'It says so.' } })
  }
  await admin.goto(at('/raters'))
  const vetting = admin.getByRole('region', { name: 'Vetting' })
  await vetting.getByText('People are vetted by hand').waitFor()
  await vetting.getByRole('button', { name: 'Set up' }).click()
  await vetting.getByLabel('Vetted above, % right').fill('50')
  await vetting.getByLabel('Suspended below, % right').fill('40')
  await vetting.getByRole('button', { name: 'Save' }).click()
  await vetting.getByText('shown to be right on more than 50').waitFor()
  const dee = await raterPage('Dee Dow')
  await dee.goto(at('/review'))
  await dee.getByRole('heading', { name: 'Qualification round' }).waitFor()
  await dee.getByRole('link', { name: 'Start the round' }).press('Enter')
  const end = dee.getByRole('heading', { name: 'The round is over' })
  const asked = dee.getByText(/The right answer is (yes|no)\./)
  let isWrongOnce = false
  for (let count = 0; count < 20 && (await end.count()) === 0; count++) {
    await question(dee).waitFor()
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
  await admin.goto(at('/raters'))
  await admin.getByRole('link', { name: 'Dee Dow' }).click()
  await admin.getByText(/Right on \d+ of \d+ known answers drawn for vetting/).waitFor()
  await admin.getByText(/person, vetted/i).waitFor()
}, 180_000)

test('after a first answer a critique is shown, each claim is judged by key, and the answer changed', async () => {
  const { items } = await client.call(listEpisodes, { query: { policy: 'practice', limit: 200 } })
  const [episode] = items
  const rubrics = await client.call(listRubrics)
  const rubric = rubrics.items[0]?.id ?? ''
  const quote = String(episode?.taskKey).replace('practice-', 'Ticket number ')
  await client.call(importRatings, {
    body: {
      rubric,
      ratings: [
        {
          episodeId: episode?.id ?? '',
          criterion: 'root',
          rater: 'A judge',
          raterKind: 'model',
          answer: { kind: 'answered', value: 'no' },
          claims: [
            { text: 'It never answered the ticket.', severity: 'critical', step: 0, quote },
            { text: 'It was <b>rude</b>.', severity: 'minor', step: 0, quote: `${quote}, as asked` },
            { text: 'Nobody ever said this.', severity: 'major', step: 0, quote: 'words that are not there' },
          ],
          sourceKey: 'critique',
        },
      ],
    },
  })
  await admin.goto(at('/raters'))
  const help = admin.getByRole('region', { name: 'Help by critiques' })
  await help.getByRole('button', { name: 'Show critiques' }).click()
  await help.getByLabel('Shown after, % of first answers').fill('100')
  await help.getByRole('button', { name: 'Save' }).click()
  await help.getByText('Shown after 100').waitFor()
  await client.call(askQuestions, {
    body: { rubric, episodes: [episode?.id ?? ''], answersWanted: 5 },
  })
  const eli = await raterPage('Eli Ent')
  const rules = { bar: 0.5, floor: 0.4, hiddenShare: 0, roundQuestions: 0, exposuresMax: 50 }
  await client.call(setVettingRules, { body: rules })
  await eli.goto(at('/review'))
  await question(eli).waitFor()
  expect(await eli.getByText('It never answered the ticket.').count()).toBe(0)
  const criticised = eli.getByRole('heading', { name: 'You answered “yes”. A critic claims:' })
  // What trainees have not answered yet comes first or last, by lot.
  for (let count = 0; count < 2 * UNITS; count++) {
    const stored = eli.waitForResponse((response) => response.url().endsWith('/answer'))
    await eli.keyboard.press('1')
    await eli.keyboard.press('Enter')
    const { critique } = Committed.parse(await (await stored).json())
    if (critique !== null) break
    // The next question comes with the new count.
    await expect.poll(() => answered(eli), { timeout: 30_000 }).toBe(count + 1)
  }
  await criticised.waitFor()
  const claims = eli.getByRole('listitem').filter({ has: eli.locator('blockquote') })
  expect(await claims.count()).toBe(2)
  // Text of a claim is text.
  await eli.getByText('It was <b>rude</b>.').waitFor()
  expect(await eli.getByText('Nobody ever said this.').count()).toBe(0)
  await eli.keyboard.press('v')
  await claims.nth(0).getByRole('button', { name: 'holds', pressed: true }).waitFor()
  await eli.keyboard.press('x')
  await claims.nth(1).getByRole('button', { name: 'does not hold', pressed: true }).waitFor()
  await eli.keyboard.press('2')
  await eli.getByRole('button', { name: 'Change the answer and go on' }).waitFor()
  await eli.keyboard.press('Enter')
  await claims.first().waitFor({ state: 'detached' })
  await eli.goto(at('/inbox'))
  await eli.getByText('no', { exact: true }).first().waitFor()
  await admin.goto(at('/raters'))
  await help.getByText(/With a critique: 1.answer, 1 changed/).waitFor()
  await help
    .getByText(/Of 2.judged claims of models 1 were new and held, 0 held and had been seen, 1 did not hold/)
    .waitFor()
}, 180_000)

test('a person writes a claim by keys, and another is shown it in sheet mode without knowing whose it is', async () => {
  const { items } = await client.call(listEpisodes, { query: { policy: 'practice', limit: 200 } })
  const episode = items[1]
  const rubrics = await client.call(listRubrics)
  await client.call(askQuestions, {
    body: { rubric: rubrics.items[0]?.id ?? '', episodes: [episode?.id ?? ''], answersWanted: 5 },
  })
  await admin.goto(at(`/episodes/${episode?.id}`))
  await admin.getByRole('link', { name: 'Say what is wrong' }).press('Enter')
  const step = admin.locator('#step-0 [dir="auto"]').last()
  await step.waitFor()
  await admin.waitForLoadState('networkidle')
  await step.selectText()
  await admin.keyboard.press('q')
  await admin.keyboard.type('It <i>never</i> says what was done.')
  await admin.keyboard.press('Escape')
  await admin.keyboard.press('3')
  await admin.keyboard.press('Enter')
  const wrote = admin.getByRole('region', { name: 'What you wrote' })
  await wrote.getByText('It <i>never</i> says what was done.').waitFor()
  await wrote.getByText('critical, step 0').waitFor()

  const hal = await raterPage('Hal Hay')
  await hal.goto(at('/review?mode=sheet'))
  const criticised = hal.getByRole('heading', { name: 'You answered “yes”. A critic claims:' })
  const nextEpisode = hal.getByRole('button', { name: 'Next episode' })
  for (let count = 0; count < 3 * UNITS; count++) {
    await question(hal).waitFor()
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
  await admin.getByText(/With a critique: \d+.answers, 2 changed/).waitFor()
}, 240_000)

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
  const fay = await raterPage('Fay Fox')
  await fay.goto(at('/inbox'))
  await fay.getByRole('heading', { name: 'Inbox' }).waitFor()
  const { items: people } = await client.call(listRaters)
  raters.push(...people.filter(({ name }) => name === 'Fay Fox'))
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
}, 180_000)

test('a debate of three rounds is judged with keys alone, and its record tells what it was worth', async () => {
  await admin.goto(`${server.url}/p/demo/inbox`)
  await admin.getByRole('button', { name: 'Judge it' }).first().click()
  for (const [round, key] of [
    [1, '6'],
    [2, '2'],
    [3, '1'],
  ] as const) {
    await admin.getByRole('heading', { name: `How probable is each answer after round ${round}?` }).waitFor()
    expect(await admin.getByRole('article').count()).toBe(2 * round)
    await admin.keyboard.press(key)
    await admin
      .getByText(round === 1 ? /60.% for A/ : round === 2 ? /80.% for B/ : /90.% for B/)
      .last()
      .waitFor()
    await admin.keyboard.press('Enter')
  }
  await admin.getByText(/^Verdict: 90.% for B/).waitFor()
  await admin.goto(`${server.url}/p/demo/debates`)
  await admin
    .getByRole('link', { name: /^Did the agent follow/ })
    .first()
    .click()
  await admin.waitForURL('**/debates/*')
  await admin.getByText('Judged by Ada Lovelace').waitFor()
  await admin.getByText(/Over after 3 rounds/).waitFor()
  await admin.getByText('not in the episode').first().waitFor()
  await admin.keyboard.press('ArrowLeft')
  await admin.getByText('Shown up to round 2 of 3.').waitFor()
}, 120_000)

test('a speaker quotes the episode by selecting it, and the judge reads the quote, not the episode', async () => {
  const { items } = await client.call(listEpisodes, { query: { limit: 200 } })
  await admin.goto(at(`/debates?set=${items[0]?.id}`))
  const form = admin.getByRole('form', { name: 'Set up a debate' })
  await form.getByLabel('How').selectOption('consultancy')
  await form
    .getByLabel('Question')
    .selectOption({ label: 'Did the agent follow the instructions in this episode?' })
  await form.getByLabel('Rounds at most').fill('1')
  await form.getByRole('button', { name: 'Set up' }).click()
  await admin.getByText(/a seat that is free/).waitFor()
  await bob.goto(at('/inbox'))
  await bob.getByRole('button', { name: /^Speak for/ }).click()
  const first = bob.locator('#step-0 [dir="auto"]').last()
  // The body of a step comes after its line, in the same place.
  await first.waitFor()
  await bob.waitForLoadState('networkidle')
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

test('one who takes part in a study agrees first, answers by keys, and is shown no result', async () => {
  await admin.goto(`${server.url}/p/demo/inbox`)
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
  await admin.goto(`${server.url}/p/demo/studies`)
  await admin.getByText(/4.answers of 80; 1 of 20 people take part/).waitFor()
  await admin.getByRole('link', { name: 'Do critiques help? (simulated people)' }).click()
  await admin.getByText(/^People were right on .* with a critique after a first answer/).waitFor()
  await admin.getByText(/By the seed [0-9a-f]{64}/).waitFor()
}, 120_000)

test('after a first answer the parts of a question come, are gone through by keys, and the answer is changed', async () => {
  await admin.goto(`${server.url}/p/demo/splits`)
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

  await admin.goto(`${server.url}/p/demo/review`)
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
  await admin.goto(`${server.url}/p/demo/splits`)
  await admin.getByText(/With the parts: 1.answer, 1 changed/).waitFor()
}, 180_000)

test('the browser had nothing to complain of', () => {
  expect(complaints).toEqual([])
})
