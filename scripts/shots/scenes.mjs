// Every route, and the states of it that are worth a picture.
import { drafted, draftedByModel } from './draft-scenes.mjs'
import { heldCalls } from './held-calls.mjs'
import { changedWords, marked } from './review-scenes.mjs'
import { supervisedRelease } from './supervised-release.mjs'
import { supervisionScenes } from './supervision-scenes.mjs'

/**
 * @typedef {object} Scene
 * @property {string} name file name of the picture
 * @property {string} path
 * @property {string} [ready] selector that says the page is there
 * @property {boolean} [signedOut]
 * @property {boolean} [refusals] the scene provokes answers that are refusals
 * @property {boolean} [fullPage] default true
 * @property {(page: import('playwright-core').Page) => Promise<void>} [act]
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('./sign-in.mjs').State} storageState
 * @returns {Promise<Scene[]>}
 */
export async function listScenes(browser, url, storageState) {
  const context = await browser.newContext({ storageState })
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForURL('**/p/*')
  const home = new URL(page.url()).pathname
  /** @param {string} path */
  const ask = async (path) =>
    (await context.request.get(`${url}/api/projects/${home.split('/')[2]}/${path}`)).json()
  const { agents } = await ask('overview')
  const { items } = await ask('episodes?limit=50')
  const { items: rubrics } = await ask('rubrics')
  const { items: raters } = await ask('raters')
  const { items: answered } = await ask(`ratings?rater=${raters.find(isSimulated)?.id}&limit=1`)
  const supervised = await supervisedRelease(context.request, url)
  const held = await heldCalls(context.request, url)
  await context.close()
  return [
    { name: 'overview', path: home },
    ...releaseScenes(home, agents),
    {
      name: 'release-supervised',
      path: `${supervised.home}/releases/${supervised.open}`,
      ready: '[role="slider"] svg',
    },
    {
      name: 'release-vouched',
      path: `${supervised.home}/releases/${supervised.completed}`,
      ready: '[role="slider"] svg',
    },
    ...supervisionScenes(supervised.home),
    { name: 'release-new', path: `${home}/releases/new` },
    { name: 'release-new-experts', path: `${home}/releases/new`, act: withExperts },
    { name: 'episodes', path: `${home}/episodes`, fullPage: false },
    { name: 'episodes-none', path: `${home}/episodes?text=no-such-words-anywhere` },
    ...episodeScenes(home, items),
    {
      name: 'episode-reward',
      path: `${home}/episodes/${answered[0]?.episodeId}`,
      ready: '[role="tree"]',
      fullPage: false,
    },
    {
      name: 'episode-coverage',
      path: `${home}/episodes/${answered[0]?.episodeId}`,
      fullPage: false,
      act: async (page) => {
        await page.getByText(/of the agent that nothing covers/).click()
        await page.getByText('What the answers rest on').scrollIntoViewIfNeeded()
      },
    },
    { name: 'holds', path: `${held}/holds`, ready: 'dl' },
    { name: 'holds-confirm', path: `${held}/holds`, act: holding('a') },
    { name: 'holds-edit', path: `${held}/holds`, fullPage: false, act: holding('e') },
    { name: 'holds-pair', path: `${held}/holds`, act: holding('j') },
    { name: 'holds-deny', path: `${held}/holds`, fullPage: false, act: holding('d') },
    { name: 'holds-halted', path: `${supervised.home}/holds`, act: halting() },
    { name: 'inbox', path: `${home}/inbox` },
    { name: 'review', path: `${home}/review`, ready: '[role="tree"]', fullPage: false },
    { name: 'review-marked', path: `${home}/review`, ready: '[role="tree"]', fullPage: false, act: marked() },
    { name: 'review-changed', path: `${home}/review`, fullPage: false, act: changedWords(home) },
    { name: 'review-skip', path: `${home}/review`, fullPage: false, act: pressed('s', 'dialog[open]') },
    { name: 'review-sheet', path: `${home}/review?mode=sheet`, ready: '[role="tree"]', fullPage: false },
    { name: 'round-first', path: `${home}/inbox`, act: inRound(home, `${home}/inbox`, 'main a') },
    {
      name: 'round',
      path: `${home}/inbox`,
      fullPage: false,
      act: inRound(home, `${home}/round`, '[role="tree"]'),
    },
    {
      name: 'round-feedback',
      path: `${home}/inbox`,
      fullPage: false,
      act: async (page) => {
        await inRound(home, `${home}/round`, '[role="tree"]', 1)(page)
        await page.keyboard.press('1')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Go on' }).waitFor()
        await setRound(page, home, 0)
      },
    },
    { name: 'vetting-form', path: `${home}/raters`, act: clicked('Change') },
    { name: 'critique-knob', path: `${home}/raters`, act: clicked('Change who is shown them') },
    {
      name: 'critic',
      path: `${home}/episodes/${answered[0]?.episodeId}/critic`,
      fullPage: false,
      act: claimed(),
    },
    { name: 'review-check', path: `${home}/review`, fullPage: false, act: checking(home) },
    { name: 'question-forms', path: `${home}/raters`, act: clicked('Change who checks') },
    { name: 'splits', path: `${home}/splits`, ready: 'table', act: differing },
    { name: 'splits-form', path: `${home}/splits`, ready: 'table', act: splitting },
    { name: 'parts', path: `${home}/review`, fullPage: false, act: withParts(home) },
    { name: 'critique', path: `${home}/review`, fullPage: false, act: criticised(home) },
    { name: 'compare', path: `${home}/compare`, ready: '[data-differs]', fullPage: false },
    {
      name: 'compare-end',
      path: `${home}/compare`,
      ready: '[data-differs]',
      act: pressed('1', 'button[aria-pressed=true]'),
    },
    { name: 'comparisons', path: `${home}/comparisons`, ready: 'form' },
    {
      name: 'comparison',
      path: `${home}/comparisons`,
      act: followed(/served the customer better/, 'table'),
    },
    { name: 'debates', path: `${home}/debates`, ready: 'table' },
    { name: 'debate-form', path: `${home}/debates?set=`, ready: 'form' },
    { name: 'debate', path: `${home}/debates`, act: opened(/Did the agent follow/) },
    { name: 'room', path: `${home}/inbox`, act: seated() },
    { name: 'studies', path: `${home}/studies` },
    { name: 'study-form', path: `${home}/studies`, act: clicked('Set up a study') },
    { name: 'study', path: `${home}/studies`, act: followed(/simulated people/, 'table') },
    { name: 'study-open', path: `${home}/studies`, act: followed(/Would you see more/, 'dl') },
    { name: 'study-consent', path: `${home}/inbox`, act: followed('Read more', 'section') },
    { name: 'study-question', path: `${home}/inbox`, act: takingPart() },
    { name: 'disagreements', path: `${home}/adjudication`, ready: '[role="tree"]', fullPage: false },
    { name: 'agreement', path: `${home}/agreement`, ready: 'table' },
    { name: 'rubrics', path: `${home}/rubrics` },
    { name: 'rubric-new', path: `${home}/rubrics/new` },
    { name: 'rubric-draft', path: `${home}/rubrics/new`, act: drafted() },
    { name: 'rubric-drafted', path: `${home}/rubrics/new`, act: draftedByModel(home) },
    { name: 'rubric', path: `${home}/rubrics/${rubrics[0]?.id}`, ready: 'table' },
    { name: 'raters', path: `${home}/raters` },
    { name: 'rater', path: `${home}/raters/${raters.find(isSimulated)?.id ?? raters[0]?.id}` },
    { name: 'planted-faults', path: `${home}/planted-faults`, act: planted() },
    { name: 'known-answers', path: `${home}/gold` },
    { name: 'known-answer-retired', path: `${home}/gold`, fullPage: false, act: clickedFirst('Retire') },
    { name: 'validity-round', path: `${home}/planted-faults`, act: clicked('Open a round') },
    { name: 'validity-consent', path: `${home}/inbox`, act: asRater(home, 'Guess which faults') },
    { name: 'validity-guess', path: `${home}/inbox`, fullPage: false, act: guessing(home) },
    { name: 'import', path: `${home}/import` },
    { name: 'ledger', path: `${home}/ledger` },
    { name: 'people', path: `${home}/people` },
    { name: 'keys', path: home, fullPage: false, act: pressed('?', 'dialog[open]') },
    { name: 'palette', path: home, fullPage: false, act: pressed('.', 'dialog[open]') },
    { name: 'not-found', path: '/nothing-here' },
    { name: 'error', path: `${home}/releases/${'0'.repeat(36)}`, ready: '[role="alert"]', refusals: true },
    { name: 'sign-in', path: '/sign-in', signedOut: true, refusals: true },
    { name: 'link', path: '/link#no-such-token', signedOut: true, refusals: true },
  ]
}

/**
 * The form with a rubric for the truth, and experts who look again.
 *
 * @param {import('playwright-core').Page} page
 */
async function withExperts(page) {
  await page.getByLabel('Agent', { exact: true }).selectOption('help-desk')
  const truths = page.getByLabel('What counts as the truth')
  await truths.locator('option').nth(1).waitFor({ state: 'attached' })
  await truths.selectOption({ index: 1 })
  await page.getByLabel('People err').selectOption('differential')
  await page.getByLabel('Share of units that people see, %').fill('30')
  await page.getByLabel('Which units').selectOption('allocation')
}

/**
 * One picture a state: proposed, rolled back, climbing.
 *
 * @param {string} home
 * @param {{ release: Release | null, earlier: Release[] }[]} agents
 * @returns {Scene[]}
 * @typedef {{ id: string, state: string }} Release
 */
function releaseScenes(home, agents) {
  const releases = agents.flatMap(({ release, earlier }) =>
    release === null ? earlier : [release, ...earlier],
  )
  const byState = new Map([...releases].reverse().map((release) => [release.state, release.id]))
  /** @type {Scene[]} */
  const scenes = [...byState].map(([state, id]) => ({
    name: `release-${state}`,
    path: `${home}/releases/${id}`,
    // The chart comes with a chunk of its own, after the page.
    ready: '[role="slider"] svg',
  }))
  const [any] = releases
  if (any !== undefined)
    scenes.push({
      name: 'release-pairs',
      path: `${home}/releases/${any.id}/pairs`,
      ready: '[role="tree"]',
      fullPage: false,
    })
  const proposed = byState.get('proposed')
  const path = `${home}/releases/${proposed}`
  if (proposed !== undefined) {
    scenes.push({ name: 'release-approve', path, fullPage: false, act: pressed('a', 'dialog[open]') })
    scenes.push({ name: 'release-rollback', path, fullPage: false, act: pressed('b', 'dialog[open]') })
  }
  return scenes
}

/**
 * The newest episode and the longest one.
 *
 * @param {string} home
 * @param {{ id: string, stepCount: number }[]} items
 * @returns {Scene[]}
 */
function episodeScenes(home, items) {
  const newest = items[0]
  const longest = [...items].sort((a, b) => b.stepCount - a.stepCount)[0]
  /** @type {Scene[]} */
  const scenes = []
  if (newest !== undefined)
    scenes.push({
      name: 'episode',
      path: `${home}/episodes/${newest.id}`,
      ready: '[role="tree"]',
      fullPage: false,
    })
  if (longest !== undefined) {
    const path = `${home}/episodes/${longest.id}`
    scenes.push({
      name: 'episode-long',
      path,
      ready: '[role="tree"]',
      fullPage: false,
      act: pressed('r', '[role="tree"]'),
    })
  }
  return scenes
}

/**
 * @param {string} key
 * @param {string} appears
 */
function pressed(key, appears) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.keyboard.press(key)
    await page.waitForSelector(appears)
  }
}

/**
 * Answers until a critique comes: the arms are drawn, and the pictures before have taken some.
 *
 * @param {string} home
 */
function criticised(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await post(page, home, 'critiques', { share: 1 })
    const claims = page.getByRole('heading', { name: /A critic claims/ })
    for (let tries = 0; tries < 20; tries++) {
      await page.waitForSelector('[role="tree"]')
      await page.keyboard.press('1')
      await page.keyboard.press('Enter')
      await claims.waitFor({ timeout: 3_000 }).catch(() => {})
      if ((await claims.count()) > 0) return
    }
  }
}

/** @param {string[]} keys pressed once the first call has been before somebody for a moment */
function holding(...keys) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.locator('dl').first().waitFor()
    // What has just appeared takes no approval.
    await page.waitForTimeout(700)
    for (const key of keys) await page.keyboard.press(key)
    await page.waitForTimeout(300)
  }
}

/** All candidates halted, and nothing held. */
function halting() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    const halt = page.getByRole('button', { name: 'Halt all candidates' })
    await halt.or(page.getByRole('button', { name: 'Resume' })).waitFor()
    // Whether they are halted already is known a moment after the page.
    await page.waitForTimeout(700)
    if (!(await halt.isVisible())) return
    await halt.click()
    await page.getByLabel('Why they are halted').fill('The provider changed its model over night.')
    await page.getByRole('button', { name: 'Halt', exact: true }).click()
    await page.getByText('All candidates are halted').waitFor()
  }
}

/** One claim is written, and the words for another are quoted. */
function claimed() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    const words = page.locator('#step-1 [dir="auto"]').last()
    await words.waitFor()
    await page.waitForLoadState('networkidle')
    const quote = async () => {
      await words.selectText()
      await page.keyboard.press('q')
    }
    if ((await page.getByRole('button', { name: 'Take back' }).count()) === 0) {
      await quote()
      await page.keyboard.type('It went on without having asked for the order.')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Take back' }).waitFor()
    }
    await quote()
  }
}

/**
 * Skips until an answer is to be checked: one comes before every question, where an answer stands.
 *
 * @param {string} home
 */
function checking(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    const { questions } = await page.evaluate(
      async (address) => (await fetch(address)).json(),
      `/api/projects/${home.split('/')[2]}/question-forms`,
    )
    const { criterionSha256 } = questions.find((/** @type {{ rule: unknown }} */ one) => one.rule !== null)
    await post(page, home, 'question-forms', { criterionSha256, share: 0.5 })
    const check = page.getByText(/^Somebody answered/)
    for (let tries = 0; tries < 30 && (await check.count()) === 0; tries++) {
      await page.waitForSelector('[role="tree"]')
      await page.keyboard.press('1')
      await page.keyboard.press('Enter')
      await check.waitFor({ timeout: 2_000 }).catch(() => {})
    }
    await page.keyboard.press('a')
  }
}

/** Where a question and its parts differ. */
async function differing(/** @type {import('playwright-core').Page} */ page) {
  await page.locator('summary', { hasText: 'between a question and its parts' }).click()
}

/** What the planner says of a split. */
async function splitting(/** @type {import('playwright-core').Page} */ page) {
  const chosen = page.getByLabel('Question to split')
  await chosen.locator('option', { hasText: 'Was every part of the request' }).waitFor({ state: 'attached' })
  await chosen.selectOption({ label: await optionWith(chosen, 'Was every part of the request') })
  await page.getByRole('button', { name: 'Would it hurt?' }).click()
  await page
    .getByText(/So it may help or hurt|So the split/)
    .last()
    .waitFor()
}

/**
 * @param {import('playwright-core').Locator} field
 * @param {string} words
 */
async function optionWith(field, words) {
  return (await field.locator('option', { hasText: words }).first().textContent()) ?? ''
}

/**
 * Answers until the parts of a question come.
 *
 * @param {string} home
 */
function withParts(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    const limits = { share: 1, answersMax: 0, usdMax: 0 }
    await post(page, home, 'splits/rules', limits, 'PUT')
    const parts = page.getByRole('heading', { name: /Others were asked parts of it/ })
    for (let tries = 0; tries < 30; tries++) {
      await page.waitForSelector('[role="tree"]')
      await page.keyboard.press('1')
      await page.keyboard.press('Enter')
      await parts.waitFor({ timeout: 3_000 }).catch(() => {})
      if ((await parts.count()) > 0) break
    }
    await page.keyboard.press('x')
    await page.getByRole('button', { name: 'no', pressed: true }).waitFor()
  }
}

/** @param {RegExp} name of a link: the second of that name, since the first still waits for somebody */
function opened(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('link', { name }).nth(1).click()
    await page.waitForSelector('article')
  }
}

/**
 * @param {string | RegExp} name of a link
 * @param {string} ready
 */
function followed(name, ready) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('link', { name }).first().click()
    await page.waitForSelector(ready)
  }
}

/** Agrees once; afterwards one goes on. */
function takingPart() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page
      .getByRole('link', { name: 'Read more' })
      .or(page.getByRole('link', { name: 'Go on' }))
      .first()
      .click()
    const agree = page.getByRole('button', { name: /^I agree/ })
    const tree = page.locator('[role="tree"]')
    await agree.or(tree).first().waitFor()
    if ((await agree.count()) > 0) await agree.click()
    await tree.waitFor()
  }
}

/** Sits down as the judge of the debate that waits for one; it is still one's turn in the pictures after the first. */
function seated() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page
      .getByRole('button', { name: 'Judge it' })
      .or(page.getByRole('link', { name: 'Your turn' }))
      .first()
      .click()
    await page.waitForSelector('article')
  }
}

/** Faults in copies of ten episodes, and one of them beside its original. */
function planted() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByLabel('Right answer on the copies').selectOption({ index: 2 })
    await page.getByLabel('Newest episodes to copy').fill('10')
    await page.getByRole('button', { name: 'Plant', exact: true }).click()
    await page.getByRole('button', { name: 'Look' }).first().click()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
  }
}

/**
 * Joins as a new person with the role of a rater, in this picture alone, and opens what the inbox offers under these words.
 *
 * @param {string} home
 * @param {string} words
 */
function asRater(home, words) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.evaluate(async (project) => {
      const headers = { 'content-type': 'application/json' }
      const ask = async (/** @type {string} */ path, /** @type {object} */ body) =>
        (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
      const { url } = await ask(`/api/projects/${project}/members/invite`, { role: 'rater' })
      await ask('/api/links/redeem', {
        token: url.split('#')[1],
        password: 'correct horse battery',
        email: `${crypto.randomUUID()}@example.org`,
        name: 'Robin Rater',
      })
    }, home.split('/')[2])
    await page.reload()
    const offer = page.getByRole('listitem').filter({ hasText: words })
    await offer.getByRole('link').click()
    await page.getByRole('heading', { name: 'Planted or not?' }).waitFor()
  }
}

/** @param {string} home */
function guessing(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await asRater(home, 'Guess which faults')(page)
    await page.getByRole('button', { name: 'I agree' }).click()
    await page.waitForSelector('[role="tree"]')
    await page.keyboard.press('2')
  }
}

/** @param {string} name of a button, the first one of several */
function clickedFirst(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('button', { name, exact: true }).first().click()
    await page.waitForSelector('form')
  }
}

/** @param {string} name of a button */
function clicked(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForSelector('form')
  }
}

/**
 * The demo has no qualification round, so that its visitors can review at once: one is set for the picture.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} home
 * @param {number} roundQuestions
 */
async function setRound(page, home, roundQuestions) {
  await post(page, home, 'vetting', { roundQuestions })
}

/**
 * As the page itself would.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} home
 * @param {string} path within the project
 * @param {Readonly<Record<string, number | string>>} body
 * @param {string} [method]
 */
async function post(page, home, path, body, method = 'POST') {
  const status = await page.evaluate(
    async ({ address, json, method }) =>
      (
        await fetch(address, {
          method,
          headers: { 'content-type': 'application/json' },
          body: json,
        })
      ).status,
    { address: `/api/projects/${home.split('/')[2]}/${path}`, json: JSON.stringify(body), method },
  )
  if (status !== 200) throw new Error(`${path} was not set: ${status}`)
}

/**
 * @param {string} home
 * @param {string} path
 * @param {string} ready
 * @param {number} [keep] 1: leaves the round as it is for what follows
 */
function inRound(home, path, ready, keep = 0) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await setRound(page, home, 20)
    await page.goto(new URL(path, page.url()).href)
    await page.waitForSelector(ready)
    if (keep === 0) await setRound(page, home, 0)
  }
}

/** @param {{ name: string }} rater one of those whom the demo has made answer */
function isSimulated({ name }) {
  return name.includes('(simulated)')
}
