/** The ratings, gold and truth files of `leeway infer`, as columns of numbers with names. */
import { CommandError } from '../../exit-codes.ts'
import { type ColumnTable, readColumnTable, type TableColumn } from '../../tables/column-table.ts'

export type RatingsTable = {
  readonly path: string
  readonly items: readonly string[]
  readonly raters: readonly string[]
  /** Sorted: numbers by size, words by code point. The empty label (an abstention) is none of them. */
  readonly classes: readonly string[]
  readonly item: Int32Array
  readonly rater: Int32Array
  /** Index into `classes`. */
  readonly label: Int32Array
  readonly abstentions: number
  /** Of each column asked for, what each rating has in it. */
  readonly features: readonly RatingColumn[]
  /** How sure the rater said to be, as written; null where no column was named. */
  readonly confidence: RatingColumn | null
}

export type RatingColumn = {
  readonly column: string
  readonly values: readonly string[]
  /** Index into `values`, a rating each. */
  readonly value: Int32Array
}

const ITEM = ['task', 'item']
const RATER = ['worker', 'rater']
const LABEL = ['label', 'rating']

export async function readRatings(
  path: string,
  wanted: { readonly feature?: readonly string[]; readonly confidence?: string } = {},
): Promise<RatingsTable> {
  const { feature = [], confidence } = wanted
  const more = [...feature, ...(confidence === undefined ? [] : [confidence])]
  const table = await readColumnTable(path, [ITEM, RATER, LABEL, ...more.map((name) => [name])])
  const [item, rater, label] = table.columns as readonly [TableColumn, TableColumn, TableColumn]
  for (const [column, name] of [
    [item, 'item'],
    [rater, 'rater'],
  ] as const)
    if (column.names.includes(''))
      throw new CommandError(`${table.path}: a row has no ${name}`, 'fill it in, or leave the row out')
  const empty = label.names.indexOf('')
  const classes = sortLabels(label.names.filter((name) => name !== ''))
  const rank = new Map(classes.map((name, at) => [name, at]))
  const place = Int32Array.from(label.names, (name) => rank.get(name) ?? -1)
  const kept = empty === -1 ? null : rowsWithout(label.ids, empty)
  const pick = (ids: Int32Array) => (kept === null ? ids : kept.map((row) => ids[row] as number))
  const labels = pick(label.ids)
  for (let at = 0; at < labels.length; at++) labels[at] = place[labels[at] as number] as number
  const columns = more.map((column, at) => {
    const { names, ids } = table.columns[3 + at] as TableColumn
    return { column, values: names, value: pick(ids) }
  })
  return {
    path: table.path,
    items: item.names,
    raters: rater.names,
    classes,
    item: pick(item.ids),
    rater: pick(rater.ids),
    label: labels,
    abstentions: table.rows - labels.length,
    features: columns.slice(0, feature.length),
    confidence: columns[feature.length] ?? null,
  }
}

/** Known answers by item name. Rows without an answer are left out; two answers for one item are an error. */
export async function readAnswers(path: string): Promise<ReadonlyMap<string, string>> {
  const table: ColumnTable = await readColumnTable(path, [ITEM, ['truth', 'gold', 'label']])
  const [item, answer] = table.columns as readonly [TableColumn, TableColumn]
  const answers = new Map<string, string>()
  for (let row = 0; row < table.rows; row++) {
    const name = item.names[item.ids[row] as number] as string
    const text = answer.names[answer.ids[row] as number] as string
    if (text === '') continue
    if ((answers.get(name) ?? text) !== text)
      throw new CommandError(`${table.path}: item "${name}" has two answers`, 'keep one of them')
    answers.set(name, text)
  }
  return answers
}

export function sortLabels(names: readonly string[]): readonly string[] {
  const numeric = names.every((name) => Number.isFinite(Number(name)))
  return [...names].sort((a, b) => (numeric && Number(a) - Number(b)) || (a < b ? -1 : 1))
}

function rowsWithout(ids: Int32Array, id: number): Int32Array {
  const rows = new Int32Array(ids.length)
  let count = 0
  for (let row = 0; row < ids.length; row++) if (ids[row] !== id) rows[count++] = row
  return rows.subarray(0, count)
}
