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

/**
 * Joins as a new person with the role of a rater, in this picture alone, and opens what the inbox offers under these words.
 *
 * @param {string} home
 * @param {string} words
 * @param {string} heading of the page that opens
 */
export function asRater(home, words, heading) {
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
    await page.getByRole('heading', { name: heading }).waitFor()
  }
}
