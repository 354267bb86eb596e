import type { Json } from '../episode.ts'
import { JSON_DEPTH_MAX } from '../json-text.ts'

/**
 * Reads what Python prints for a dict or list (`{'a': None, 'b': (1, True)}`), because agent frameworks often record
 * tool arguments as `str(arguments)`. Dicts need text keys; tuples become lists.
 *
 * @returns undefined for anything else, including calls and names: nothing is evaluated
 */
export function parsePythonLiteral(text: string): Json | undefined {
  let at = 0
  const blank = /\s*/y
  const number = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.])/y
  const word = /(?:None|True|False)(?!\w)/y

  const skip = () => {
    blank.lastIndex = at
    blank.test(text)
    at = blank.lastIndex
  }
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const take = (mark: string): boolean => {
    skip()
    if (text[at] !== mark) return false
    at++
    return true
  }

  function quoted(): string | undefined {
    const quote = text[at]
    if (quote !== "'" && quote !== '"') return undefined
    let out = ''
    for (at++; at < text.length; at++) {
      const letter = text[at]!
      if (letter === quote) {
        at++
        return out
      }
      if (letter === '\n') return undefined
      out += letter === '\\' ? escaped() : letter
    }
    return undefined
  }

  /** `at` is on the backslash; ends on the last character of the escape. */
  function escaped(): string {
    const letter = text[++at] ?? ''
    const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
    const hex = text.slice(at + 1, at + 1 + digits)
    if (digits > 0 && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
      const code = Number.parseInt(hex, 16)
      at += digits
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    }
    const plain = PLAIN_ESCAPES[letter]
    return plain ?? `\\${letter}`
  }

  function value(depth: number): Json | undefined {
    skip()
    const first = text[at]
    if (depth > JSON_DEPTH_MAX || first === undefined) return undefined
    if (first === '{') return dict(depth)
    if (first === '[' || first === '(') return list(depth, first === '[' ? ']' : ')')
    if (first === "'" || first === '"') return quoted()
    const name = match(word)
    if (name !== undefined) return name === 'None' ? null : name === 'True'
    const digits = match(number)
    const parsed = digits === undefined ? Number.NaN : Number(digits)
    return Number.isFinite(parsed) ? parsed : undefined
  }

  function list(depth: number, close: string): Json | undefined {
    at++
    const out: Json[] = []
    while (!take(close)) {
      if (out.length > 0 && !take(',')) return undefined
      if (out.length > 0 && take(close)) return out
      const entry = value(depth + 1)
      if (entry === undefined) return undefined
      out.push(entry)
    }
    return out
  }

  function dict(depth: number): Json | undefined {
    at++
    const out: [string, Json][] = []
    while (!take('}')) {
      if (out.length > 0 && !take(',')) return undefined
      if (out.length > 0 && take('}')) break
      skip()
      const key = quoted()
      if (key === undefined || !take(':')) return undefined
      const entry = value(depth + 1)
      if (entry === undefined) return undefined
      out.push([key, entry])
    }
    return Object.fromEntries(out)
  }

  skip()
  if (text[at] !== '{' && text[at] !== '[') return undefined
  const parsed = value(0)
  skip()
  return at === text.length ? parsed : undefined
}

const PLAIN_ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
}
