// What stands beside an answer: steps that show it, how sure one is, and what changed in the question.

/** Two steps are marked, and an answer is chosen that somebody is rather sure of. */
export function marked() {
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
export function changedWords(home) {
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
