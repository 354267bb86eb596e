/** `leeway estimate --ask`: which labels to ask for next, with known probabilities, written as a file to fill in. */
import { writeFile } from 'node:fs/promises'
import { learnFailure, predictFailure, startCalibration } from '@leeway/core/gate/judge-calibration'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { auditProbabilities } from '@leeway/core/prediction-powered/audit-probabilities'
import { CommandError } from '../../exit-codes.ts'
import type { JudgedFile } from './judged-file.ts'

export type Asked = {
  readonly rows: number
  /** Labelled rows the judge was calibrated on. They are not in the file: the new estimate must not read them again. */
  readonly calibratedOn: number
  readonly labelsExpected: number
  readonly labelsAsked: number
  readonly probabilityMin: number
  readonly probabilityMax: number
  /** How many evenly drawn labels one of these is worth, if the calibration is right. */
  readonly worth: number
  readonly out: string
}

export async function askLabels(file: JudgedFile, budget: number, seed: number, out: string): Promise<Asked> {
  const calibration = startCalibration()
  for (const { human, judge } of file.rows) if (human !== null) learnFailure(calibration, judge, human)
  const unlabelled = file.rows.flatMap((row, at) => (row.human === null ? [{ judge: row.judge, at }] : []))
  if (unlabelled.length === 0)
    throw new CommandError('every row has a human label already', 'add rows with an empty human column')
  const predicted = unlabelled.map(({ judge }) => predictFailure(calibration, judge).value)
  const probabilities = auditProbabilities(predicted, budget)
  const random = seededRandom(seed)
  const asked = probabilities.map((probability) => random() < probability)
  const own = ['human', 'judge', 'probability', 'ask', 'judge_raw']
  const kept = file.source.columns.filter((column) => !own.includes(column))
  const lines = [
    [...kept, ...own],
    ...unlabelled.map(({ judge, at }, k) => [
      ...kept.map((column) => textOf(file.source.records[at]?.values[column])),
      '',
      String(predicted[k]),
      String(probabilities[k]),
      asked[k] ? '1' : '0',
      String(judge),
    ]),
  ]
  await writeFile(out, lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join(''))
  const mean = probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length
  const open = (of: (at: number) => number) =>
    predicted.reduce((sum, f, at) => sum + (f * (1 - f)) / of(at), 0)
  return {
    rows: unlabelled.length,
    calibratedOn: file.rows.length - unlabelled.length,
    labelsExpected: mean * probabilities.length,
    labelsAsked: asked.filter(Boolean).length,
    probabilityMin: probabilities.reduce((least, p) => Math.min(least, p), 1),
    probabilityMax: probabilities.reduce((most, p) => Math.max(most, p), 0),
    worth: open(() => mean) / open((at) => probabilities[at] as number),
    out,
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
