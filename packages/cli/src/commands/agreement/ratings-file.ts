/** A ratings file as core reads it: item, rater, rating, and a cluster where the file has one. */
import type { ItemRating } from '@leeway/core/agreement/rating-table'
import { fault, readRecordFile } from '../../records/record-file.ts'
import { requireColumn, requireText, textOf } from '../../records/record-value.ts'

export type RatingsFile = { readonly ratings: readonly ItemRating[]; readonly missing: number }

export async function readRatingsFile(path: string): Promise<RatingsFile> {
  const file = await readRecordFile(path)
  const item = requireColumn(file, ['item', 'task'])
  const rater = requireColumn(file, ['rater', 'worker'])
  const rating = requireColumn(file, ['rating', 'label', 'value'])
  const clustered = file.columns.includes('cluster')
  const lines = new Map<string, number>()
  const ratings: ItemRating[] = []
  let missing = 0
  for (const record of file.records) {
    const value = textOf(file, record, rating)
    if (value === '') {
      missing += 1
      continue
    }
    const of = { item: requireText(file, record, item), rater: requireText(file, record, rater) }
    const key = JSON.stringify([of.item, of.rater])
    const earlier = lines.get(key)
    if (earlier !== undefined)
      throw fault(
        file,
        record.line,
        `rater "${of.rater}" already rated item "${of.item}" in line ${earlier}`,
        'keep one rating of an item by a rater, or make the repetition part of the rater, for example "anna, second time"',
      )
    lines.set(key, record.line)
    const cluster = clustered ? textOf(file, record, 'cluster') : ''
    ratings.push({ ...of, value, cluster: cluster === '' ? null : cluster })
  }
  return { ratings, missing }
}
