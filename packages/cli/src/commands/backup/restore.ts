/** `leeway restore FILE`: puts a backup into an empty database; all of it, or nothing. */
import type { Command } from 'commander'
import { printJson, printLine } from '../../output.ts'
import { type DatabaseOptions, onDatabase, showRows, withDatabaseOptions } from './on-database.ts'

export function registerRestore(program: Command): void {
  const command = program
    .command('restore')
    .description('put a backup into an empty database')
    .argument('<file>', 'written by leeway backup')
  withDatabaseOptions(command).action(async (file: string, options: DatabaseOptions) => {
    const how = { alone: true, untouched: 'Nothing was restored.' }
    const summary = await onDatabase(options, how, async (url) => {
      const { restoreBackup } = await import('@leeway/server/backup/restore-backup')
      return restoreBackup(url, file, { onProgress: showRows })
    })
    if (options.json === true) return printJson(summary)
    printLine(`${summary.rows} rows of ${summary.tables.length} tables restored, as of ${summary.createdAt}`)
    printLine('Nobody is signed in: leeway admin link makes a link for the first admin.')
  })
}
