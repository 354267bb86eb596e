/**
 * A half-written answer, kept in this browser so that a reload or a closed laptop loses nothing. It never leaves the browser and
 * counts as nothing; it is gone once the answer is saved, when its person signs out, and after thirty days.
 */
import type { Draft } from './draft.ts'

export type WrittenAnswer = {
  readonly draft: Draft
  readonly comment: string
  readonly flagged: boolean
  /** Steps that show it. */
  readonly evidence: readonly number[]
  /** How sure the rater is; null: nothing is said of it. */
  readonly probability: number | null
}
export const EMPTY_ANSWER: WrittenAnswer = {
  draft: null,
  comment: '',
  flagged: false,
  evidence: [],
  probability: null,
}

type KeptAnswer = WrittenAnswer & {
  /** When the person first saw the question: time spent before a reload counts. */
  readonly startedAt: string
  /** The own answer that it would correct; null before the first. */
  readonly corrects: string | null
}

const PREFIX = 'leeway-answer '
const KEPT_MS = 30 * 86_400_000

/** `person`: their e-mail. Others who use the browser are not shown it. */
export const placeOf = (person: string, assignmentId: string): string => `${PREFIX}${person} ${assignmentId}`

/** Null where there is none, or the answer that it would correct has changed meanwhile. */
export function readKept(place: string, corrects: string | null): KeptAnswer | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as KeptAnswer | null
    // What was kept before a field came has none of it.
    return kept !== null && kept.corrects === corrects && isRecent(kept) ? { ...EMPTY_ANSWER, ...kept } : null
  } catch {
    // A browser that keeps nothing, or something else under our name.
    return null
  }
}

export function keep(place: string, answer: KeptAnswer): void {
  try {
    localStorage.setItem(place, JSON.stringify(answer))
  } catch {
    // A browser that keeps nothing: the answer is on the page still.
  }
}

export function dropKept(place: string): void {
  try {
    localStorage.removeItem(place)
  } catch {
    // Then nothing was kept either.
  }
}

/** On signing out, all of this browser. */
export function dropAllKept(): void {
  try {
    for (const place of Object.keys(localStorage))
      if (place.startsWith(PREFIX)) localStorage.removeItem(place)
  } catch {
    // Then nothing was kept either.
  }
}

const isRecent = ({ startedAt }: KeptAnswer) => Date.now() - Date.parse(startedAt) < KEPT_MS
