/** What `backup` and `restore` have in common: whose database it is, and errors in words. */
import type { Command } from 'commander'
import { CommandError, EXIT } from '../../exit-codes.ts'

export type DatabaseOptions = {
  readonly dataDir?: string
  readonly config?: string
  readonly json?: boolean
}

export function withDatabaseOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'as for serve')
    .option('--config <file>', 'as for serve')
    .option('--json', 'print JSON')
}

/** `untouched` says what an error left as it was. The server's code is loaded here: other commands need none of it. */
export async function onDatabase<T>(
  options: DatabaseOptions,
  how: { readonly alone: boolean; readonly untouched: string },
  work: (url: string) => Promise<T>,
): Promise<T> {
  const [{ BackupError }, { borrowDatabase }, { LaunchError }, { readSettings, SettingsError }] =
    await Promise.all([
      import('@leeway/server/backup/backup-format'),
      import('@leeway/server/launch/borrow-database'),
      import('@leeway/server/launch/launch-error'),
      import('@leeway/server/settings/settings'),
    ])
  try {
    const { settings } = readSettings({
      ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
      ...(options.config === undefined ? {} : { configFile: options.config }),
    })
    return await borrowDatabase(settings, { alone: how.alone }, work)
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.message, error.fix)
    if (error instanceof BackupError) throw new CommandError(error.message, how.untouched)
    if (error instanceof LaunchError)
      throw new CommandError(error.message, 'leeway doctor says more.', EXIT.internal)
    throw error
  }
}

/** One line that overwrites itself, on a terminal only. */
export function showRows(table: string, rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${table}: ${rows} rows\r`)
}
