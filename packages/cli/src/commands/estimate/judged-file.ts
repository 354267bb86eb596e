/** Rows of human and judge labels; with a `probability` column, of labels asked for with known probabilities. */
import type { JudgedRow, SampledRow } from '@leeway/core/prediction-powered/judged-row'
import { fault, type RecordFile, readRecordFile } from '../../records/record-file.ts'
import { numberOf, requireColumn, textOf } from '../../records/record-value.ts'

export type JudgedFile = {
  /** The file as it was: row k of `rows` is record k. */
  readonly source: RecordFile
} & (
  | { readonly kind: 'sampled evenly'; readonly rows: readonly JudgedRow[] }
  | { readonly kind: 'sampled by probability'; readonly rows: readonly SampledRow[] }
)

export async function readJudgedFile(path: string): Promise<JudgedFile> {
  const file = await readRecordFile(path)
  const human = requireColumn(file, ['human'])
  const judge = requireColumn(file, ['judge'])
  const rows = file.records.map((record) => {
    const judged = numberOf(file, record, judge, [0, 1])
    if (judged === null)
      throw fault(
        file,
        record.line,
        'judge is empty',
        'give the predicted failure, from 0 to 1, or leave the row out',
      )
    return { record, row: { human: numberOf(file, record, human, [0, 1]), judge: judged } }
  })
  if (!file.columns.includes('probability'))
    return { source: file, kind: 'sampled evenly', rows: rows.map(({ row }) => row) }
  return {
    source: file,
    kind: 'sampled by probability',
    rows: rows.map(({ record, row }) => {
      const probability = numberOf(file, record, 'probability', [0, 1])
      if (probability === null || probability === 0)
        throw fault(
          file,
          record.line,
          `probability is ${probability ?? 'empty'}`,
          'the probability with which the human label was to be asked for, above 0 and up to 1',
        )
      const lost = probability === 1 || (file.columns.includes('ask') && textOf(file, record, 'ask') === '1')
      if (lost && row.human === null)
        throw fault(
          file,
          record.line,
          probability === 1
            ? 'human is empty although its probability is 1'
            : 'human is empty although ask is 1',
          'a label that was asked for and lost cannot be treated as not asked for: get it, or count it as a failure',
        )
      return { ...row, probability }
    }),
  }
}
