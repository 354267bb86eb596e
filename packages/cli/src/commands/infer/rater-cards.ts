/** Rater cards of a ratings file: what `--raters` writes, and the panel in words. */
import { describeDifferences } from '@leeway/core/raters/describe-differences'
import { describePanel } from '@leeway/core/raters/describe-panel'
import type { JudgedRating } from '@leeway/core/raters/judged-ratings'
import { type PanelCard, panelCard, type RatingFeature } from '@leeway/core/raters/rater-card'
import { CommandError } from '../../exit-codes.ts'
import type { RatingColumn, RatingsTable } from './ratings-table.ts'

/** Beyond these a card for everybody is more than anyone reads, and takes minutes. */
export const CARDS_MAX = { ratings: 2_000_000, raters: 2_000 }

/** A column of words becomes one feature a value, when it has at most this many. */
const VALUES_MAX = 12

export type RaterCards = { readonly panel: PanelCard; readonly words: readonly string[] }

export function cardsOf(
  table: RatingsTable,
  classes: readonly string[],
  logBeliefs: Float64Array,
  gold: Int32Array | null,
  { inOrder, confidence }: { readonly inOrder: boolean; readonly confidence: RatingColumn | null },
): RaterCards | null {
  if (table.label.length > CARDS_MAX.ratings || table.raters.length > CARDS_MAX.raters) return null
  const ratings: JudgedRating[] = []
  const stated = confidence === null ? null : confidencesOf(table.path, confidence)
  const place = new Map(classes.map((name, at) => [name, at]))
  for (let row = 0; row < table.label.length; row++)
    ratings.push({
      row,
      item: table.item[row] as number,
      rater: table.rater[row] as number,
      label: place.get(table.classes[table.label[row] as number] as string) ?? 0,
      confidence: stated === null ? null : (stated[confidence?.value[row] as number] ?? null),
    })
  const judged = {
    classes,
    raters: table.raters,
    ratings,
    belief: logBeliefs.map(Math.exp),
    gold: gold ?? new Int32Array(table.items.length).fill(-1),
  }
  const panel = panelCard(judged, { features: table.features.flatMap(featuresOf), inOrder })
  const differences = describeDifferences([judged])
  return {
    panel,
    words: [...(differences === null ? [] : [differences]), ...describePanel(panel, classes)],
  }
}

/** By value of the column: in [0, 1], null where nothing was stated. */
function confidencesOf(path: string, { column, values }: RatingColumn): readonly (number | null)[] {
  return values.map((text) => {
    if (text.trim() === '') return null
    const stated = Number(text)
    if (!(stated >= 0 && stated <= 1))
      throw new CommandError(
        `${path}: "${text}" in column ${column} is no confidence`,
        'give how sure the rater said to be as a number from 0 to 1, or leave it empty',
      )
    return stated
  })
}

/** Numbers are cut at their median; words are taken one by one. */
function featuresOf({ column, values, value }: RatingColumn): readonly RatingFeature[] {
  const idOf = ({ row }: JudgedRating) => value[row] as number
  const numbers = values.map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  if (values.length > 2 && numbers.every(Number.isFinite)) {
    const sorted = Array.from(value, (id) => numbers[id] as number).sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] as number
    return [
      {
        name: `${column} above ${median}`,
        has: (rating) => (numbers[idOf(rating)] as number) > median,
      },
    ]
  }
  if (values.length > VALUES_MAX) return []
  // Of two values one says all about the other.
  const told = values.length === 2 ? values.slice(1) : values
  return told.map((text) => ({
    name: `${column} = "${text}"`,
    has: (rating) => values[idOf(rating)] === text,
  }))
}
