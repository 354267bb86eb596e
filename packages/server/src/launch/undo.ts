/** Undone from the last to the first, whatever fails. */
export type Undo = (() => unknown)[]

/** Throws the first failure, after all of it. */
export async function undoAll(undo: Undo): Promise<void> {
  const failures: unknown[] = []
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
