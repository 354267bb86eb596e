/** The steps of an episode as an indented list: what a viewer shows, one row a step. */

export type StepNode = { readonly ordinal: number; readonly parent: number | null }

export type StepRow = {
  readonly ordinal: number
  /** 0 at the top. */
  readonly depth: number
  readonly hasChildren: boolean
  readonly isFolded: boolean
}

/**
 * Flattens the tree in reading order, leaving out what lies beneath folded steps. Parents come before their
 * children in the input (`parent < ordinal`); a parent that is missing or not smaller counts as none.
 * Cost O(n), no recursion: traces may be 100,000 deep.
 */
export function flattenSteps(steps: readonly StepNode[], folded: ReadonlySet<number>): readonly StepRow[] {
  const children = new Map<number | null, number[]>()
  const known = new Set<number>()
  for (const step of steps) {
    const parent = step.parent !== null && known.has(step.parent) ? step.parent : null
    known.add(step.ordinal)
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [step.ordinal])
    else siblings.push(step.ordinal)
  }
  const rows: StepRow[] = []
  const waiting = (children.get(null) ?? []).map((ordinal) => ({ ordinal, depth: 0 })).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const own = children.get(next.ordinal)
    const isFolded = own !== undefined && folded.has(next.ordinal)
    rows.push({ ...next, hasChildren: own !== undefined, isFolded })
    if (own === undefined || isFolded) continue
    for (let index = own.length - 1; index >= 0; index -= 1) {
      waiting.push({ ordinal: own[index] as number, depth: next.depth + 1 })
    }
  }
  return rows
}

/** Indices of the rows whose step matches, in order. Case does not matter; an empty query matches nothing. */
export function matchingRows(
  rows: readonly StepRow[],
  textOf: (ordinal: number) => string,
  query: string,
): readonly number[] {
  const needle = query.trim().toLowerCase()
  if (needle === '') return []
  return rows.flatMap((row, index) => (textOf(row.ordinal).toLowerCase().includes(needle) ? [index] : []))
}
