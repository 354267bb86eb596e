// Debates, and studies of people who judge with help.
import { asRater, clicked, followed } from './scene-acts.mjs'

const STUDY = /** @type {const} */ (['Would you see more', 'Would you see more with a critique?'])

/**
 * @param {string} home
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function studyScenes(home) {
  return [
    { name: 'debates', path: `${home}/debates`, ready: 'table' },
    { name: 'debate-form', path: `${home}/debates?set=`, ready: 'form' },
    { name: 'debate', path: `${home}/debates`, act: opened(/Did the agent follow/) },
    { name: 'room', path: `${home}/inbox`, act: seated() },
    { name: 'studies', path: `${home}/studies` },
    { name: 'study-form', path: `${home}/studies`, act: clicked('Set up a study') },
    { name: 'study', path: `${home}/studies`, act: followed(/simulated people/, 'table') },
    { name: 'study-open', path: `${home}/studies`, act: followed(/Would you see more/, 'dl') },
    // As a new person: whoever has agreed once is not asked again.
    { name: 'study-consent', path: `${home}/inbox`, act: asRater(home, ...STUDY) },
    { name: 'study-question', path: `${home}/inbox`, act: takingPart() },
  ]
}

/** @param {RegExp} name of a link: the second of that name, since the first still waits for somebody */
function opened(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('link', { name }).nth(1).click()
    await page.waitForSelector('article')
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
