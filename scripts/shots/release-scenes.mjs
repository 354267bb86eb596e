// Releases: as they climb, are proposed and rolled back, with supervisors, and as a form.
import { pressed } from './scene-acts.mjs'
import { supervisionScenes } from './supervision-scenes.mjs'

/**
 * @param {string} home
 * @param {{ release: Release | null, earlier: Release[] }[]} agents
 * @param {Awaited<ReturnType<typeof import('./supervised-release.mjs').supervisedRelease>>} supervised
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function releaseScenes(home, agents, supervised) {
  return [
    ...releasesOf(home, agents),
    {
      name: 'release-supervised',
      path: `${supervised.home}/releases/${supervised.open}`,
      ready: '[role="slider"] svg',
    },
    {
      name: 'release-vouched',
      path: `${supervised.home}/releases/${supervised.completed}`,
      ready: '[role="slider"] svg',
    },
    ...supervisionScenes(supervised.home),
    { name: 'release-new', path: `${home}/releases/new` },
    { name: 'release-new-experts', path: `${home}/releases/new`, act: withExperts },
  ]
}

/**
 * One picture a state: proposed, rolled back, climbing.
 *
 * @param {string} home
 * @param {{ release: Release | null, earlier: Release[] }[]} agents
 * @returns {import('./scenes.mjs').Scene[]}
 * @typedef {{ id: string, state: string }} Release
 */
function releasesOf(home, agents) {
  const releases = agents.flatMap(({ release, earlier }) =>
    release === null ? earlier : [release, ...earlier],
  )
  const byState = new Map([...releases].reverse().map((release) => [release.state, release.id]))
  /** @type {import('./scenes.mjs').Scene[]} */
  const scenes = [...byState].map(([state, id]) => ({
    name: `release-${state}`,
    path: `${home}/releases/${id}`,
    // The chart comes with a chunk of its own, after the page.
    ready: '[role="slider"] svg',
  }))
  const [any] = releases
  if (any !== undefined)
    scenes.push({
      name: 'release-pairs',
      path: `${home}/releases/${any.id}/pairs`,
      ready: '[role="tree"]',
      fullPage: false,
    })
  const proposed = byState.get('proposed')
  const path = `${home}/releases/${proposed}`
  if (proposed !== undefined) {
    scenes.push({ name: 'release-approve', path, fullPage: false, act: pressed('a', 'dialog[open]') })
    scenes.push({ name: 'release-rollback', path, fullPage: false, act: pressed('b', 'dialog[open]') })
  }
  return scenes
}

/**
 * The form with a rubric for the truth, and experts who look again.
 *
 * @param {import('playwright-core').Page} page
 */
async function withExperts(page) {
  await page.getByLabel('Agent', { exact: true }).selectOption('help-desk')
  const truths = page.getByLabel('What counts as the truth')
  await truths.locator('option').nth(1).waitFor({ state: 'attached' })
  await truths.selectOption({ index: 1 })
  await page.getByLabel('People err').selectOption('differential')
  await page.getByLabel('Share of units that people see, %').fill('30')
  await page.getByLabel('Which units').selectOption('allocation')
}
