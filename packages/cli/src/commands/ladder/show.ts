/** `leeway ladder show`: the stages in words; without a file, the default ladder. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { describeStage } from '@leeway/core/ladder/describe-stage'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { printJson, printLine, printTable } from '../../output.ts'
import { readLadderFile } from './ladder-file.ts'

export function registerLadderShow(ladder: Command): void {
  ladder
    .command('show')
    .description('what the agent may do in each stage (the default ladder when no file is given)')
    .argument('[ladder.yaml]')
    .option('--yaml', 'print it as YAML, to start a file of your own')
    .option('--json', 'print JSON')
    .action(async (path: string | undefined, options: { yaml?: boolean; json?: boolean }) => {
      const shown = path === undefined ? DEFAULT_LADDER : (await readLadderFile(path)).ladder
      if (options.json) return printJson(shown)
      if (options.yaml) return printLine(stringify(shown, { aliasDuplicateObjects: false }).trimEnd())
      printLine(
        `Ladder "${shown.name}": ${shown.approvals} approval${shown.approvals === 1 ? '' : 's'} a promotion, margin budget ${shown.marginBudget} since the anchor.`,
      )
      printLine()
      printTable(
        ['stage', 'what the agent may do'],
        shown.stages.map((stage) => [stage.name, describeStage(stage)]),
      )
    })
}
