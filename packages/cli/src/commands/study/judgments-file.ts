/**
 * What `leeway study replay` reads: one judgment a row. Columns `arm`, `item`, `rater` and `probabilities` (of the right
 * answer, after each round). Also the columns of the NYU debate records: `kind`, `name` (a story and a number), `judge`, `pCorrect`,
 * and `inPaper`, where false leaves a row out. A row without probabilities was not judged and is left out.
 */
import type { Judgment } from '@leeway/core/studies/judgment'
import { CommandError } from '../../exit-codes.ts'
import { type FileRecord, fault, type RecordFile, readRecordFile } from '../../records/record-file.ts'
import { requireText } from '../../records/record-value.ts'

export type JudgmentsFile = {
  readonly judgments: readonly Judgment[]
  readonly leftOut: number
}

const NYU_ARMS: Readonly<Record<string, string>> = {
  Hdeb: 'human debate',
  Hcon: 'human consultancy',
  AIdeb: 'GPT-4 debate',
  AIcon: 'GPT-4 consultancy',
}

export async function readJudgmentsFile(path: string): Promise<JudgmentsFile> {
  const file = await readRecordFile(path)
  const nyu = ['kind', 'name', 'judge', 'pCorrect'].every((column) => file.columns.includes(column))
  if (!nyu && !['arm', 'item', 'rater', 'probabilities'].every((column) => file.columns.includes(column)))
    throw new CommandError(
      `${file.path}:1: found the columns ${file.columns.join(', ')}`,
      'give arm, item, rater and probabilities (of the right answer, after each round)',
    )
  const judgments = file.records.flatMap((record): readonly Judgment[] => {
    if (nyu && String(record.values.inPaper) === 'false') return []
    const probabilities = probabilitiesOf(file, record, nyu ? 'pCorrect' : 'probabilities')
    if (probabilities.length === 0) return []
    const text = (column: string) => requireText(file, record, column)
    return [
      nyu
        ? {
            arm: NYU_ARMS[text('kind')] ?? text('kind'),
            item: text('name').replace(/-\d+$/, ''),
            rater: text('judge'),
            probabilities,
          }
        : { arm: text('arm'), item: text('item'), rater: text('rater'), probabilities },
    ]
  })
  if (judgments.length === 0)
    throw new CommandError(`${file.path}: no row holds a judgment`, 'give rows with probabilities')
  return { judgments, leftOut: file.records.length - judgments.length }
}

/** JSON Lines give a list; CSV the same in one cell. */
function probabilitiesOf(file: RecordFile, record: FileRecord, column: string): readonly number[] {
  const raw = record.values[column]
  let list: unknown = raw
  if (typeof raw === 'string')
    try {
      list = raw.trim() === '' ? [] : JSON.parse(raw)
    } catch {
      list = null
    }
  if (raw === undefined || raw === null) return []
  if (Array.isArray(list) && list.every((value) => typeof value === 'number' && value >= 0 && value <= 1))
    return list as readonly number[]
  throw fault(file, record.line, `${column} is no list of probabilities`, 'write for example [0.5, 0.8]')
}
