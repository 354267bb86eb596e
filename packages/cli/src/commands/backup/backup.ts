/** `leeway backup FILE`: everything of one moment in one file, while the server may go on. */
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type DatabaseOptions, onDatabase, showRows, withDatabaseOptions } from './on-database.ts'

export function registerBackup(program: Command): void {
  const command = program
    .command('backup')
    .description('write everything in the database to one file')
    .argument('<file>', 'must not exist yet')
  withDatabaseOptions(command).action(async (file: string, options: DatabaseOptions) => {
    const how = { alone: false, untouched: 'No backup was written.' }
    const summary = await onDatabase(options, how, async (url) => {
      const { writeBackup } = await import('@leeway/server/backup/write-backup')
      return writeBackup(url, file, { now: new Date(), onProgress: showRows })
    })
    if (options.json === true) return printJson(summary)
    printLine(`${summary.rows} rows of ${summary.tables.length} tables in ${summary.file}`)
    printLine(`SHA-256 of the content: ${summary.sha256}`)
  })
}
