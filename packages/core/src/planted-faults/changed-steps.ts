/**
 * What a copy has other than its original, step by step, for a person who looks before planting.
 *
 * Method   the steps that both have at the start and at the end are equal; of what lies between, the longest common run of
 *          equal steps is kept (by content, name, kind and error), the rest is removed or added. Ordinals of both sides.
 * Cost     O(n m) of what lies between, which an operator keeps small; above MIDDLE_MAX steps everything between counts as
 *          changed.
 */
import type { Episode, Step } from '../episodes/episode.ts'

export type ChangedStep = {
  readonly kind: 'removed' | 'added'
  readonly step: Step
}

const MIDDLE_MAX = 2_000

export function changedSteps(
  original: Pick<Episode, 'steps'>,
  copy: Pick<Episode, 'steps'>,
): readonly ChangedStep[] {
  const [before, after] = [original.steps, copy.steps]
  const keysBefore = before.map(keyOf)
  const keysAfter = after.map(keyOf)
  let start = 0
  while (start < before.length && start < after.length && keysBefore[start] === keysAfter[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    keysBefore[before.length - 1 - end] === keysAfter[after.length - 1 - end]
  )
    end += 1
  const a = before.slice(start, before.length - end)
  const b = after.slice(start, after.length - end)
  if (a.length > MIDDLE_MAX || b.length > MIDDLE_MAX)
    return [...a.map(removed), ...b.map((step): ChangedStep => ({ kind: 'added', step }))]
  return align(a, b)
}

const removed = (step: Step): ChangedStep => ({ kind: 'removed', step })

function keyOf({ kind, name, content, error }: Step): string {
  return JSON.stringify([kind, name, content, error])
}

/** Longest common subsequence. */
function align(a: readonly Step[], b: readonly Step[]): readonly ChangedStep[] {
  const [x, y] = [a.map(keyOf), b.map(keyOf)]
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] as number
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = x[i] === y[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const changes: ChangedStep[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && x[i] === y[j]) {
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1)))
      changes.push(removed(a[i++] as Step))
    else changes.push({ kind: 'added', step: b[j++] as Step })
  }
  return changes
}
