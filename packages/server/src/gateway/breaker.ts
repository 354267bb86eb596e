/**
 * Stops calling an upstream that fails again and again. After a while one call tries it: where that works all may call again,
 * where not everybody waits as long again.
 */
export type Breaker = {
  /** Null where no call may be made now. */
  readonly enter: () => Entered | null
  /** Until calls are tried again; 0 where they are made. */
  readonly waitMs: () => number
}

/** A call that may be made. One of `worked`, `failed` and `left` ends it. */
export type Entered = {
  /** The answer has begun: all may call again, though it may still be cut. */
  readonly began: () => void
  readonly worked: () => void
  readonly failed: () => void
  /** Nobody waited for the answer, so nothing is known. */
  readonly left: () => void
}

/** Failures in a row. */
const FAILURES_MAX = 5
const OPEN_MS = 10_000

/** `nowMs`: of a clock that never goes back. `opened`: told when calls are stopped. */
export function breaker(nowMs: () => number, opened: () => void): Breaker {
  let failures = 0
  let openUntilMs: number | null = null
  /** The one that tries. */
  let trying: Entered | null = null
  const close = () => {
    openUntilMs = null
    trying = null
  }
  const entered = (): Entered => {
    // Calls that were under way when it opened say nothing new.
    const isNews = () => openUntilMs === null || trying === call
    const call: Entered = {
      began() {
        if (isNews()) close()
      },
      worked() {
        if (!isNews()) return
        failures = 0
        close()
      },
      failed() {
        if (!isNews()) return
        failures += 1
        trying = null
        if (failures < FAILURES_MAX) return
        openUntilMs = nowMs() + OPEN_MS
        opened()
      },
      left() {
        if (trying === call) trying = null
      },
    }
    return call
  }
  return {
    enter() {
      if (openUntilMs === null) return entered()
      if (trying !== null || nowMs() < openUntilMs) return null
      trying = entered()
      return trying
    },
    waitMs: () => (openUntilMs === null ? 0 : Math.max(0, openUntilMs - nowMs())),
  }
}
