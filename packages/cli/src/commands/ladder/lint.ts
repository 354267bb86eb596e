/** `leeway ladder lint`: refuses a bad ladder and shows what a good one will do. */
import { planOfGate } from '@leeway/core/ladder/gate-plan'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { lintLadder } from '@leeway/core/ladder/lint'
import { type Chance, operatingCharacteristics } from '@leeway/core/ladder/operating-characteristics'
import { alphaOfRelease } from '@leeway/core/ladder/release-state'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Command } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { printJson, printLine, printTable } from '../../output.ts'
import { readLadderFile } from './ladder-file.ts'

const UNIT_COUNTS = [100, 300, 1000, 3000]
const RUNS = 400

export function registerLadderLint(ladder: Command): void {
  ladder
    .command('lint')
    .description('check a ladder file and show the chance of promote, rollback and hold at each gate')
    .argument('<ladder.yaml>')
    .option('--baseline-failure <rate>', 'failure rate of the baseline assumed in the table', Number, 0.15)
    .option('--json', 'print JSON')
    .action(async (path: string, options: { baselineFailure: number; json?: boolean }) => {
      if (!(options.baselineFailure >= 0 && options.baselineFailure <= 1))
        throw new CommandError('--baseline-failure must lie in 0 to 1', 'e.g. 0.15')
      const file = await readLadderFile(path)
      const problems = lintLadder(file.ladder)
      if (problems.length > 0) {
        throw new CommandError(
          problems
            .map(
              ({ path: where, problem, fix }) =>
                `${path}:${file.lineOf(where)}: ${problem}\n          ${fix}`,
            )
            .join('\n        '),
          `${problems.length} problem${problems.length === 1 ? '' : 's'} in all`,
        )
      }
      const gates = chances(file.ladder, options.baselineFailure)
      if (options.json) {
        printJson({ ladder: file.ladder.name, problems: [], gates })
        return
      }
      printLine(`${path}: no problems in ${file.ladder.stages.length} stages.`)
      for (const gate of gates) {
        printLine()
        printLine(
          `${gate.stages.join(', ')}: margin ${gate.margin}, alpha ${gate.alpha.toFixed(4)} (first release)`,
        )
        printTable(
          ['true difference', ...UNIT_COUNTS.map((count) => `after ${count} units`)],
          gate.rows.map((row) => [row.name, ...row.chances.map(words)]),
        )
      }
      printLine()
      printLine(
        `Simulated, ${RUNS} runs a line, all units paired and labelled, baseline failing ${options.baselineFailure * 100} %.`,
      )
    })
}

type GateChances = {
  readonly stages: readonly string[]
  readonly margin: number
  readonly alpha: number
  readonly rows: readonly {
    readonly name: string
    readonly difference: number
    readonly chances: readonly Chance[]
  }[]
}

/** One table for each different gate; most ladders use one gate everywhere. */
function chances(ladder: Ladder, baselineFailure: number): readonly GateChances[] {
  const byGate = new Map<string, { stages: string[]; index: number }>()
  ladder.stages.forEach((stage, index) => {
    const key = JSON.stringify(stage.gate)
    const group = byGate.get(key)
    if (group) group.stages.push(stage.name)
    else byGate.set(key, { stages: [stage.name], index })
  })
  return [...byGate.values()].flatMap(({ stages, index }) => {
    const stage = ladder.stages[index]
    if (!stage) return []
    const alpha = alphaOfRelease(stage.gate.alpha, 1, ladder.alphaAcrossReleases)
    const plan = planOfGate(stage.gate, alpha)
    const { margin } = plan
    const rows = [
      { name: 'none', difference: 0 },
      { name: 'half the margin', difference: margin / 2 },
      { name: 'the margin', difference: margin },
    ].map((row) => ({
      ...row,
      chances: operatingCharacteristics({
        plan,
        difference: row.difference,
        baselineFailure,
        unitCounts: UNIT_COUNTS,
        runs: RUNS,
        random: seededRandom(1),
      }),
    }))
    return [{ stages, margin, alpha, rows }]
  })
}

function words({ promote, rollback, hold }: Chance): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return `promote ${percent(promote)}, rollback ${percent(rollback)}, hold ${percent(hold)}`
}
