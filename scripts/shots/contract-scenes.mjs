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
