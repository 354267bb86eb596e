// Raters, and what is known of their skill: known answers, planted faults, and who can tell them.
import { clicked } from './scene-acts.mjs'

/**
 * @param {string} home
 * @param {string | undefined} rater id of one
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function raterScenes(home, rater) {
  return [
    { name: 'raters', path: `${home}/raters` },
    { name: 'rater', path: `${home}/raters/${rater}` },
    { name: 'planted-faults', path: `${home}/planted-faults`, act: planted() },
    { name: 'known-answers', path: `${home}/gold` },
    { name: 'known-answer-retired', path: `${home}/gold`, fullPage: false, act: clickedFirst('Retire') },
    { name: 'validity-round', path: `${home}/planted-faults`, act: clicked('Open a round') },
    { name: 'validity-consent', path: `${home}/inbox`, act: asRater(home, 'Guess which faults') },
    { name: 'validity-guess', path: `${home}/inbox`, fullPage: false, act: guessing(home) },
  ]
}

/** @param {string} name of a button, the first one of several */
function clickedFirst(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('button', { name, exact: true }).first().click()
    await page.waitForSelector('form')
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
        email: `robin.${Date.now()}@example.org`,
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
