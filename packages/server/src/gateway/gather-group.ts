/**
 * How long a group of records waits for others before it goes to the disk: a sync costs as much for one as for many.
 *
 * Not at all where nothing else is under way. Else behind what the network has brought at once; and where many come, as the last group had
 * others with it, for up to `GATHER_MS` more, or until all that is under way has come. Whoever comes alone does not wait so long: others
 * may wait for slow models.
 */
const GATHER_MS = 1

export type GroupGathering = {
  /** Resolves when the group may go. `last`: how many the last one had. */
  readonly wait: (last: number) => Promise<void>
  /** One more has come. */
  readonly came: () => void
}

/** `waiting`: records of the group; `underWay`: those that may yet come, and these. */
export function gatherGroup(waiting: () => number, underWay: () => number): GroupGathering {
  let go: (() => void) | null = null
  const allCame = () => waiting() >= underWay()
  return {
    async wait(last) {
      if (allCame()) return
      await new Promise<void>(setImmediate)
      if (last < 2 || allCame()) return
      await new Promise<void>((done) => {
        const timer = setTimeout(done, GATHER_MS)
        go = () => {
          clearTimeout(timer)
          done()
        }
      })
      go = null
    },
    came() {
      if (go !== null && allCame()) go()
    },
  }
}
