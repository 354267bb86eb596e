// Who runs which policy and who vouches for a candidate, as they are set on the pages of the project with a chain.

/**
 * @param {string} home of that project
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function supervisionScenes(home) {
  return [
    {
      name: 'supervisor-register',
      path: `${home}/raters`,
      act: async (page) => {
        await page.getByRole('button', { name: 'Register a policy' }).press('Enter')
        await page.getByLabel('Why', { exact: true }).fill('It runs this policy.')
      },
    },
    {
      name: 'supervisor-named',
      path: `${home}/releases/new`,
      act: async (page) => {
        await page.getByLabel('Baseline: known, trusted now').selectOption('v2')
        await page.getByLabel('Candidate: wants to take its place').selectOption('v3')
        const truths = page.getByLabel('What counts as the truth')
        await truths.locator('option').nth(1).waitFor({ state: 'attached' })
        await truths.selectOption({ index: 1 })
        await page.getByLabel('Who supervises the candidate').selectOption({ index: 1 })
        await page.getByText(/^By itself/).waitFor()
      },
    },
  ]
}
