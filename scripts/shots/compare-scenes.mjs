// Two runs beside each other, and what people said of them.
import { followed, pressed } from './scene-acts.mjs'

/**
 * @param {string} home
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function compareScenes(home) {
  return [
    { name: 'compare', path: `${home}/compare`, ready: '[data-differs]', fullPage: false },
    {
      name: 'compare-end',
      path: `${home}/compare`,
      ready: '[data-differs]',
      act: pressed('1', 'button[aria-pressed=true]'),
    },
    { name: 'comparisons', path: `${home}/comparisons`, ready: 'form' },
    {
      name: 'comparison',
      path: `${home}/comparisons`,
      act: followed(/served the customer better/, 'table'),
    },
  ]
}
