/**
 * Waits until a file is on disk: on this thread while the disk is fast, and else on another. To hand it to another thread and to be told
 * takes about half as long as a fast disk does, and all that this thread would do meanwhile waits for no longer than that. A slow one
 * must not hold up what needs no disk, such as words that stream.
 */
import { fdatasync, fdatasyncSync } from 'node:fs'

/** Slower than this, on average of late, is not worth to be waited for here: one slow sync among fast ones makes no slow disk. */
const FAST_MS = 1
const LATE = 8
/** Whether it is fast again is found out by waiting for it, so not often. */
const AGAIN_MS = { first: 1_000, most: 8_000 }

/** Rejects with what the system says. `nowMs`: of a clock that never goes back. */
export type SyncFile = (file: number) => Promise<void>

export function syncFile(
  nowMs: () => number = () => performance.now(),
  { here, elsewhere }: Syncs = { here: fdatasyncSync, elsewhere: fdatasync },
): SyncFile {
  let againMs = Number.NEGATIVE_INFINITY
  let pauseMs = AGAIN_MS.first
  let averageMs = 0
  return (file) =>
    new Promise((done, fail) => {
      const startedMs = nowMs()
      if (startedMs < againMs) {
        elsewhere(file, (error) => (error === null ? done() : fail(error)))
        return
      }
      here(file)
      const endedMs = nowMs()
      averageMs += (endedMs - startedMs - averageMs) / LATE
      if (averageMs > FAST_MS) {
        againMs = endedMs + pauseMs
        pauseMs = Math.min(2 * pauseMs, AGAIN_MS.most)
        // What decides then is how long it takes then.
        averageMs = FAST_MS
      } else if (averageMs < FAST_MS / 2) pauseMs = AGAIN_MS.first
      done()
    })
}

type Syncs = {
  readonly here: (file: number) => void
  readonly elsewhere: (file: number, done: (error: Error | null) => void) => void
}
