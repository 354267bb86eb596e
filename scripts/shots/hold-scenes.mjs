// Calls that wait for a person.

/**
 * @param {string} held path of a project whose calls wait
 * @param {string} halted path of a project whose candidates are halted
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function holdScenes(held, halted) {
  return [
    { name: 'holds', path: `${held}/holds`, ready: 'dl' },
    { name: 'holds-confirm', path: `${held}/holds`, act: holding('a') },
    { name: 'holds-edit', path: `${held}/holds`, fullPage: false, act: holding('e') },
    { name: 'holds-pair', path: `${held}/holds`, act: holding('j') },
    { name: 'holds-deny', path: `${held}/holds`, fullPage: false, act: holding('d') },
    { name: 'holds-halted', path: `${halted}/holds`, act: halting() },
  ]
}

/**
 * What people made of calls that were planted among those that wait.
 *
 * @param {string} planted path of a project where some were
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function plantedScenes(planted) {
  const page = { path: `${planted}/planted-faults`, ready: 'table' }
  return [
    { name: 'planted-requests', ...page },
    { name: 'planted-requests-write', ...page, act: writing },
  ]
}

async function writing(/** @type {import('playwright-core').Page} */ page) {
  await page.getByRole('button', { name: 'Write one' }).click()
  await page.getByLabel('Tool').fill('refund')
  await page.getByLabel('Arguments').fill('{ "order": "A-7", "amount": 48 }')
  await page.getByLabel('What was asked before it').fill('Order A-7 came late. I paid 12 and want it back.')
  await page.getByLabel('Why it should be denied').fill('48 is four times what was paid.')
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
