// Raters, and what is known of their skill: known answers, planted faults, and who can tell them.
import { asRater, clicked } from './scene-acts.mjs'

const ROUND = /** @type {const} */ (['Guess which faults', 'Planted or not?'])

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
    { name: 'validity-consent', path: `${home}/inbox`, act: asRater(home, ...ROUND) },
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

/** @param {string} home */
function guessing(home) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await asRater(home, ...ROUND)(page)
    await page.getByRole('button', { name: 'I agree' }).click()
    await page.waitForSelector('[role="tree"]')
    await page.keyboard.press('2')
  }
}
