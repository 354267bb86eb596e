/** Real sets of ratings: a folder with labels.csv (task,worker,label) and truth.csv (task,truth), both without quotes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RatingIndex, ratingIndex } from '@leeway/core/inference/rating-index'

export type RealSet = {
  readonly name: string
  readonly index: RatingIndex
  /** Class by item, -1 where the truth is not known or no rater ever gave it. */
  readonly truth: Int32Array
}

export function readRealSets(folder: string): readonly RealSet[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'truth.csv')) && name !== 'n_Emotion')
    .map((name) => readRealSet(join(folder, name), name))
}

function readRealSet(folder: string, name: string): RealSet {
  const rows = csvRows(join(folder, 'labels.csv'))
  const truths = csvRows(join(folder, 'truth.csv'))
  const classes = numbered(
    [...new Set([...rows.map((row) => row[2]), ...truths.map((row) => row[1])])].sort(byNumber),
  )
  const items = numbered([...new Set(rows.map((row) => row[0]))])
  const raters = numbered([...new Set(rows.map((row) => row[1]))])
  const truth = new Int32Array(items.size).fill(-1)
  for (const [task, value] of truths) truth[items.get(task) ?? -1] = classes.get(value) ?? -1
  return {
    name,
    truth,
    index: ratingIndex({
      items: items.size,
      raters: raters.size,
      classes: classes.size,
      item: Int32Array.from(rows, (row) => items.get(row[0]) as number),
      rater: Int32Array.from(rows, (row) => raters.get(row[1]) as number),
      label: Int32Array.from(rows, (row) => classes.get(row[2]) as number),
    }),
  }
}

function csvRows(path: string): readonly (readonly (string | undefined)[])[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(','))
}

function numbered(names: readonly (string | undefined)[]): ReadonlyMap<string | undefined, number> {
  return new Map(names.map((name, at) => [name, at]))
}

function byNumber(a: string | undefined, b: string | undefined): number {
  return Number(a) - Number(b)
}
