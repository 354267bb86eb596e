import type { Json } from './episode.ts'
import { storableText } from './json-text.ts'
import type { RecordProblem } from './record-problem.ts'

/** Longest name or key of a task, user, session, tool or source id, in characters. */
const KEY_CHARS_MAX = 1_000

/** Text or a whole number as text; absent, null and '' are null. */
export function readKey(value: Json | undefined, field: string, problems: RecordProblem[]): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string' && value.length <= KEY_CHARS_MAX) return storableText(value)
  problems.push({
    field,
    reason: typeof value === 'string' ? `${field} has ${value.length} characters.` : `${field} is not text.`,
    expected: `Text of at most ${KEY_CHARS_MAX} characters, or a number.`,
    fix: 'Write a short, stable name.',
  })
  return null
}

export function readText(value: Json | undefined, field: string, problems: RecordProblem[]): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return storableText(value)
  problems.push({ field, reason: `${field} is not text.`, expected: 'Text.', fix: 'Write it as one string.' })
  return null
}

export function readNumber(
  value: Json | undefined,
  field: string,
  problems: RecordProblem[],
  least: number,
): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value + 0
  problems.push({
    field,
    reason: `${field} is not a number from ${least}.`,
    expected: `A finite number, at least ${least}, or null.`,
    fix: 'Write null for what is not known.',
  })
  return null
}

export function readWhole(
  value: Json | undefined,
  field: string,
  problems: RecordProblem[],
  least: number,
): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 2_147_483_647)
    return value + 0
  problems.push({
    field,
    reason: `${field} is not a whole number from ${least}.`,
    expected: `A whole number from ${least} to 2147483647, or null.`,
    fix: 'Write null for what is not known.',
  })
  return null
}

const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** ISO 8601 in; UTC with milliseconds out. A time without zone is taken as UTC, finer digits are cut off. */
export function readTime(value: Json | undefined, field: string, problems: RecordProblem[]): string | null {
  if (value === undefined || value === null || value === '') return null
  const parts = typeof value === 'string' ? ISO_TIME.exec(value) : null
  if (parts !== null) {
    const [, date, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = parts
    const utc = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
    const ms = Date.parse(`${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${utc}`)
    const time = Number.isNaN(ms) ? null : new Date(ms).toISOString()
    // A year outside 0000 to 9999 gets a sign and six digits, which no database column of ours takes.
    if (time !== null && time.length === 24) return time
  }
  problems.push({
    field,
    reason: `${field} is not a time: ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value}.`,
    expected: 'ISO 8601, such as 2026-01-31T09:30:00.000Z.',
    fix: 'Write the time in that form, or leave it out.',
  })
  return null
}
