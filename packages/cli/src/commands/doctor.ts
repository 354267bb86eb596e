/** `leeway doctor`: the settings with their source, and what would keep the server from starting. */
import type { DoctorReport } from '@leeway/server/settings/doctor'
import type { SettingFlags } from '@leeway/server/settings/settings'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { plainText, printJson, printLine, printTable } from '../output.ts'

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show every setting with its source, and check this machine and the database')
    .option('--port <number>', 'as for serve')
    .option('--host <address>', 'as for serve')
    .option('--data-dir <folder>', 'as for serve')
    .option('--config <file>', 'as for serve')
    .option('--json', 'print JSON')
    .action(async ({ config, json, ...rest }: SettingFlags & { config?: string; json?: boolean }) => {
      const report = await examine(config === undefined ? rest : { ...rest, configFile: config })
      if (json === true) printJson(report)
      else print(report)
      if (!report.healthy) process.exitCode = EXIT.unhealthy
    })
}

async function examine(flags: SettingFlags): Promise<DoctorReport> {
  // Loaded here: every other command would pay for it.
  const [{ doctor }, { SettingsError }] = await Promise.all([
    import('@leeway/server/settings/doctor'),
    import('@leeway/server/settings/settings'),
  ])
  try {
    return await doctor(flags)
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.message, error.fix)
    throw error
  }
}

function print(report: DoctorReport): void {
  printTable(
    ['setting', 'value', 'source', 'why one would change it'],
    report.settings.map(({ name, shown, source, from, reason }) => [
      name,
      plainText(shown),
      from === '' ? source : `${source} (${plainText(from)})`,
      reason,
    ]),
  )
  printLine()
  printTable(
    ['check', 'result', 'finding'],
    report.checks.map(({ name, status, finding }) => [name, status, plainText(finding)]),
  )
}
