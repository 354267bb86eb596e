import type { Json } from './episode.ts'
import { type RecordProblem, type Refused, refused } from './record-problem.ts'

/** Deeper nesting than any real trace has; everything that walks a record may recurse this far safely. */
export const JSON_DEPTH_MAX = 200

/**
 * Parses the text of one record. Never throws.
 *
 * Refuses what JSON does not allow (with the path, line and column where it goes wrong, so `NaN` in a field names
 * that field), numbers too large for a double, and nesting over `JSON_DEPTH_MAX`. U+0000 and half surrogate pairs,
 * which no database text can hold, become U+FFFD.
 */
export function parseJsonText(text: string): { readonly ok: true; readonly value: Json } | Refused {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    return refused(syntaxProblem(text, error))
  }
  const problem = inspectJson(value)
  if (problem !== null) return refused(problem)
  return { ok: true, value: UNSTORABLE_ESCAPE.test(text) ? storable(value) : value }
}

// Both can only have come through an escape: the text itself was valid UTF-8 without control characters.
const UNSTORABLE_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export function storableText(text: string): string {
  // Most names are short and plain: one cheap look at them instead of the pattern.
  return PLAIN.test(text) ? text : text.replace(UNSTORABLE, '\ufffd')
}

const PLAIN = /^[\x20-\ud7ff]*$/

/** Recurses: only for values whose depth was checked. */
function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(storable)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]),
  )
}

/** Depth and finite numbers; recursion stops at the depth limit, so it cannot overflow the stack. */
export function inspectJson(value: Json, depth = 0): RecordProblem | null {
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? null
      : {
          field: '',
          reason: 'The number is too large.',
          expected: 'A number a double can hold.',
          fix: 'Write the number as text, or leave it out.',
        }
  }
  if (value === null || typeof value !== 'object') return null
  if (depth >= JSON_DEPTH_MAX) {
    return {
      field: '',
      reason: `The record is nested more than ${JSON_DEPTH_MAX} levels deep.`,
      expected: `At most ${JSON_DEPTH_MAX} levels.`,
      fix: 'Write the deep part as text.',
    }
  }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const member = value[at] as Json
      if (typeof member === 'string') continue
      const problem = inspectJson(member, depth + 1)
      if (problem !== null) return { ...problem, field: joinPath(`[${at}]`, problem.field ?? '') }
    }
    return null
  }
  for (const key in value) {
    const member = (value as { [key: string]: Json })[key] as Json
    if (typeof member === 'string') continue
    const problem = inspectJson(member, depth + 1)
    if (problem !== null) return { ...problem, field: joinPath(shortKey(key), problem.field ?? '') }
  }
  return null
}

/** `a` + `[0].b` is `a[0].b`; `a` + `b` is `a.b`; an empty side is left out. */
export function joinPath(head: string, tail: string): string {
  if (head === '' || tail === '') return head + tail
  return tail.startsWith('[') ? head + tail : `${head}.${tail}`
}

/** Keys are text of the file: a long one is cut before it goes into a message. */
export function shortKey(key: string): string {
  return key.length > 60 ? `${key.slice(0, 59)}…` : key
}

/** Text that holds a JSON object or array becomes that (traces wrap JSON in JSON); anything else stays as it is. */
export function unwrapJson(value: Json): Json {
  if (typeof value !== 'string') return value
  const first = value.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"') return value
  const parsed = parseJsonText(value)
  return parsed.ok ? parsed.value : value
}

function syntaxProblem(text: string, error: unknown): RecordProblem {
  const place = locateSyntaxError(text)
  if (place === null) {
    // The engine refused what the scanner below accepts; say what the engine said.
    const reason = error instanceof Error ? error.message : 'The text is not JSON.'
    return { field: null, reason: clip(reason), expected: 'Valid JSON.', fix: 'Correct the record.' }
  }
  const before = text.slice(0, place.offset)
  const lines = before.split('\n').length
  const column = place.offset - before.lastIndexOf('\n')
  const rest = text.slice(place.offset)
  const word = /^-?[A-Za-z][A-Za-z0-9]{0,20}/.exec(rest)?.[0]
  const found = rest === '' ? 'the text ends' : `found ${word ?? clip(JSON.stringify(rest.slice(0, 1)))}`
  const notANumber = word !== undefined && /^-?(NaN|Infinity|inf|nan)$/.test(word)
  return {
    field: place.path === '' ? null : place.path,
    reason: `Not valid JSON: ${found} at column ${column}${lines > 1 ? ` of line ${lines} of the record` : ''}.`,
    expected: notANumber ? 'A finite number or null: JSON has no NaN or Infinity.' : place.expected,
    fix: notANumber
      ? 'Write null for what was not measured.'
      : rest === ''
        ? 'The record was cut off: write it again.'
        : 'Correct the text at that place, or write the file again with a JSON library.',
  }
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

type SyntaxPlace = { readonly offset: number; readonly path: string; readonly expected: string }

/** First place where `text` stops being JSON, or null when it is JSON. Slow path: runs only on broken records. */
function locateSyntaxError(text: string): SyntaxPlace | null {
  let at = 0
  const blank = /[ \t\r\n]*/y
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
  const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
  const skip = () => {
    blank.lastIndex = at
    blank.test(text)
    at = blank.lastIndex
  }
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  /** Leaves `at` behind the closing quote, or at the character that may not be there. */
  const string = (): boolean => {
    if (text[at] !== '"') return false
    at++
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code === 34) {
        at++
        return true
      }
      if (code < 32) return false
      if (code !== 92) at++
      else if (!match(escaped)) return false
    }
    return false
  }
  const broken = (path: string, expected: string): SyntaxPlace => ({ offset: at, path, expected })

  function value(path: string, depth: number): SyntaxPlace | null {
    skip()
    const first = text[at]
    if (depth > JSON_DEPTH_MAX) return broken(path, `At most ${JSON_DEPTH_MAX} levels of nesting.`)
    if (first === '{' || first === '[') return container(path, depth, first === '{')
    if (first === '"') return string() ? null : broken(path, 'A closed string with valid escapes.')
    for (const word of ['true', 'false', 'null']) {
      if (text.startsWith(word, at)) {
        at += word.length
        return null
      }
    }
    return match(number) ? null : broken(path, 'A JSON value.')
  }

  function container(path: string, depth: number, isObject: boolean): SyntaxPlace | null {
    const close = isObject ? '}' : ']'
    at++
    skip()
    if (text[at] === close) {
      at++
      return null
    }
    for (let count = 0; ; count++) {
      let key = `[${count}]`
      if (isObject) {
        skip()
        const quote = at
        if (!string()) return broken(path, 'A key in double quotes.')
        key = JSON.parse(text.slice(quote, at)) as string
        skip()
        if (text[at] !== ':') return broken(path, 'A colon after the key.')
        at++
      }
      const problem = value(joinPath(path, shortKey(key)), depth + 1)
      if (problem !== null) return problem
      skip()
      const mark = text[at]
      if (mark === close) {
        at++
        return null
      }
      if (mark !== ',') return broken(path, `A comma or ${close}.`)
      at++
    }
  }

  const problem = value('', 0)
  if (problem !== null) return problem
  skip()
  return at < text.length ? broken('', 'Nothing after the end of the record.') : null
}
