/**
 * Refuses regular expressions whose cost can explode, and those that would remove nothing or everything.
 *
 * This is the early, readable refusal. It cannot find every slow pattern, so redaction also runs against a clock
 * (`time-bound.ts`).
 */
export function compilePattern(pattern: string, ignoreCase: boolean): RegExp | { readonly wrong: string } {
  let expression: RegExp
  try {
    expression = new RegExp(pattern, ignoreCase ? 'giu' : 'gu')
  } catch (error) {
    return { wrong: `it is not a regular expression: ${(error as Error).message}` }
  }
  const danger = dangerIn(pattern)
  if (danger !== null) return { wrong: danger }
  if (''.search(expression) !== -1)
    return { wrong: 'it matches the empty text; it has to need at least one character' }
  return expression
}

type Group = { repeats: boolean; alternatives: boolean }

/** Walks the source once. A group that repeats without limit and contains repetition or alternatives is refused. */
function dangerIn(pattern: string): string | null {
  const open: Group[] = [{ repeats: false, alternatives: false }]
  let closed: Group | null = null
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    const repeat = repetitionAt(pattern, at)
    if (repeat !== null) {
      if (
        closed !== null &&
        repeat.times > 1 &&
        (closed.repeats || (closed.alternatives && repeat.unlimited))
      )
        return 'it repeats a group that itself repeats or has alternatives; such a pattern can take for ever. Repeat a character class instead, such as [a-z0-9]+'
      if (repeat.unlimited) open.at(-1)!.repeats = true
      at += repeat.length - 1
      closed = null
      continue
    }
    closed = null
    if (char === '\\') {
      if (/[1-9k]/.test(pattern[at + 1] ?? ''))
        return 'it refers back to a group, which cannot be matched in bounded time'
      at += 1
    } else if (char === '[') {
      while (++at < pattern.length && pattern[at] !== ']') if (pattern[at] === '\\') at += 1
    } else if (char === '(') open.push({ repeats: false, alternatives: false })
    else if (char === '|') open.at(-1)!.alternatives = true
    else if (char === ')') {
      closed = open.pop() ?? null
      // A repetition inside an inner group also is inside the outer one.
      const outer = open.at(-1)
      if (closed !== null && outer !== undefined) outer.repeats ||= closed.repeats
    }
  }
  return null
}

function repetitionAt(
  pattern: string,
  at: number,
): { readonly length: number; readonly unlimited: boolean; readonly times: number } | null {
  const found = /^(?:([*+])|(\?)|\{(\d+)(?:(,)(\d*))?\})\??/.exec(pattern.slice(at, at + 24))
  if (found === null) return null
  // The ? of (?: (?= (?< stands behind an opening parenthesis and repeats nothing.
  if (found[2] !== undefined && pattern[at - 1] === '(') return { length: 1, unlimited: false, times: 1 }
  const [all, star, once, least, comma, most] = found
  const unlimited = star !== undefined || (comma !== undefined && most === '')
  const times = unlimited ? Number.POSITIVE_INFINITY : once !== undefined ? 1 : Number(most || least)
  return { length: all.length, unlimited: unlimited || times > 100, times }
}
