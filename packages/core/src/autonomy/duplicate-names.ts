/**
 * Whether an object in a JSON text has one name twice. Readers disagree about what that means: some take the first, some the
 * last. `text` is JSON. Linear in its length.
 */
export function hasDuplicateNames(text: string): boolean {
  /** Names of each object that is open; null for a list. */
  const open: (Set<string> | null)[] = []
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = stringEnd(text, at)
      const names = open.at(-1)
      if (expectsName && names) {
        const name = JSON.parse(text.slice(at, end)) as string
        if (names.has(name)) return true
        names.add(name)
      }
      expectsName = false
      at = end - 1
    } else if (character === '{') {
      open.push(new Set())
      expectsName = true
    } else if (character === '[') {
      open.push(null)
      expectsName = false
    } else if (character === '}' || character === ']') {
      open.pop()
      expectsName = false
    } else if (character === ',') expectsName = open.at(-1) !== null
  }
  return false
}

function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return text.length
}
