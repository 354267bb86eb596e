// Episodes that did harm.
import { pressed } from './scene-acts.mjs'

/**
 * @param {Awaited<ReturnType<typeof import('./reported-incidents.mjs').reportedIncidents>>} reported
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function incidentScenes({ home, incident, episode, fresh, release }) {
  return [
    { name: 'incidents', path: `${home}/incidents`, ready: 'main section' },
    { name: 'incidents-overview', path: home, fullPage: false },
    { name: 'incident', path: `${home}/incidents/${incident}`, ready: 'dl' },
    {
      name: 'incident-close',
      path: `${home}/incidents/${incident}`,
      fullPage: false,
      act: pressed('c', 'dialog[open]'),
    },
    {
      name: 'incident-plant',
      path: `${home}/incidents/${incident}`,
      fullPage: false,
      act: pressed('p', 'dialog[open] pre'),
    },
    { name: 'incident-episode', path: `${home}/episodes/${episode}`, ready: '[role="tree"]' },
    { name: 'incident-report', path: `${home}/episodes/${fresh}`, act: reporting() },
    { name: 'incident-release', path: `${home}/releases/${release}` },
  ]
}

/** The form, with the question that was violated. */
function reporting() {
  return async (/** @type {import('playwright-core').Page} */ page) => {
    await page.getByRole('button', { name: 'Report an incident…' }).click()
    await page.getByLabel('What happened').fill('It refunded twice.')
    await page.getByLabel('Question that it violated').selectOption({ index: 1 })
    await page.getByLabel('Right answer about this episode').selectOption({ index: 2 })
  }
}
