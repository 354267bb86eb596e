// The gateway: with traffic, before anything is set, as forms, and while candidates are halted.
/** @typedef {import('./scenes.mjs').Scene} Scene */

/**
 * @param {{ traffic: import('./gateway-project.mjs').Behind, alerted: { path: string }, paired: string }} projects with agents behind
 *   the gateway, with alerts, and a release whose answers beside the baseline are rated
 * @param {{ home: string, empty: string }} paths of the demo, whose users ask new things, and of a project that has no agents there
 * @returns {Scene[]}
 */
export function gatewayScenes({ traffic, alerted, paired }, { home, empty }) {
  const path = `${traffic.path}/gateway`
  return [
    { name: 'gateway', path, ready: 'figure svg' },
    { name: 'release-beside', path: `${traffic.path}/releases/${traffic.releases.mail}`, ready: 'table' },
    { name: 'release-pairs-beside', path: paired, ready: '[role="slider"] svg' },
    { name: 'gateway-alerts', path: `${alerted.path}/gateway`, ready: 'text=Alerts that stand' },
    { name: 'gateway-drift', path: `${home}/gateway`, ready: 'text=Alerts that stand' },
    { name: 'gateway-empty', path: `${empty}/gateway`, ready: 'ol' },
    { name: 'gateway-upstream', path, fullPage: false, act: opened('u') },
    { name: 'gateway-serving', path, fullPage: false, act: opened('s') },
  ]
}

/** @param {string} key */
function opened(key) {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.waitForSelector('figure svg')
    await page.keyboard.press(key)
    await page.waitForSelector('dialog[open] form')
  }
}
