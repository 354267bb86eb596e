import type { Json } from './episode.ts'
import { type EpisodeFormat, FORMAT_NAMES, type FormatName } from './formats/format.ts'
import { inspect } from './formats/inspect.ts'
import { langfuse } from './formats/langfuse.ts'
import { leewayJsonl } from './formats/leeway-jsonl.ts'
import { openaiChat } from './formats/openai-chat.ts'
import { otlp } from './formats/otlp.ts'
import { tauBench } from './formats/tau-bench.ts'
import { asObject } from './json-field.ts'
import { shortKey } from './json-text.ts'
import type { RecordProblem } from './record-problem.ts'

const FORMATS: { readonly [name in FormatName]: EpisodeFormat } = {
  'tau-bench': tauBench,
  otlp,
  langfuse,
  inspect,
  'openai-chat': openaiChat,
  leeway: leewayJsonl,
}

/** The format of a record by its keys, never by the name of its file; null when it is none we know. */
export function detectFormat(record: Json): EpisodeFormat | null {
  for (const name of FORMAT_NAMES) if (FORMATS[name].recognise(record)) return FORMATS[name]
  return null
}

export function unknownFormat(record: Json): RecordProblem {
  return {
    field: null,
    reason: `The format of this record is not known: it is ${seen(record)}.`,
    expected: `One of: ${FORMAT_NAMES.map((name) => FORMATS[name].looksLike).join('; ')}.`,
    fix: 'Export it in one of these formats, or write it as Leeway episodes (docs/guide/formats.md).',
  }
}

function seen(record: Json): string {
  if (record === null || typeof record !== 'object') return record === null ? 'null' : `a ${typeof record}`
  if (Array.isArray(record)) {
    const first = asObject(record[0] as Json | undefined)
    return `a list of ${record.length}${first === null ? '' : `, the first with the keys ${keys(first)}`}`
  }
  return `an object with the keys ${keys(record)}`
}

function keys(object: object): string {
  const names = Object.keys(object)
  const listed = names.slice(0, 12).map(shortKey).join(', ')
  return names.length === 0
    ? '(none)'
    : names.length > 12
      ? `${listed}, and ${names.length - 12} more`
      : listed
}
