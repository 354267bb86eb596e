// What a scene does on its page, where several do the same.

/**
 * @param {string} key
 * @param {string} appears
 */
export function pressed(key, appears) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.keyboard.press(key)
    await page.waitForSelector(appears)
  }
}

/** @param {string} name of a button */
export function clicked(name) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForSelector('form')
  }
}

/**
 * @param {string | RegExp} name of a link
 * @param {string} ready
 */
export function followed(name, ready) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('link', { name }).first().click()
    await page.waitForSelector(ready)
  }
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
export async function post(page, home, path, body, method = 'POST') {
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
