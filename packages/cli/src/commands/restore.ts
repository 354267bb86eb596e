/** `leeway restore FILE`: puts a backup into an empty database; all of it, or nothing. */
import { BackupError } from '@leeway/server/backup/backup-format'
import { restoreBackup } from '@leeway/server/backup/restore-backup'
import { borrowDatabase } from '@leeway/server/launch/borrow-database'
import { LaunchError } from '@leeway/server/launch/launch-error'
import { readSettings, SettingsError } from '@leeway/server/settings/settings'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { printJson, printLine } from '../output.ts'

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('put a backup into an empty database')
    .argument('<file>', 'written by leeway backup')
    .option('--data-dir <folder>', 'as for serve')
    .option('--config <file>', 'as for serve')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { dataDir?: string; config?: string; json?: boolean }) => {
      try {
        const { settings } = readSettings({
          ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
          ...(options.config === undefined ? {} : { configFile: options.config }),
        })
        const summary = await borrowDatabase(settings, { alone: true }, (url) =>
          restoreBackup(url, file, { onProgress: showRows }),
        )
        if (options.json === true) return printJson(summary)
        printLine(
          `${summary.rows} rows of ${summary.tables.length} tables restored, as of ${summary.createdAt}`,
        )
        printLine('Nobody is signed in: leeway admin link makes a link for the first admin.')
      } catch (error) {
        throw explained(error)
      }
    })
}

/** One line that overwrites itself, on a terminal only. */
function showRows(table: string, rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${table}: ${rows} rows\r`)
}

function explained(error: unknown): unknown {
  if (error instanceof SettingsError) return new CommandError(error.message, error.fix)
  if (error instanceof BackupError) return new CommandError(error.message, 'Nothing was restored.')
  if (error instanceof LaunchError)
    return new CommandError(error.message, 'leeway doctor says more.', EXIT.internal)
  return error
}
