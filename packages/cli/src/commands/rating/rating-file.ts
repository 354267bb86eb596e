/** Reads and writes ratings in the formats that people have them in. The content says which one a file is. */
import { CommandError } from '../../exit-codes.ts'
import { readText } from '../../records/record-file.ts'
import { readArgilla, writeArgilla } from './argilla.ts'
import { readFlatRatings, writeCsv, writeJsonLines } from './flat-ratings.ts'
import { jsonElements } from './json-elements.ts'
import { readLabelStudio, writeLabelStudio } from './label-studio.ts'
import type { RatingRecord } from './rating-record.ts'

export const RATING_FORMATS = ['csv', 'jsonl', 'label-studio', 'argilla'] as const
export type RatingFormat = (typeof RATING_FORMATS)[number]

export function writeRatings(records: readonly RatingRecord[], format: RatingFormat): string {
  switch (format) {
    case 'csv':
      return writeCsv(records)
    case 'jsonl':
      return writeJsonLines(records)
    case 'label-studio':
      return writeLabelStudio(records)
    case 'argilla':
      return writeArgilla(records)
  }
}

/** Throws CommandError with file and line. */
export async function readRatingFile(path: string): Promise<readonly RatingRecord[]> {
  const text = await readText(path, path)
  const start = text.trimStart()
  if (!start.startsWith('[') && !start.startsWith('{')) return readFlatRatings(path)
  const elements = jsonElements(path, text)
  const [first] = elements
  if (first === undefined) throw new CommandError(`${path}: holds no rating`, 'give a file with at least one')
  const keys = typeof first.value === 'object' && first.value !== null ? Object.keys(first.value) : []
  if (keys.includes('annotations') || keys.includes('predictions')) return readLabelStudio({ path }, elements)
  if (keys.includes('responses') || keys.includes('suggestions')) return readArgilla({ path }, elements)
  if (start.startsWith('{')) return readFlatRatings(path)
  throw new CommandError(
    `${path}:${first.line}: neither a task of Label Studio nor a record of Argilla (it holds: ${keys.slice(0, 8).join(', ')})`,
    'docs/guide/rating-files.md shows the formats',
  )
}
