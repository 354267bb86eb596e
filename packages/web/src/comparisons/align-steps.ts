/** Puts the steps of two runs beside each other where they do the same, so that one reads what differs. */
import type { StepBody } from '@leeway/contract/episodes'

export type AlignedRow = {
  readonly left: StepBody | null
  readonly right: StepBody | null
  /** Both said or did exactly this. */
  readonly same: boolean
}

/** Raters see nothing of these. */
const UNSEEN: ReadonlySet<StepBody['kind']> = new Set(['system', 'generation', 'span'])
/** The same step weighs more than any number of merely similar ones could make up for in a short stretch. */
const SAME = 4
const SIMILAR = 1

export function alignSteps(
  leftSteps: readonly StepBody[],
  rightSteps: readonly StepBody[],
): readonly AlignedRow[] {
  const left = leftSteps.filter(({ kind }) => !UNSEEN.has(kind))
  const right = rightSteps.filter(({ kind }) => !UNSEEN.has(kind))
  const words = [left.map(wordsOf), right.map(wordsOf)] as const
  const worth = (i: number, j: number): number => {
    if (words[0][i] === words[1][j]) return SAME
    return left[i]?.kind === right[j]?.kind && left[i]?.name === right[j]?.name ? SIMILAR : 0
  }
  const columns = right.length + 1
  // best[i * columns + j]: of what stands from i and j on.
  const best = new Int32Array((left.length + 1) * columns)
  const at = (i: number, j: number) => best[i * columns + j] ?? 0
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      best[i * columns + j] = Math.max(at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + worth(i, j))
  const rows: AlignedRow[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const both = i < left.length && j < right.length
    if (both && worth(i, j) > 0 && at(i, j) === at(i + 1, j + 1) + worth(i, j)) {
      rows.push({ left: left[i] ?? null, right: right[j] ?? null, same: worth(i, j) === SAME })
      i += 1
      j += 1
    } else if (i < left.length && (j >= right.length || at(i, j) === at(i + 1, j))) {
      rows.push({ left: left[i] ?? null, right: null, same: false })
      i += 1
    } else {
      rows.push({ left: null, right: right[j] ?? null, same: false })
      j += 1
    }
  }
  return rows
}

/** Steps of a run; of more the table of the alignment is larger than a page should hold. */
export const ALIGNED_MAX = 600

/** Rows one after the other that both did, as one stretch; what differs, and what somebody was asked, each by itself. */
export function stretches(rows: readonly AlignedRow[]): readonly (readonly AlignedRow[])[] {
  const found: AlignedRow[][] = []
  for (const row of rows) {
    const last = found.at(-1)
    const goesOn = (one: AlignedRow | undefined) => one?.same === true && one.left?.kind !== 'user'
    if (last !== undefined && goesOn(row) && goesOn(last[0])) last.push(row)
    else found.push([row])
  }
  return found
}

function wordsOf({ kind, name, content, error }: StepBody): string {
  return JSON.stringify([kind, name, content, error])
}
