/**
 * Whether a response follows a rule about its wording.
 *
 * Input       `reader`: what takes knowledge of languages, which core has none of.
 * Output      true or false; an empty response follows no rule.
 * Hostile     time is linear in the text.
 * Source      the strict verdicts of IFEval (Zhou et al. 2023, arXiv 2311.07911), of which these are our own account.
 * Evidence    follows-rule.test.ts; `npm run realdata` compares with the recorded verdicts on ten models
 */
import { countFound } from './count-found.ts'
import type { CountRule, ResponseRule } from './response-rule.ts'
import { occurrences, startsWithWord, wholeWordOccurs } from './words.ts'

export type TextReader = {
  /** ISO 639-1 code; null where no language can be told (digits, symbols): none is broken then. */
  readonly languageOf: (text: string) => string | null
  readonly sentencesOf: (text: string) => number
}

export function followsRule(rule: ResponseRule, response: string, reader: TextReader): boolean {
  const text = response.trim()
  if (text === '') return false
  const isIn = (language: string) => {
    const found = reader.languageOf(response)
    return found === null || found === language || found.startsWith(`${language}-`)
  }
  switch (rule.kind) {
    case 'paragraph-start': {
      const paragraphs = response.split('\n\n')
      const full = paragraphs.filter((paragraph) => paragraph.trim() !== '').length
      return (
        full === rule.count && rule.nth <= full && startsWithWord(paragraphs[rule.nth - 1] ?? '', rule.word)
      )
    }
    case 'keywords':
      return rule.words.every((word) => occurrences(response, word) > 0)
    case 'forbidden-words':
      return !rule.words.some((word) => wholeWordOccurs(response, word))
    case 'language':
      return isIn(rule.language)
    case 'capitals':
      return !/[\p{Lowercase}\p{Lt}]/u.test(text) && /\p{Uppercase}/u.test(text) && isIn('en')
    case 'lowercase':
      return !/[\p{Uppercase}\p{Lt}]/u.test(text) && /\p{Lowercase}/u.test(text) && isIn('en')
    case 'no-comma':
      return !response.includes(',')
    case 'postscript':
      return markerPattern(rule.marker).test(response)
    case 'title':
      return response.split('\n').some(hasTitle)
    case 'json':
      return isJson(text)
    case 'choice':
      return rule.choices.some((choice) => response.includes(choice))
    case 'two-responses': {
      const parts = fullParts(response.split('******'))
      return parts?.length === 2 && parts[0] !== parts[1]
    }
    case 'begins-with':
      return text.toLowerCase().startsWith(rule.text.trim().toLowerCase())
    case 'ends-with':
      return without('"', '"', text).toLowerCase().endsWith(rule.text.trim().toLowerCase())
    case 'quoted':
      return text.length > 1 && text.startsWith('"') && text.endsWith('"')
    case 'paragraphs': {
      const parts = fullParts(response.split('***'))
      return parts !== null && isWithin(parts.length, rule)
    }
    case 'sentences':
      return isWithin(reader.sentencesOf(response), rule)
    default:
      return isWithin(countFound(rule, response), rule)
  }
}

function isWithin(found: number, { min, max }: CountRule): boolean {
  return (min === null || found >= min) && (max === null || found <= max)
}

/** The parts, trimmed, less empty ones at the ends; null where one between others is empty. */
function fullParts(parts: readonly string[]): readonly string[] | null {
  const kept = parts
    .map((part) => part.trim())
    .filter((part, at) => part !== '' || (at > 0 && at < parts.length - 1))
  return kept.includes('') ? null : kept
}

/** Letters of a marker like P.S. may have a space between them; upper and lower case are alike. */
function markerPattern(marker: string): RegExp {
  const parts = marker.split('.').map((part) => part.trim().replace(/[\\^$*+?()[\]{}|/-]/g, '\\$&'))
  return new RegExp(parts.join('\\.\\s?').replace(/\\s\?$/, ''), 'i')
}

/** The first << and the last >> of a line, with more than brackets between them. */
function hasTitle(line: string): boolean {
  const from = line.indexOf('<<')
  const to = line.lastIndexOf('>>')
  if (from === -1 || to < from + 3) return false
  return without('<', '>', line.slice(from, to + 2)).trim() !== ''
}

/** Less all `first` at its beginning and all `last` at its end; a pattern would take quadratic time on a hostile text. */
function without(first: string, last: string, text: string): string {
  let from = 0
  let to = text.length
  while (text[from] === first) from += 1
  while (to > from && text[to - 1] === last) to -= 1
  return text.slice(from, to)
}

function isJson(text: string): boolean {
  const inside = text
    .replace(/^```(?:json)?/i, '')
    .replace(/```$/, '')
    .trim()
  try {
    JSON.parse(inside)
    return true
  } catch {
    return false
  }
}
