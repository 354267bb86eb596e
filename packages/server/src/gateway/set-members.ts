/**
 * Sets members of a JSON object in its text. All else stays as it was written, to the last byte: numbers that JavaScript cannot
 * hold, the order of members, what we have never heard of.
 */

/** `text` is a JSON object (it was parsed before). A name that stands twice is set in both places. */
export function setMembers(text: string, members: Readonly<Record<string, unknown>>): string {
  const missing = new Set(Object.keys(members))
  let out = ''
  let copied = 0
  let at = text.indexOf('{') + 1
  const start = at
  let isEmpty = true
  for (;;) {
    at = skipSpace(text, at)
    if (text[at] === '}') break
    isEmpty = false
    const nameEnd = stringEnd(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    // Behind the name comes a colon.
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const valueEnd = endOfValue(text, valueStart)
    if (Object.hasOwn(members, name)) {
      out += text.slice(copied, valueStart) + JSON.stringify(members[name])
      copied = valueEnd
      missing.delete(name)
    }
    at = skipSpace(text, valueEnd)
    if (text[at] === ',') at += 1
  }
  const added = [...missing]
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(members[name])}`)
    .join(',')
  const rest = out + text.slice(copied)
  if (added === '') return rest
  return `${rest.slice(0, start)}${added}${isEmpty ? '' : ','}${rest.slice(start)}`
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  return at
}

/** Behind the string that begins at `from`. Most of a request is text, so it is leapt over. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
}

function endOfValue(text: string, from: number): number {
  let at = from
  let depth = 0
  for (;;) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at)
    else if (character === '{' || character === '[') {
      depth += 1
      at += 1
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at
      depth -= 1
      at += 1
    } else if (character === ',' && depth === 0) return at
    else at += 1
    if (depth === 0 && (character === '"' || character === '}' || character === ']')) return at
  }
}
