/**
 * Stops calling an upstream that fails again and again. After a while one call tries it: where that works all may call again,
 * where not everybody waits as long again.
 */
export type Breaker = {
  /** Whether a call may be made now. Each that may is followed by one of `worked`, `failed` and `left`. */
  readonly enter: () => boolean
  readonly worked: () => void
  readonly failed: () => void
  /** Nobody waited for the answer, so nothing is known. */
  readonly left: () => void
  /** Until calls are tried again; 0 where they are made. */
  readonly waitMs: () => number
}

/** Failures in a row. */
const FAILURES_MAX = 5
const OPEN_MS = 10_000

/** `nowMs`: of a clock that never goes back. `opened`: told when calls are stopped. */
export function breaker(nowMs: () => number, opened: () => void): Breaker {
  let failures = 0
  let openUntilMs: number | null = null
  let isTrying = false
  return {
    enter() {
      if (openUntilMs === null) return true
      if (isTrying || nowMs() < openUntilMs) return false
      isTrying = true
      return true
    },
    worked() {
      failures = 0
      openUntilMs = null
      isTrying = false
    },
    failed() {
      failures += 1
      // Calls that were under way when it opened say nothing new.
      if (openUntilMs !== null && !isTrying) return
      isTrying = false
      if (failures < FAILURES_MAX) return
      openUntilMs = nowMs() + OPEN_MS
      opened()
    },
    left() {
      isTrying = false
    },
    waitMs: () => (openUntilMs === null ? 0 : Math.max(0, openUntilMs - nowMs())),
  }
}
