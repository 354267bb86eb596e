// Rubrics, and where people disagree about their questions.
import { drafted, draftedByModel } from './draft-scenes.mjs'

/**
 * @param {string} home
 * @param {string | undefined} rubric id of one
 * @returns {import('./scenes.mjs').Scene[]}
 */
export function rubricScenes(home, rubric) {
  return [
    { name: 'disagreements', path: `${home}/adjudication`, ready: '[role="tree"]', fullPage: false },
    { name: 'agreement', path: `${home}/agreement`, ready: 'table' },
    { name: 'rubrics', path: `${home}/rubrics` },
    { name: 'rubric-new', path: `${home}/rubrics/new` },
    { name: 'rubric-draft', path: `${home}/rubrics/new`, act: drafted() },
    { name: 'rubric-drafted', path: `${home}/rubrics/new`, act: draftedByModel(home) },
    { name: 'rubric', path: `${home}/rubrics/${rubric}`, ready: 'table' },
  ]
}
