import type { Json } from '../episode.ts'
import { asArray, asObject, type JsonObject, member } from '../json-field.ts'

/** Text that resolved references may add to one sample, in characters: one long attachment can be named many times. */
export const RESOLVED_CHARS_MAX = 64 * 1024 * 1024
/** Messages that model calls may name in one sample, with repetition: every call names the whole history. */
export const NAMED_MESSAGES_MAX = 5_000_000
/** References without a target that are listed; all are counted. */
const MISSING_LISTED = 100

export type References = {
  /** What a model call was given: `input_refs` out of the message pool, else `input` itself. */
  readonly inputOf: (event: JsonObject) => readonly Json[]
  /** The value with every text that is a reference replaced by the attachment. Unknown references stay as they are. */
  readonly resolve: (value: Json) => Json
  /** References whose target the log does not hold. */
  readonly missing: () => { readonly count: number; readonly listed: readonly string[] }
  /** Which limit is passed, or null. Past it nothing more is resolved, and the sample has to be refused. */
  readonly overLimit: () => 'resolvedChars' | 'namedMessages' | null
}

/**
 * References of one sample: pools first, attachments after, because pooled messages hold attachment references.
 * An attachment is never looked into for further references, so there are no cycles.
 */
export function inspectReferences(sample: JsonObject): References {
  const pool =
    asArray(member(asObject(member(sample, 'events_data')), 'messages')) ??
    asArray(member(sample, 'message_pool')) ??
    []
  const attachments = asObject(member(sample, 'attachments'))
  // Before attachments were a member of the sample, the transcript held them as its content.
  const older = asObject(member(asObject(member(sample, 'transcript')), 'content'))
  const missing = new Set<string>()
  let missingUnlisted = 0
  let resolvedChars = 0
  let named = 0

  const note = (reference: string) => {
    if (missing.has(reference)) return
    if (missing.size < MISSING_LISTED) missing.add(reference.slice(0, 120))
    else missingUnlisted++
  }
  const resolveText = (text: string): string => {
    const key = referenceKey(text)
    if (key === null) return text
    const found = member(attachments, key) ?? member(older, key)
    if (typeof found !== 'string') {
      note(text)
      return text
    }
    resolvedChars += found.length
    return resolvedChars > RESOLVED_CHARS_MAX ? text : found
  }
  const resolve = (value: Json): Json => {
    if (typeof value === 'string') return resolveText(value)
    if (value === null || typeof value !== 'object' || !holdsReference(value)) return value
    if (Array.isArray(value)) return value.map((entry: Json) => resolve(entry))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]))
  }

  return {
    inputOf(event) {
      const ranges = asArray(member(event, 'input_refs')) ?? []
      const input: Json[] = [...(asArray(member(event, 'input')) ?? [])]
      for (const range of ranges) {
        const [from, to] = asArray(range) ?? []
        if (!isPlace(from) || !isPlace(to) || to < from || to > pool.length) {
          note(`input_refs ${JSON.stringify(range).slice(0, 60)} of ${pool.length} pooled messages`)
          continue
        }
        named += to - from
        if (named > NAMED_MESSAGES_MAX) return input
        for (let at = from; at < to; at++) input.push(pool[at] as Json)
      }
      return input
    },
    resolve,
    missing: () => ({ count: missing.size + missingUnlisted, listed: [...missing] }),
    overLimit: () =>
      resolvedChars > RESOLVED_CHARS_MAX
        ? 'resolvedChars'
        : named > NAMED_MESSAGES_MAX
          ? 'namedMessages'
          : null,
  }
}

function isPlace(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

/** `tc://` is the older name of `attachment://`. */
function referenceKey(text: string): string | null {
  if (text.startsWith('attachment://')) return text.slice('attachment://'.length)
  return text.startsWith('tc://') ? text.slice('tc://'.length) : null
}

function holdsReference(value: Json): boolean {
  if (typeof value === 'string') return referenceKey(value) !== null
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some((entry: Json) => holdsReference(entry))
}
