/** Gives a command the database of this data directory, starting and stopping the embedded one when nobody runs it. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Settings } from '../settings/setting-table.ts'
import { openDataDirectory } from './data-directory.ts'
import { embeddedPostgresUrl, startEmbeddedPostgres } from './embedded-postgres.ts'
import { requireUsablePostgres } from './external-postgres.ts'
import { LaunchError } from './launch-error.ts'
import { findRunningServer, lockDataDirectory } from './server-lock.ts'

/** With `alone`, refuses while a server runs on the data directory. Throws LaunchError. */
export async function borrowDatabase<T>(
  settings: Settings,
  options: { readonly alone: boolean },
  work: (url: string) => Promise<T>,
): Promise<T> {
  const path = resolve(settings.dataDir)
  const running = findRunningServer(path)
  if (running !== undefined && options.alone) {
    throw new LaunchError(`Leeway runs on ${path} (${running.address}). Stop it first.`)
  }
  if (settings.databaseUrl !== undefined) {
    await requireUsablePostgres(settings.databaseUrl)
    return work(settings.databaseUrl)
  }
  if (running !== undefined) {
    const password = readFileSync(join(path, 'postgres-password'), 'utf8')
    const url = embeddedPostgresUrl(join(path, 'postgres'), password)
    if (url === undefined)
      throw new LaunchError(`Leeway runs on ${path} with another database. Set DATABASE_URL.`)
    return work(url)
  }
  const data = openDataDirectory(path)
  const held = await lockDataDirectory(path)
  if (held.kind === 'running') throw new LaunchError(`Leeway was just started on ${path}. Try again.`)
  try {
    const directory = join(path, 'postgres')
    const postgres = await startEmbeddedPostgres({ directory, password: data.postgresPassword })
    try {
      return await work(postgres.url)
    } finally {
      await postgres.stop()
    }
  } finally {
    held.lock.release()
  }
}
