/** How the threads of one pass share its slices: each takes the next that nobody has taken. */
import { type EmPlan, runSlice } from '@leeway/core/inference/em-pass'

export type SharedPass = {
  readonly plan: EmPlan
  /** Three shared counters: the next slice, the slices that are done, and whether one failed. */
  readonly progress: Int32Array
}

export const NEXT = 0
export const DONE = 1
export const FAULT = 2

export function takeSlices({ plan, progress }: SharedPass): void {
  for (;;) {
    const slice = Atomics.add(progress, NEXT, 1)
    if (slice >= plan.slices) return
    try {
      runSlice(plan, slice)
    } catch {
      Atomics.store(progress, FAULT, 1)
    }
    Atomics.add(progress, DONE, 1)
    Atomics.notify(progress, DONE)
  }
}
