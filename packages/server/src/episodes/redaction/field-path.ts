/**
 * Reads the path of a field rule: which places of a normalised episode it names.
 *
 * `steps[*].content.email`, `outcome.detail.**.phone`, `steps[*].content["e.mail"]`. `*` is any one key or
 * position, `**` any number of levels. Only places that may hold what people wrote can be named.
 */
export type FieldSegment =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'anyDepth' }

/** Where a path begins, and what follows inside the JSON found there. */
export type FieldPath = {
  readonly root: FieldRoot
  /** For steps: the one step meant, or null for all. */
  readonly step: number | null
  readonly inside: readonly FieldSegment[]
}

export type FieldRoot =
  | 'instructions'
  | 'steps.content'
  | 'steps.error'
  | 'steps.name'
  | 'outcome.detail'
  | 'policyConfig'
  | 'sourceId'
  | 'taskKey'
  | 'userKey'
  | 'sessionKey'

const PLACES =
  'instructions, steps[*].content, steps[*].error, steps[*].name, outcome.detail, policyConfig, sourceId, taskKey, userKey or sessionKey'
/** Roots that hold any JSON, so that a path may go on inside. */
const OPEN_ROOTS: ReadonlySet<string> = new Set(['steps.content', 'outcome.detail', 'policyConfig'])
const CLOSED_ROOTS: ReadonlySet<string> = new Set([
  'instructions',
  'steps.error',
  'steps.name',
  'sourceId',
  'taskKey',
  'userKey',
  'sessionKey',
])
/** Each `**` multiplies the work by the depth of the JSON. */
const ANY_DEPTH_MAX = 2

/** The path, or in words what is wrong with it. */
export function parseFieldPath(text: string): FieldPath | { readonly wrong: string } {
  const segments = parseSegments(text)
  if ('wrong' in segments) return segments
  const first = segments.list[0]
  if (first?.kind !== 'key') return { wrong: `it has to begin with ${PLACES}` }
  let used = 1
  let root = first.key
  let step: number | null = null
  if (root === 'steps') {
    const which = segments.list[1]
    if (which?.kind === 'position') step = which.position
    else if (which?.kind !== 'any') return { wrong: 'after steps comes [*] or a position such as [0]' }
    used = 2
  }
  if (root === 'steps' || root === 'outcome') {
    const field = segments.list[used]
    root = `${root}.${field?.kind === 'key' ? field.key : ''}`
    used += 1
  }
  const inside = segments.list.slice(used)
  if (CLOSED_ROOTS.has(root) && inside.length > 0) return { wrong: `${root} is text, nothing is inside it` }
  if (!CLOSED_ROOTS.has(root) && !OPEN_ROOTS.has(root)) return { wrong: `it has to begin with ${PLACES}` }
  if (inside.filter(({ kind }) => kind === 'anyDepth').length > ANY_DEPTH_MAX)
    return { wrong: `it has more than ${ANY_DEPTH_MAX} times **` }
  if (inside.at(-1)?.kind === 'anyDepth') return { wrong: 'after ** has to come the name of a field' }
  return { root: root as FieldRoot, step, inside }
}

const FIRST_NAME = /[\p{L}\p{N}_$-]+/uy
const NEXT = /\.(?:(\*\*)|(\*)|([\p{L}\p{N}_$-]+))|\[(?:(\*)|(\d{1,6})|"((?:[^"\\]|\\.)*)")\]/uy

function parseSegments(
  text: string,
): { readonly list: readonly FieldSegment[] } | { readonly wrong: string } {
  FIRST_NAME.lastIndex = 0
  const first = FIRST_NAME.exec(text)
  if (first === null) return { wrong: `it has to begin with ${PLACES}` }
  const list: FieldSegment[] = [{ kind: 'key', key: first[0] }]
  for (let at = first[0].length; at < text.length; at = NEXT.lastIndex) {
    NEXT.lastIndex = at
    const found = NEXT.exec(text)
    if (found === null)
      return { wrong: `character ${at + 1} is not expected there; write a["b c"] for unusual names` }
    const [, anyDepth, any, key, anyBracket, position, quoted] = found
    if (anyDepth !== undefined) list.push({ kind: 'anyDepth' })
    else if (any !== undefined || anyBracket !== undefined) list.push({ kind: 'any' })
    else if (position !== undefined) list.push({ kind: 'position', position: Number(position) })
    else list.push({ kind: 'key', key: key ?? quoted!.replaceAll(/\\(.)/gu, '$1') })
  }
  return { list }
}
