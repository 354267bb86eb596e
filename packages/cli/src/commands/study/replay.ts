/** `leeway study replay`: what recorded judgments of a study show, and what they do not, with core alone. */
import {
  type ArmAccuracy,
  type ArmDifference,
  armAccuracy,
  compareArms,
} from '@leeway/core/studies/compare-arms'
import { isRight } from '@leeway/core/studies/judgment'
import { raterDifferences } from '@leeway/core/studies/rater-differences'
import { recalibration, type ScoreGain } from '@leeway/core/studies/recalibration'
import { roundMeans } from '@leeway/core/studies/round-means'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { type JudgmentsFile, readJudgmentsFile } from './judgments-file.ts'

const ROUNDS_SHOWN = 6

export function registerStudyReplay(study: Command): void {
  study
    .command('replay')
    .description('accuracy by arm, differences and how firm they are, calibration, and whether raters differ')
    .argument('<judgments>', 'JSON Lines or CSV with arm, item, rater and probabilities; - is standard input')
    .option('--seed <number>', 'seed of resampling', numberBetween(0, 2 ** 32), 1)
    .option('--json', 'print JSON')
    .action(async (path: string, options: { readonly seed: number; readonly json?: boolean }) => {
      const report = replay(await readJudgmentsFile(path), options.seed)
      if (options.json) printJson(report)
      else print(report)
    })
}

type Report = ReturnType<typeof replay>

export function replay({ judgments, leftOut }: JudgmentsFile, seed: number) {
  const arms = [...new Set(judgments.map(({ arm }) => arm))].sort()
  return {
    judgments: judgments.length,
    leftOut,
    raters: new Set(judgments.map(({ rater }) => rater)).size,
    items: new Set(judgments.map(({ item }) => item)).size,
    arms: arms.map((arm) => ({
      ...armAccuracy(judgments, arm, seed),
      rounds: roundMeans(judgments, arm),
    })),
    differences: arms.flatMap((one, at) =>
      arms.slice(at + 1).flatMap((other) => {
        const found = compareArms(judgments, [one, other], seed)
        return found.kind === 'insufficient' ? [] : [found]
      }),
    ),
    recalibration: recalibration(judgments, seed),
    raterDifferences: raterDifferences(
      judgments.map((one) => ({ rater: one.rater, stratum: one.arm, right: isRight(one) })),
      seed,
    ),
  }
}

function print(report: Report): void {
  printLine(
    `Recorded judgments: ${report.judgments} of ${report.raters} raters on ${report.items} items; ${report.leftOut} rows left out.`,
  )
  printLine()
  printTable(
    ['arm', 'right', 'accuracy', '95 %, clustered', 'believed of the right answer, by round'],
    report.arms.map((arm) => [
      plainText(arm.arm),
      `${arm.right} of ${arm.total}`,
      percent(arm.accuracy.value),
      intervalOf(arm),
      arm.rounds
        .slice(0, ROUNDS_SHOWN)
        .map(({ mean }) => mean.toFixed(3))
        .join(' '),
    ]),
  )
  printLine()
  for (const difference of report.differences) printDifference(difference)
  printLine(
    'Minutes, tokens and money are not in such a file: what an error less costs cannot be told from it.',
  )
  printLine()
  printCalibration(report.recalibration)
  printLine()
  const { raters, p, differ } = report.raterDifferences
  printLine(
    differ
      ? `The ${raters} raters differ in how often they are right (p ${p.toPrecision(2)}, permuted within arms).`
      : `The ${raters} raters are not shown to differ (p ${p.toPrecision(2)}, permuted within arms): leaving out those with the worst record would be choosing after looking.`,
  )
}

const VERDICTS: Readonly<Record<ArmDifference['verdict'], string>> = {
  shown: 'shown',
  fragile: 'fragile',
  'not-shown': 'not shown',
}

function printDifference(found: ArmDifference): void {
  const { arms, difference, clusteredBy, pAlone, flips, verdict } = found
  const interval =
    difference.interval.kind === 'interval'
      ? `${points(difference.interval.low)} to ${points(difference.interval.high)} points, clustered by ${clusteredBy}`
      : `no interval: ${difference.interval.reason}`
  printLine(
    plainText(
      `${VERDICTS[verdict]}: ${arms[0]} less ${arms[1]}, ${points(difference.value)} points (${interval})`,
    ),
  )
  if (verdict === 'fragile')
    printLine(
      `  taken alone the judgments give p ${pAlone.toPrecision(3)}; with ${flips} of them the other way it would be above 0.05`,
    )
}

function printCalibration(found: Report['recalibration']): void {
  if (found.kind === 'insufficient') {
    printLine(`Calibration unknown: ${found.reason}.`)
    return
  }
  const row = (name: string, { stated, recalibrated, gain }: ScoreGain) => [
    name,
    stated.toFixed(3),
    recalibrated.toFixed(3),
    gain.interval.kind === 'interval'
      ? `${gain.value.toFixed(3)} (${gain.interval.low.toFixed(4)} to ${gain.interval.high.toFixed(4)})`
      : gain.value.toFixed(3),
  ]
  printTable(
    ['stated probabilities', 'as stated', 'recalibrated', 'better by (95 %, by item)'],
    [row('mean log score, nats', found.logScore), row('Brier score', found.brier)],
  )
  printLine()
  printLine(
    `Raters are ${found.slope < 1 ? 'too sure' : 'not sure enough'}: log-odds times ${found.slope.toFixed(2)} would be right (scored on items left out, ten folds).`,
  )
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(1)} %`
}

function points(rate: number): string {
  return (100 * rate).toFixed(1)
}

function intervalOf({ accuracy }: ArmAccuracy): string {
  return accuracy.interval.kind === 'interval'
    ? `${percent(accuracy.interval.low)} to ${percent(accuracy.interval.high)}`
    : '–'
}
