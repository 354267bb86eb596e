/** Ratings as a table: CSV with a header, or one JSON object a line. Only the first four columns are needed. */
import { QUESTION_FORMS } from '@leeway/core/question-forms/question-form'
import { fault, type RecordFile, readRecordFile } from '../../records/record-file.ts'
import { numberOf, requireColumn, requireText, textOf } from '../../records/record-value.ts'
import { type RatingRecord, STATES } from './rating-record.ts'

const COLUMNS = [
  'episode',
  'criterion',
  'rater',
  'answer',
  'raterKind',
  'state',
  'reason',
  'probability',
  'comment',
  'evidence',
  'form',
  'committedAt',
  'id',
] as const
type Column = (typeof COLUMNS)[number]

export function writeCsv(records: readonly RatingRecord[]): string {
  const lines = records.map((record) => {
    const row = rowOf(record)
    return COLUMNS.map((column) => quoted(row[column] ?? '')).join(',')
  })
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`
}

export function writeJsonLines(records: readonly RatingRecord[]): string {
  return records.map((record) => `${JSON.stringify(rowOf(record))}\n`).join('')
}

/** Throws CommandError with file and line. */
export async function readFlatRatings(path: string): Promise<readonly RatingRecord[]> {
  const file = await readRecordFile(path)
  for (const column of COLUMNS.slice(0, 4)) requireColumn(file, [column])
  return file.records.map((record) => {
    const text = (column: Column) => textOf(file, record, column)
    const [episode, criterion, rater] = (['episode', 'criterion', 'rater'] as const).map((column) =>
      requireText(file, record, column),
    ) as [string, string, string]
    const state = oneOf(file, record.line, 'state', text('state') || 'answered', STATES)
    return {
      line: record.line,
      episode,
      criterion,
      rater,
      raterKind: oneOf(file, record.line, 'raterKind', text('raterKind') || 'human', [
        'human',
        'model',
      ] as const),
      state,
      value: state === 'answered' ? text('answer') : null,
      reason: state === 'abstained' ? text('reason') || null : null,
      probability: numberOf(file, record, 'probability', [0, 1]),
      comment: text('comment'),
      evidence: stepsOf(file, record.line, text('evidence')),
      form: oneOf(file, record.line, 'form', text('form') || 'find', QUESTION_FORMS),
      committedAt: text('committedAt') || null,
      id: text('id') || `${episode}:${criterion}:${rater}`,
    }
  })
}

/** Numbers of steps with spaces between. */
function stepsOf(file: RecordFile, line: number, text: string): readonly number[] {
  if (text === '') return []
  const steps = text.split(/\s+/).map(Number)
  if (steps.every((step) => Number.isInteger(step) && step >= 0)) return steps
  throw fault(file, line, `evidence is "${text}"`, 'numbers of steps from 0, with spaces between: 3 7')
}

function rowOf(record: RatingRecord): Readonly<Record<Column, string | number | null>> {
  const { line: _, value, ...rest } = record
  return {
    episode: rest.episode,
    criterion: rest.criterion,
    rater: rest.rater,
    answer: value,
    raterKind: rest.raterKind,
    state: rest.state,
    reason: rest.reason,
    probability: rest.probability,
    comment: rest.comment,
    evidence: rest.evidence.join(' '),
    form: rest.form,
    committedAt: rest.committedAt,
    id: rest.id,
  }
}

/** Always in quotes where it could be read otherwise. */
function quoted(value: string | number): string {
  const text = String(value)
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function oneOf<Value extends string>(
  file: RecordFile,
  line: number,
  column: string,
  text: string,
  values: readonly Value[],
): Value {
  const found = values.find((value) => value === text)
  if (found === undefined) throw fault(file, line, `${column} is "${text}"`, `one of: ${values.join(', ')}`)
  return found
}
