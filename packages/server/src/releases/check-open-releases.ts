/**
 * Checks every open release again and again, so that labels move the evidence and harm rolls back by itself, also while
 * a promotion waits for a person. Several servers may run it: each check takes the release's lock and finds nothing new.
 */
import type { Effects } from '../http/environment.ts'
import { checkRelease } from './check-release.ts'
import { openReleases } from './release-store.ts'

export async function checkOpenReleases(effects: Effects): Promise<void> {
  for (const release of await openReleases(effects.db)) {
    try {
      await checkRelease(effects, release)
    } catch (error) {
      // One broken release must not keep the others from being rolled back.
      effects.log.error({ err: error, release: release.id }, 'a release could not be checked')
    }
  }
}

/** Runs until `stop`, which waits for the check under way. */
export function startChecking(effects: Effects, everyMs: number): { readonly stop: () => Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const next = () => {
    running = checkOpenReleases(effects)
      .catch((error: unknown) => effects.log.error({ err: error }, 'open releases could not be listed'))
      .then(() => {
        if (!stopped) timer = setTimeout(next, everyMs)
      })
  }
  timer = setTimeout(next, everyMs)
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
