/** Reads the fields of a check of kind `response` into core's `ResponseRule`. */
import type { CountRange, ResponseRule } from '@leeway/core/response-rules/response-rule'
import type { FieldReader, SayProblem } from './rubric-fields.ts'

const COUNT = { min: 0, max: 100_000, whole: true }
const LISTED = { countMax: 100, lengthMax: 200 }

/** The rules as people write them, each with its fields. */
const FIELDS = {
  words: ['min', 'max'],
  sentences: ['min', 'max'],
  paragraphs: ['min', 'max'],
  'capital-words': ['min', 'max'],
  placeholders: ['min', 'max'],
  bullets: ['min', 'max'],
  highlights: ['min', 'max'],
  occurrences: ['text', 'min', 'max'],
  sections: ['splitter', 'min', 'max'],
  'paragraph-start': ['count', 'nth', 'word'],
  keywords: ['words'],
  'forbidden-words': ['words'],
  language: ['language'],
  capitals: [],
  lowercase: [],
  'no-comma': [],
  postscript: ['marker'],
  title: [],
  json: [],
  choice: ['choices'],
  'two-responses': [],
  'begins-with': ['text'],
  'ends-with': ['text'],
  quoted: [],
} as const satisfies Readonly<Record<ResponseRule['kind'], readonly string[]>>
type Kind = keyof typeof FIELDS
const KINDS = Object.keys(FIELDS) as Kind[]

export const RESPONSE_FIELDS: readonly string[] = ['rule', ...new Set(Object.values(FIELDS).flat())]

export function readResponseRule(fields: FieldReader, say: SayProblem): ResponseRule | null {
  const kind = fields.choice('rule', KINDS)
  if (kind === null) return null
  const own: readonly string[] = FIELDS[kind]
  for (const field of RESPONSE_FIELDS)
    if (field !== 'rule' && !own.includes(field) && fields.has(field))
      say(
        [...fields.path, field],
        `the rule ${kind} has no field ${field}`,
        own.length === 0 ? 'leave it out' : `its fields are ${own.join(' and ')}`,
      )
  return READ[kind](fields, say)
}

const READ: Readonly<Record<Kind, (fields: FieldReader, say: SayProblem) => ResponseRule | null>> = {
  words: counted('words'),
  sentences: counted('sentences'),
  paragraphs: counted('paragraphs'),
  'capital-words': counted('capital-words'),
  placeholders: counted('placeholders'),
  bullets: counted('bullets'),
  highlights: counted('highlights'),
  occurrences(fields, say) {
    const text = fields.text('text', { lengthMax: 200 })
    const range = rangeOf(fields, say)
    return text === null || range === null ? null : { kind: 'occurrences', text, ...range }
  },
  sections(fields, say) {
    const splitter = fields.text('splitter', { lengthMax: 200 })
    const range = rangeOf(fields, say)
    return splitter === null || range === null ? null : { kind: 'sections', splitter, ...range }
  },
  'paragraph-start'(fields, say) {
    const count = fields.number('count', { ...COUNT, min: 1 })
    const nth = fields.number('nth', { ...COUNT, min: 1 })
    const word = fields.text('word', { lengthMax: 200 })
    if (count === null || nth === null || word === null) return null
    if (nth > count)
      say([...fields.path, 'nth'], `paragraph ${nth} of ${count}`, 'nth counts from 1 and is at most count')
    return { kind: 'paragraph-start', count, nth, word }
  },
  keywords(fields) {
    const words = fields.texts('words', LISTED)
    return words && { kind: 'keywords', words }
  },
  'forbidden-words'(fields) {
    const words = fields.texts('words', LISTED)
    return words && { kind: 'forbidden-words', words }
  },
  language(fields, say) {
    const language = fields.text('language', { lengthMax: 5 })
    if (language === null) return null
    if (!/^[a-z]{2}(-[a-z]{2})?$/.test(language))
      say([...fields.path, 'language'], `"${language}" is no ISO 639-1 code`, 'write two letters, such as de')
    return { kind: 'language', language }
  },
  capitals: () => ({ kind: 'capitals' }),
  lowercase: () => ({ kind: 'lowercase' }),
  'no-comma': () => ({ kind: 'no-comma' }),
  postscript(fields) {
    const marker = fields.text('marker', { lengthMax: 50 })
    return marker === null ? null : { kind: 'postscript', marker }
  },
  title: () => ({ kind: 'title' }),
  json: () => ({ kind: 'json' }),
  choice(fields) {
    const choices = fields.texts('choices', LISTED)
    return choices && { kind: 'choice', choices }
  },
  'two-responses': () => ({ kind: 'two-responses' }),
  'begins-with': text('begins-with'),
  'ends-with': text('ends-with'),
  quoted: () => ({ kind: 'quoted' }),
}

function counted(
  kind: 'words' | 'sentences' | 'paragraphs' | 'capital-words' | 'placeholders' | 'bullets' | 'highlights',
) {
  return (fields: FieldReader, say: SayProblem): ResponseRule | null => {
    const range = rangeOf(fields, say)
    return range && { kind, ...range }
  }
}

function text(kind: 'begins-with' | 'ends-with') {
  return (fields: FieldReader): ResponseRule | null => {
    const found = fields.text('text', { lengthMax: 5_000 })
    return found === null ? null : { kind, text: found }
  }
}

function rangeOf(fields: FieldReader, say: SayProblem): CountRange | null {
  const [min, max] = [fields.optionalNumber('min', COUNT), fields.optionalNumber('max', COUNT)]
  if (!fields.has('min') && !fields.has('max')) {
    say(fields.path, 'a count without min and max checks nothing', 'write min, max or both')
    return null
  }
  if (min !== null && max !== null && max < min)
    say([...fields.path, 'max'], `max ${max} is below min ${min}`, 'exchange the two')
  return { min, max }
}
