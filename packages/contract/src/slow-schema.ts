/** Which JSON schemas may run on hostile text: those whose cost grows with the text alone. */

/** Keywords whose cost is not linear in the text: an engine that backtracks, references that double, all pairs of items. */
const SLOW: ReadonlySet<string> = new Set([
  'pattern',
  'patternProperties',
  'format',
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'uniqueItems',
])

/** The first of them, also where it is the name of a property: rare, and told by the message. Null: there is none. */
export function slowKeyword(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return null
  for (const [key, value] of Object.entries(schema)) {
    if (SLOW.has(key) && !Array.isArray(schema)) return key
    const below = slowKeyword(value)
    if (below !== null) return below
  }
  return null
}
