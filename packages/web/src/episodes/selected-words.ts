/** What is selected within one step of the episode on the page; null when that is nothing. */
export function selectedWords(
  selection: Selection | null,
): { readonly step: number; readonly words: string } | null {
  const node = selection?.anchorNode
  const element = node instanceof Element ? node : node?.parentElement
  const step = /^step-(\d+)$/.exec(element?.closest('[role="treeitem"]')?.id ?? '')?.[1]
  const words = (selection?.toString() ?? '').trim()
  return step === undefined || words === '' ? null : { step: Number(step), words }
}
