import type { Command } from 'commander'
import { registerComparisonAsk } from './ask.ts'
import { registerComparisonExport } from './export.ts'
import { registerComparisonList } from './list.ts'
import { registerComparisonShow } from './show.ts'

export function registerComparison(program: Command): void {
  const comparison = program
    .command('comparison')
    .description('which of two runs is better, asked of people and models')
  registerComparisonAsk(comparison)
  registerComparisonList(comparison)
  registerComparisonShow(comparison)
  registerComparisonExport(comparison)
}
