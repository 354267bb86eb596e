/**
 * Watches policies after their promotion: starts a watch, draws which of their units are audited, asks for the labels, and reads
 * those that came. Several servers may run it: each step of a watch holds its lock and finds nothing new.
 */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { requireRelease } from '../releases/start-release.ts'
import { drawWatched } from './draw-watched.ts'
import { openWatchAudits } from './open-watch-audits.ts'
import { type Promoted, promotedReleases } from './promoted-releases.ts'
import { readWatched } from './read-watched.ts'
import { standingWatch } from './start-watch.ts'

export async function watchPromoted(effects: Effects): Promise<void> {
  for (const promoted of await promotedReleases(effects.db)) {
    try {
      await watchOne(effects, promoted)
    } catch (error) {
      // One broken watch must not keep the others from their alarm.
      effects.log.error({ err: error, release: promoted.releaseId }, 'a promoted policy could not be watched')
    }
  }
}

async function watchOne(effects: Effects, promoted: Promoted): Promise<void> {
  const release = await requireRelease(effects, promoted.projectId, promoted.releaseId)
  await effects.db.transaction(async (tx) => {
    await lockWatch(tx, release.id)
    const watch = await standingWatch(tx, effects, release, promoted.checkId)
    if (watch === null) return
    await drawWatched(tx, effects.now(), release, watch)
    await openWatchAudits(tx, effects, release)
    await readWatched(tx, effects, release, watch)
  })
}

async function lockWatch(tx: Transaction, releaseId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('watch:' || ${releaseId}::text, 0))`)
}
