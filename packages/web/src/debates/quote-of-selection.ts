import { selectedWords } from '../episodes/selected-words.ts'

/** What is selected within one step of the episode, as a quote for a speech; null when that is nothing. */
export function quoteOfSelection(selection: Selection | null): string | null {
  const selected = selectedWords(selection)
  // On one line, as it must stand in the step; what a quote cannot hold ends it.
  const words = selected?.words.split(/[[\]\n]/)[0]?.trim() ?? ''
  return selected === null || words === '' ? null : `[[${selected.step}: ${words}]]`
}
