/** `leeway backup FILE`: everything of one moment in one file, while the server may go on. */
import { BackupError } from '@leeway/server/backup/backup-format'
import { writeBackup } from '@leeway/server/backup/write-backup'
import { borrowDatabase } from '@leeway/server/launch/borrow-database'
import { LaunchError } from '@leeway/server/launch/launch-error'
import { readSettings, SettingsError } from '@leeway/server/settings/settings'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { printJson, printLine } from '../output.ts'

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('write everything in the database to one file')
    .argument('<file>', 'must not exist yet')
    .option('--data-dir <folder>', 'as for serve')
    .option('--config <file>', 'as for serve')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { dataDir?: string; config?: string; json?: boolean }) => {
      try {
        const { settings } = readSettings({
          ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
          ...(options.config === undefined ? {} : { configFile: options.config }),
        })
        const summary = await borrowDatabase(settings, { alone: false }, (url) =>
          writeBackup(url, file, { now: new Date(), onProgress: showRows }),
        )
        if (options.json === true) return printJson(summary)
        printLine(`${summary.rows} rows of ${summary.tables.length} tables in ${summary.file}`)
        printLine(`SHA-256 of the content: ${summary.sha256}`)
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
  if (error instanceof BackupError) return new CommandError(error.message, 'No backup was written.')
  if (error instanceof LaunchError)
    return new CommandError(error.message, 'leeway doctor says more.', EXIT.internal)
  return error
}
