/** Writes what `leeway infer` found as CSV files. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { raterAccuracy } from '@leeway/core/inference/rater-accuracy'
import type { RatingIndex } from '@leeway/core/inference/rating-index'
import { describeRater } from '@leeway/core/raters/describe-panel'
import type { PanelCard } from '@leeway/core/raters/rater-card'
import { CommandError } from '../../exit-codes.ts'

/** Beliefs this near are a tie: sums of the same numbers in another order differ by less. */
const TIE = 1e-9
const LINES_AT_ONCE = 10_000

/** task, the likeliest class (the first of them in a tie) and its probability, then the probability of every class. */
export function writeBeliefs(
  path: string,
  items: readonly string[],
  classes: readonly string[],
  logBeliefs: Float64Array,
): void {
  const head = ['task', 'estimate', 'probability', ...classes.map((name) => `p_${name}`)]
  writeRows(path, head, items.length, (row) => {
    const logs = logBeliefs.subarray(row * classes.length, (row + 1) * classes.length)
    let best = 0
    for (let k = 1; k < logs.length; k++) if ((logs[k] as number) > (logs[best] as number) + TIE) best = k
    const shares = Array.from(logs, (log) => Math.exp(log).toFixed(6))
    return [items[row] as string, classes[best] as string, shares[best] as string, ...shares]
  })
}

export function writeNumbers(
  path: string,
  items: readonly string[],
  estimates: readonly (number | null)[],
): void {
  writeRows(path, ['task', 'estimate'], items.length, (row) => [
    items[row] as string,
    estimates[row] === null ? '' : String(estimates[row]),
  ])
}

/** With a card: accuracy with its 95 % interval, spammer score, stated minus deserved confidence, and what there is to say. */
export function writeRaters(
  path: string,
  raters: readonly string[],
  index: RatingIndex,
  logBeliefs: Float64Array,
  panel: PanelCard | null,
  classes: readonly string[],
): void {
  if (panel !== null) {
    const head = ['worker', 'labels', 'accuracy', 'low', 'high', 'spammer_score', 'confidence_gap', 'says']
    writeRows(path, head, raters.length, (row) => {
      const card = panel.raters[row] as PanelCard['raters'][number]
      const { ratings, accuracy, accuracyInterval, spammerScore } = card.skill
      return [
        card.rater,
        String(ratings),
        ...[accuracy, accuracyInterval.low, accuracyInterval.high].map((value) => value.toFixed(6)),
        spammerScore === null ? '' : spammerScore.toFixed(6),
        card.confidence.kind === 'insufficient' ? '' : card.confidence.gap.value.toFixed(6),
        describeRater(card, classes).join(' '),
      ]
    })
    return
  }
  const { ratings, accuracy } = raterAccuracy(index, logBeliefs)
  writeRows(path, ['worker', 'labels', 'accuracy'], raters.length, (row) => [
    raters[row] as string,
    String(ratings[row]),
    (accuracy[row] as number).toFixed(6),
  ])
}

function writeRows(
  path: string,
  head: readonly string[],
  count: number,
  row: (at: number) => readonly string[],
): void {
  let file: number
  try {
    file = openSync(path, 'w')
  } catch (error) {
    throw new CommandError(`${path}: ${(error as Error).message}`, 'give a path that can be written')
  }
  try {
    let lines = [head.map(quoted).join(',')]
    for (let at = 0; at < count; at++) {
      lines.push(row(at).map(quoted).join(','))
      if (lines.length === LINES_AT_ONCE) {
        writeSync(file, `${lines.join('\n')}\n`)
        lines = []
      }
    }
    if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`)
  } finally {
    closeSync(file)
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
