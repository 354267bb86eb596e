/**
 * One thing a person can do. Buttons, shortcuts, the palette and the cheat sheet all read this same object, so
 * that none of them can offer what another does not.
 */
export type Action = {
  /** Stable, unique among the actions now on the page. */
  readonly id: string
  /** What it does, as an order: "Approve the promotion". */
  readonly title: string
  readonly group: 'Go to' | 'This page' | 'Everywhere'
  /** Keys pressed one after the other, as `KeyboardEvent.key` names them: ['g', 'o']. None: palette only. */
  readonly keys?: readonly string[]
  /** Why it cannot be done now; undefined when it can. */
  readonly unavailable?: string | undefined
  /** Done once however long its key is held down. */
  readonly isOnce?: boolean
  readonly perform: () => void
}

const KEY_NAMES: Readonly<Record<string, string>> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→' }

/** A key as it stands on the keyboard. */
export function keyName(key: string): string {
  return KEY_NAMES[key] ?? key
}

/** "g then o", "Enter", "?". */
export function keyWords(keys: readonly string[]): string {
  return keys.map(keyName).join(' then ')
}

/** Actions whose title holds every word of the query, in any order; all of them for an empty query. */
export function findActions(actions: readonly Action[], query: string): readonly Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return actions.filter((action) => words.every((word) => action.title.toLowerCase().includes(word)))
}
