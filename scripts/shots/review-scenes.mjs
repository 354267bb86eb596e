// Answering questions, and what stands beside an answer: rounds, marks, guidelines, critiques, checks and parts.
import { clicked, post, pressed } from './scene-acts.mjs'

/**
 * @param {string} home
 * @param {string | undefined} answered id of an episode that somebody answered a question about
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function reviewScenes(home, answered) {
  return [
    { name: 'inbox', path: `${home}/inbox`, act: startingAnew(home) },
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
      path: `${home}/episodes/${answered}/critic`,
      fullPage: false,
      act: claimed(),
    },
    { name: 'review-check', path: `${home}/review`, fullPage: false, act: checking(home) },
    { name: 'question-forms', path: `${home}/raters`, act: clicked('Change who checks') },
    { name: 'splits', path: `${home}/splits`, ready: 'table', act: differing },
    { name: 'splits-form', path: `${home}/splits`, ready: 'table', act: splitting },
    { name: 'parts', path: `${home}/review`, fullPage: false, act: withParts(home) },
    { name: 'critique', path: `${home}/review`, fullPage: false, act: criticised(home) },
  ]
}

/**
 * Who answers whatever helps a picture is suspended for it after a few rounds of pictures: what was answered before this counts no more.
 *
 * @param {string} home
 */
function startingAnew(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    const { items } = await page.evaluate(
      async (address) => (await fetch(address)).json(),
      `/api/projects/${home.split('/')[2]}/raters`,
    )
    const own = items.find((/** @type {{ name: string }} */ { name }) => name === 'Ada Lovelace')
    if (own === undefined) return
    await post(page, home, `raters/${own.id}/tier`, { tier: 'trainee', reason: 'for the pictures' })
    await page.reload()
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  }
}

/** Two steps are marked, and an answer is chosen that somebody is rather sure of. */
function marked() {
  /** @param {import('playwright-core').Page} page */
  return async (page) => {
    for (const key of ['j', 'm', 'j', 'j', 'm', '+', '+', '1']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'step 3', exact: true }).waitFor()
  }
}

/**
 * The demo has one version of its rubric: what a rater would be told after another one is made up here.
 *
 * @param {string} home
 */
function changedWords(home) {
  /** @param {import('playwright-core').Page} page */
  return async (page) => {
    await page.route('**/review/next', async (route) => {
      const answer = await (await route.fetch()).json()
      const { question } = answer
      question.guidance =
        'Go by what the steps show, up to the last one. A promise of a later call counts as nothing done.'
      question.guidelines = {
        version: 3,
        since: '2026-01-15T09:00:00.000Z',
        before: {
          version: 2,
          question: question.question,
          guidance: 'Go by what the steps show. A promise counts as done.',
          scale: question.scale,
          answeredAt: '2026-01-12T15:30:00.000Z',
        },
      }
      await route.fulfill({ json: answer })
    })
    await page.goto(new URL(`${home}/review`, page.url()).href)
    await page.getByRole('region', { name: 'What changed' }).waitFor()
  }
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

/** One claim is written, and the words for another are quoted. */
function claimed() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    // Until the body has come its first words stand in the same place, and go when it comes.
    const words = page.locator('#step-1 .foreign').last()
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
    const checkedShare = (/** @type {number} */ share) =>
      post(page, home, 'question-forms', { criterionSha256, share })
    await checkedShare(0.5)
    const check = page.getByText(/^Somebody answered/)
    for (let tries = 0; tries < 30 && (await check.count()) === 0; tries++) {
      await page.waitForSelector('[role="tree"]')
      await page.keyboard.press('1')
      await page.keyboard.press('Enter')
      await check.waitFor({ timeout: 2_000 }).catch(() => {})
    }
    // Parts and critiques come with questions, not with checks: those would use up what is open.
    await checkedShare(0)
    await page.keyboard.press('a')
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
