/**
 * A comparisons file: left, right, winner [, rater] [, unit], and covariates.
 *
 * Winner      `left`, `right`, `tie` (also `both`, `draw`), the name of one of the two, or 1, 0, 0.5 for the left.
 * Features    a pair of columns such as `length_left` and `length_right` (or `left_length`, `right_length`) is one
 *             covariate: (left - right) / (left + right + 1) where neither is ever below 0, else left - right. Any other
 *             column whose every value is a number is a covariate as it stands (left minus right). Each is divided by
 *             its standard deviation. Other columns are kept out of the model.
 */
import type { Comparison } from '@leeway/core/pairwise/comparison'
import { type FileRecord, fault, type RecordFile, readRecordFile } from '../../records/record-file.ts'
import { requireColumn, requireText, textOf } from '../../records/record-value.ts'

export type ComparisonsFile = {
  readonly comparisons: readonly Comparison[]
  readonly features: readonly Feature[]
  /** Columns that no part of the model reads. */
  readonly unread: readonly string[]
}

export type Feature = {
  readonly name: string
  /** One unit of its effect in units of the file. */
  readonly standardDeviation: number
}

type Covariate = Feature & { readonly values: readonly number[] }

/** `wanted`: names of the features to read, `all` numeric ones, or none. */
export async function readComparisonsFile(
  path: string,
  wanted: readonly string[] | 'all',
): Promise<ComparisonsFile> {
  const file = await readRecordFile(path)
  const left = requireColumn(file, ['left', 'model_a'])
  const right = requireColumn(file, ['right', 'model_b'])
  const winner = requireColumn(file, ['winner'])
  const rater = ['rater', 'judge', 'worker'].find((name) => file.columns.includes(name))
  const unit = file.columns.includes('unit') ? 'unit' : undefined
  const others = file.columns.filter((column) => ![left, right, winner, rater, unit].includes(column))
  const covariates =
    wanted === 'all' ? numericCovariates(file, others) : wanted.map((name) => covariate(file, others, name))
  const comparisons = file.records.map((record, at): Comparison => {
    const names = { left: requireText(file, record, left), right: requireText(file, record, right) }
    if (names.left === names.right)
      throw fault(file, record.line, `"${names.left}" is compared with itself`, 'name two different players')
    return {
      ...names,
      outcome: outcomeOf(file, record, requireText(file, record, winner), names),
      rater: rater === undefined ? null : textOf(file, record, rater) || null,
      unit: unit === undefined ? null : textOf(file, record, unit) || null,
      features: covariates.map(({ values }) => values[at] as number),
    }
  })
  const used = new Set(covariates.flatMap(({ name }) => [name, ...pairOf(name, others)]))
  return {
    comparisons,
    features: covariates.map(({ name, standardDeviation }) => ({ name, standardDeviation })),
    unread: others.filter((column) => !used.has(column)),
  }
}

function outcomeOf(
  file: RecordFile,
  record: FileRecord,
  winner: string,
  names: { readonly left: string; readonly right: string },
): 0 | 0.5 | 1 {
  // A player may be called "left": the names come first, and then only when they do not contradict the words.
  if (winner === names.left && winner !== 'right') return 1
  if (winner === names.right && winner !== 'left') return 0
  const word = winner.toLowerCase()
  if (['left', '1', 'model_a'].includes(word)) return 1
  if (['right', '0', 'model_b'].includes(word)) return 0
  if (['tie', 'both', 'draw', '0.5', 'tie (bothbad)'].includes(word)) return 0.5
  throw fault(
    file,
    record.line,
    `winner is "${winner}"`,
    'write left, right, tie, or the name of one of the two',
  )
}

function numericCovariates(file: RecordFile, others: readonly string[]): readonly Covariate[] {
  const names = new Set(others.map((column) => baseName(column, others) ?? column))
  return [...names].flatMap((name): readonly Covariate[] => {
    const columns = pairOf(name, others)
    const numeric = (columns.length > 0 ? columns : [name]).every((column) =>
      file.records.every((record) => {
        const value = record.values[column]
        return (
          value !== null &&
          typeof value !== 'object' &&
          String(value ?? '').trim() !== '' &&
          Number.isFinite(Number(value))
        )
      }),
    )
    const found = numeric && file.records.length > 0 ? covariate(file, others, name) : null
    // A constant column (a version number, say) explains nothing; asked for by name it is an error of the fit instead.
    return found !== null && found.standardDeviation > 0 ? [found] : []
  })
}

function covariate(file: RecordFile, others: readonly string[], name: string): Covariate {
  const [leftColumn, rightColumn] = pairOf(name, others)
  if (leftColumn === undefined && !others.includes(name))
    throw fault(
      file,
      1,
      `there is no feature "${name}"`,
      `columns that may be features: ${others.join(', ') || 'none'}`,
    )
  const read = (column: string): number[] =>
    file.records.map((record) => {
      const value = Number(textOf(file, record, column) || Number.NaN)
      if (!(Math.abs(value) < 1e100))
        throw fault(
          file,
          record.line,
          `${column} is "${textOf(file, record, column)}"`,
          'a feature is a number in every row',
        )
      return value
    })
  const raw =
    leftColumn === undefined || rightColumn === undefined
      ? read(name)
      : differences(read(leftColumn), read(rightColumn))
  const mean = raw.reduce((sum, value) => sum + value / raw.length, 0)
  const standardDeviation = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2 / raw.length, 0))
  return {
    name,
    standardDeviation,
    values: standardDeviation > 0 ? raw.map((value) => value / standardDeviation) : raw,
  }
}

function differences(left: readonly number[], right: readonly number[]): readonly number[] {
  const relative = left.every((value) => value >= 0) && right.every((value) => value >= 0)
  return left.map((value, at) => {
    const other = right[at] as number
    return relative ? (value - other) / (value + other + 1) : value - other
  })
}

/** The two columns of a feature measured on both sides, or none. */
function pairOf(name: string, columns: readonly string[]): readonly string[] {
  const forms = [
    [`${name}_left`, `${name}_right`],
    [`left_${name}`, `right_${name}`],
    [`${name}_a`, `${name}_b`],
  ]
  return forms.find((pair) => pair.every((column) => columns.includes(column))) ?? []
}

function baseName(column: string, columns: readonly string[]): string | null {
  const match = /^(?:(.+)_(?:left|right|a|b)|(?:left|right)_(.+))$/.exec(column)
  const name = match?.[1] ?? match?.[2]
  return name !== undefined && pairOf(name, columns).includes(column) ? name : null
}
