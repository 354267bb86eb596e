import type { Json } from '../episode.ts'
import { asObject, type JsonObject, member } from '../json-field.ts'

export type InspectOutcome = {
  readonly success: number | null
  /** Why there is no success although there are scores; null otherwise. */
  readonly note: string | null
}

/** Inspect's own letters for correct, partial, incorrect and no answer, with the values its metrics give them. */
const LETTERS: ReadonlyMap<Json, number> = new Map<Json, number>([
  ['C', 1],
  ['P', 0.5],
  ['I', 0],
  ['N', 0],
])

/**
 * The outcome of a sample from its scores: the value on which all scorers agree that measure it.
 *
 * A scorer that asked a model (`model_graded_*`, or a score that carries the grading conversation) gives an opinion,
 * not an outcome. Values that are no number from 0 to 1, no true/false and none of Inspect's letters say nothing
 * about success. Scorers that disagree leave it open: choosing one would be a guess.
 */
export function inspectOutcome(sample: JsonObject): InspectOutcome {
  const scores = asObject(member(sample, 'scores'))
  const values = new Set<number>()
  let opinions = 0
  let others = 0
  for (const [name, score] of Object.entries(scores ?? {})) {
    const value = scoreValue(member(asObject(score), 'value'))
    if (isOpinion(name, score)) opinions++
    else if (value === null) others++
    else values.add(value)
  }
  if (isGiven(member(sample, 'invalidation')))
    return { success: null, note: 'The sample was invalidated, so its scores are not its outcome.' }
  if (values.size > 1)
    return { success: null, note: 'The scorers disagree, so none of them is taken as the outcome.' }
  const [success] = values
  if (success !== undefined) return { success, note: null }
  if (opinions > 0) return { success: null, note: 'The scores are opinions of a model, not an outcome.' }
  return {
    success: null,
    note: others > 0 ? 'No score is a number from 0 to 1, true/false, or C, P, I or N.' : null,
  }
}

function scoreValue(value: Json | undefined): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value + 0 : null
  return LETTERS.get(value ?? null) ?? null
}

function isOpinion(name: string, score: Json): boolean {
  const bare = name.slice(name.lastIndexOf('/') + 1)
  return (
    bare.startsWith('model_graded') ||
    isGiven(member(asObject(member(asObject(score), 'metadata')), 'grading'))
  )
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}
