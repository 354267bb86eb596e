/** Reads the fields of one object in a rubric document; each mistake is said with its path and a fix. */
import type { YamlPath } from './yaml-document.ts'

export type SayProblem = (path: YamlPath, problem: string, fix: string) => void

/** Every method says what is wrong and gives null when the field is missing or of the wrong shape. */
export type FieldReader = {
  readonly path: YamlPath
  readonly has: (field: string) => boolean
  readonly raw: (field: string) => unknown
  readonly text: (
    field: string,
    limits: { readonly lengthMax: number; readonly empty?: boolean },
  ) => string | null
  readonly texts: (
    field: string,
    limits: { readonly countMax: number; readonly lengthMax: number },
  ) => readonly string[] | null
  readonly number: (field: string, limits: NumberLimits) => number | null
  /** A missing field is null and no problem. */
  readonly optionalNumber: (field: string, limits: NumberLimits) => number | null
  readonly truth: (field: string) => boolean | null
  readonly choice: <Choice extends string>(field: string, among: readonly Choice[]) => Choice | null
  readonly choices: <Choice extends string>(
    field: string,
    among: readonly Choice[],
  ) => readonly Choice[] | null
}

type NumberLimits = { readonly min?: number; readonly max?: number; readonly whole?: boolean }

/** Null when `value` is no object. A field outside `allowed` is an error that names the nearest one. */
export function readFields(
  value: unknown,
  path: YamlPath,
  allowed: readonly string[],
  say: SayProblem,
  fix?: string,
): FieldReader | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    say(
      path,
      `expected an object with ${listed(allowed)}, found ${nameOf(value)}`,
      fix ?? `write fields such as ${allowed[0]}: …`,
    )
    return null
  }
  const fields = new Map(Object.entries(value))
  for (const field of fields.keys()) {
    if (allowed.includes(field)) continue
    const near = nearest(field, allowed)
    say(
      [...path, field],
      `unknown field "${field.slice(0, 60)}"`,
      near === null ? `the fields are ${listed(allowed)}` : `did you mean ${near}?`,
    )
  }
  return reader(fields, path, say)
}

function reader(fields: ReadonlyMap<string, unknown>, path: YamlPath, say: SayProblem): FieldReader {
  const wrong = (field: string, problem: string, fix: string): null => {
    if (fields.has(field)) say([...path, field], problem, fix)
    else say(path, `${field} is missing`, fix)
    return null
  }
  const choice = <Choice extends string>(field: string, among: readonly Choice[]): Choice | null => {
    const value = fields.get(field)
    const found = among.find((one) => one === value)
    if (found !== undefined) return found
    const near = typeof value === 'string' ? nearest(value, among) : null
    return wrong(
      field,
      `${field} is ${nameOf(value)}; it must be ${either(among)}`,
      near === null ? `write ${field}: ${among[0]}` : `did you mean ${near}?`,
    )
  }
  const number = (
    field: string,
    { min = -Infinity, max = Infinity, whole = false }: NumberLimits,
  ): number | null => {
    const value = fields.get(field)
    if (typeof value !== 'number' || !Number.isFinite(value))
      return wrong(field, `${field} must be a number, found ${nameOf(value)}`, `write ${field}: 1`)
    if (value < min || value > max || (whole && !Number.isInteger(value)))
      return wrong(
        field,
        `${field} is ${value}; it must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`,
        'change the number',
      )
    return value
  }
  return {
    path,
    has: (field) => fields.has(field),
    raw: (field) => fields.get(field),
    text(field, { lengthMax, empty = false }) {
      const value = fields.get(field)
      if (typeof value !== 'string')
        return wrong(field, `${field} must be text, found ${nameOf(value)}`, `write ${field}: "…" as text`)
      if (!empty && value.trim() === '') return wrong(field, `${field} is empty`, 'write it out')
      if (value.length > lengthMax)
        return wrong(
          field,
          `${field} has ${value.length} characters, at most ${lengthMax} are allowed`,
          'shorten it',
        )
      return value
    },
    texts(field, { countMax, lengthMax }) {
      const written = fields.get(field)
      const values = typeof written === 'string' ? [written] : written
      if (!Array.isArray(values))
        return wrong(
          field,
          `${field} must be a list of texts, found ${nameOf(written)}`,
          `write ${field}: [one, two]`,
        )
      if (values.length > countMax)
        return wrong(
          field,
          `${field} has ${values.length} entries, at most ${countMax} are allowed`,
          'shorten the list',
        )
      const odd = values.findIndex((one) => typeof one !== 'string' || one === '' || one.length > lengthMax)
      if (odd >= 0) {
        say(
          [...path, field, odd],
          `entry ${odd + 1} of ${field} is ${nameOf(values[odd])}; it must be text of 1 to ${lengthMax} characters`,
          'put it in quotes',
        )
        return null
      }
      return values as string[]
    },
    number,
    optionalNumber: (field, limits) => (fields.has(field) ? number(field, limits) : null),
    truth(field) {
      const value = fields.get(field)
      if (!fields.has(field) || typeof value === 'boolean') return (value as boolean | undefined) ?? null
      return wrong(field, `${field} is ${nameOf(value)}; it must be true or false`, `write ${field}: true`)
    },
    choice,
    choices(field, among) {
      const written = fields.get(field)
      const values = Array.isArray(written) ? written : [written]
      const found = values.map((value: unknown) => among.find((one) => one === value))
      const odd = found.indexOf(undefined)
      if (odd >= 0) {
        const near = typeof values[odd] === 'string' ? nearest(values[odd], among) : null
        return wrong(
          field,
          `${field} names ${nameOf(values[odd])}; it may name ${listed(among)}`,
          near === null ? `write ${field}: [${among.join(', ')}] or fewer` : `did you mean ${near}?`,
        )
      }
      return [...new Set(found)].filter((one) => one !== undefined)
    },
  }
}

const listed = (names: readonly string[]) => names.join(', ')
const either = (names: readonly string[]) =>
  names.length < 2 ? listed(names) : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'nothing (null)'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `"${value.slice(0, 60)}"` : `${String(value).slice(0, 60)}`
}

/** The name at most two edits away (or a third of its length), nearest first; null when none is. */
function nearest(written: string, among: readonly string[]): string | null {
  if (written.length > 60) return null
  const near = among
    .map((name) => ({ name, edits: editsBetween(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0]
  return near && near.edits <= Math.max(2, near.name.length / 3) ? near.name : null
}

/** Levenshtein distance. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + Number(one[i - 1] !== other[j - 1])
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
