/** What each process that serves agents has for itself: connections to the database, and a place on the disk. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Of its own: a halt must not wait behind an import, and a database that does not answer counts as away. */
export const GATEWAY_DATABASE = { connectionsMax: 8, queryMsMax: 5_000 }

/** `number`: of a process beside the first, from 1. */
export function spoolDirectory(dataPath: string, number?: number): string {
  return join(dataPath, number === undefined ? 'spool' : `spool-${number}`)
}

/** Of processes that were there once and are not now: numbers above `count`. */
export function spoolsLeftBehind(dataPath: string, count: number): readonly string[] {
  return readdirSync(dataPath).flatMap((name) => {
    const number = Number(/^spool-([1-9]\d*)$/.exec(name)?.[1])
    return number > count ? [spoolDirectory(dataPath, number)] : []
  })
}
