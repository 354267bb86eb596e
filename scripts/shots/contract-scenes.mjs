// The contract of an agent: as it holds, an earlier version, tried on episodes, and where there is none.
/** @typedef {import('./scenes.mjs').Scene} Scene */

/**
 * @param {string} traffic path of a project with agents behind the gateway
 * @param {string} empty path of a project that has none
 * @returns {Scene[]}
 */
export function contractScenes(traffic, empty) {
  const path = `${traffic}/contracts/desk`
  return [
    { name: 'contract', path, ready: 'table', act: sealed },
    { name: 'contract-earlier', path: `${path}?version=1`, ready: 'table', act: sealed },
    { name: 'contract-tried', path, ready: 'table', act: tried },
    { name: 'contract-proposed', path: `${traffic}/contracts/mail`, ready: 'table', act: proposed },
    { name: 'contract-none', path: `${empty}/contracts/desk`, ready: 'main section', refusals: true },
  ]
}

/** @param {import('playwright-core').Page} page */
async function sealed(page) {
  await page.getByText('hash and signature fit').waitFor()
}

/** @param {import('playwright-core').Page} page */
async function tried(page) {
  await page.getByRole('button', { name: /Try it on/ }).click()
  await page.getByText('would have gone on untouched (').waitFor()
}

/**
 * Proposed by whoever takes the pictures, once.
 * @param {import('playwright-core').Page} page
 */
async function proposed(page) {
  const { origin, pathname } = new URL(page.url())
  const path = `${origin}/api/projects/${pathname.split('/')[2]}/contracts/proposals`
  const { items } = await (await page.request.get(path)).json()
  if (items.length === 0) {
    const made = await page.request.post(path, {
      headers: { origin },
      data: {
        agent: 'mail',
        baseline: 'careful-3',
        tools: [
          { name: 'find_*', stakes: 'read' },
          { name: 'refund', stakes: 'reversible', arguments: { properties: { amount: { maximum: 80 } } } },
        ],
        grant: { withoutReview: 0.97, stakes: 'costly' },
        reason: 'Two quiet months, and nobody denied a refund.',
      },
    })
    if (!made.ok()) throw new Error(`proposal: ${made.status()} ${await made.text()}`)
    await page.reload()
  }
  await page.getByRole('heading', { name: 'A new contract waits for a second person' }).waitFor()
}
