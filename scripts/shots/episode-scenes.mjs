// Episodes: the list, and one with what is known of it.
import { pressed } from './scene-acts.mjs'

/**
 * @param {string} home
 * @param {{ id: string, stepCount: number }[]} items
 * @param {string | undefined} answered id of an episode that somebody answered a question about
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function episodeScenes(home, items, answered) {
  return [
    { name: 'episodes', path: `${home}/episodes`, fullPage: false },
    { name: 'episodes-none', path: `${home}/episodes?text=no-such-words-anywhere` },
    ...newestAndLongest(home, items),
    {
      name: 'episode-reward',
      path: `${home}/episodes/${answered}`,
      ready: '[role="tree"]',
      fullPage: false,
    },
    {
      name: 'episode-coverage',
      path: `${home}/episodes/${answered}`,
      fullPage: false,
      act: async (page) => {
        await page.getByText(/of the agent that nothing covers/).click()
        await page.getByText('What the answers rest on').scrollIntoViewIfNeeded()
      },
    },
  ]
}

/**
 * The newest episode and the longest one.
 *
 * @param {string} home
 * @param {{ id: string, stepCount: number }[]} items
 * @returns {import('./scenes.mjs').Scene[]}
 */
function newestAndLongest(home, items) {
  const newest = items[0]
  const longest = [...items].sort((a, b) => b.stepCount - a.stepCount)[0]
  /** @type {import('./scenes.mjs').Scene[]} */
  const scenes = []
  if (newest !== undefined)
    scenes.push({
      name: 'episode',
      path: `${home}/episodes/${newest.id}`,
      ready: '[role="tree"]',
      fullPage: false,
    })
  if (longest !== undefined) {
    const path = `${home}/episodes/${longest.id}`
    scenes.push({
      name: 'episode-long',
      path,
      ready: '[role="tree"]',
      fullPage: false,
      act: pressed('r', '[role="tree"]'),
    })
  }
  return scenes
}
