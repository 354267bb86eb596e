// One session for all pictures.

/** @typedef {Awaited<ReturnType<import('playwright-core').BrowserContext['storageState']>>} State */

/**
 * Redeems an admin link as a person would. Without a link the server must let us in as it is.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {string | undefined} link
 * @returns {Promise<State>}
 */
export async function signInByLink(browser, url, link) {
  const context = await browser.newContext()
  const page = await context.newPage()
  try {
    await page.goto(link ?? url)
    if (link !== undefined) {
      await page.getByLabel('Your name').fill('Ada Lovelace')
      await page.getByLabel('E-mail').fill('ada@example.org')
      await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase')
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    await page.waitForURL('**/p/*', { timeout: 20_000 })
    return await context.storageState()
  } catch (error) {
    const where = page.url().replace(/#.*/, '')
    throw new Error(`shots: could not sign in (stopped at ${where}); give a fresh --link`, { cause: error })
  } finally {
    await context.close()
  }
}
