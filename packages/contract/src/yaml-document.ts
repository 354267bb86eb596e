/** Reads a YAML or JSON text that a person wrote, and knows the line of every value in it. */
import { isNode, LineCounter, parseDocument } from 'yaml'

export type YamlPath = readonly (string | number)[]

export type YamlDocument =
  | {
      readonly ok: true
      /** Plain JSON-like data. */
      readonly value: unknown
      /** Line (from 1) of the value at a path, or of the nearest value above it. */
      readonly lineOf: (path: YamlPath) => number
    }
  | { readonly ok: false; readonly line: number; readonly problem: string; readonly fix: string }

/** Aliases a document may expand to: enough to repeat a guidance, too few for an alias bomb. */
const ALIASES_MAX = 20

/** Deeper nesting is no rubric and no ladder; it only exhausts the stack. */
const DEPTH_MAX = 200

/** @param sizeMax characters; a longer text is refused before it is parsed. */
export function readYamlDocument(text: string, sizeMax = 1_000_000): YamlDocument {
  if (text.length > sizeMax)
    return refused(
      1,
      `the document has ${text.length} characters; at most ${sizeMax} are read`,
      'split it, or shorten it',
    )
  if (nestedTooDeep(text)) return TOO_DEEP
  const lines = new LineCounter()
  try {
    // The core schema has no custom tags: what people write here is data.
    const document = parseDocument(text, { lineCounter: lines, schema: 'core' })
    const broken = document.errors[0] ?? document.warnings[0]
    if (broken)
      return refused(
        broken.linePos?.[0].line ?? 1,
        broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? broken.code,
        'mend the YAML at this line',
      )
    const value = readValue(() => document.toJS({ maxAliasCount: ALIASES_MAX }))
    if (!value.ok) return value
    return {
      ok: true,
      value: value.value,
      lineOf: (path) => {
        for (let depth = path.length; depth >= 0; depth--) {
          const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
          if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
        }
        return 1
      },
    }
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP
    throw error
  }
}

/** `stages[3].exposure`; '' for the whole document. */
export function joinYamlPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
}

/** The reverse of `joinYamlPath`, for keys without dots and brackets. */
export function splitYamlPath(path: string): YamlPath {
  return path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

const refused = (line: number, problem: string, fix: string): YamlDocument & { readonly ok: false } => ({
  ok: false,
  line,
  problem,
  fix,
})

const TOO_DEEP = refused(1, 'the document is nested too deeply', `nest at most ${DEPTH_MAX} levels`)

function readValue(
  read: () => unknown,
): { readonly ok: true; readonly value: unknown } | (YamlDocument & { readonly ok: false }) {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP
    // `yaml` throws a ReferenceError when aliases would expand to too much.
    if (error instanceof ReferenceError)
      return refused(1, error.message, 'write the values out instead of repeating aliases')
    throw error
  }
}

/** Nesting of brackets and of indentation, counted without recursion: the parser itself recurses. */
function nestedTooDeep(text: string): boolean {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '[' || character === '{') open += 1
    else if ((character === ']' || character === '}') && open > 0) open -= 1
    if (open > DEPTH_MAX) return true
  }
  // `- - - -` and `? ? ?` nest without brackets.
  return /^[ ]*(?:[-?:][ ]+){200}/m.test(text)
}
