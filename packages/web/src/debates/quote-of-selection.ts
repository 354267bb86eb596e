/** What is selected within one step of the episode, as a quote for a speech; null when that is nothing. */
export function quoteOfSelection(selection: Selection | null): string | null {
  const node = selection?.anchorNode
  const element = node instanceof Element ? node : node?.parentElement
  const step = /^step-(\d+)$/.exec(element?.closest('[role="treeitem"]')?.id ?? '')?.[1]
  // On one line, as it must stand in the step; what a quote cannot hold ends it.
  const words = (selection?.toString() ?? '').split(/[[\]\n]/)[0]?.trim() ?? ''
  return step === undefined || words === '' ? null : `[[${step}: ${words}]]`
}
