/** What a rule asks, in words. */
import type { CountRule, ResponseRule } from './response-rule.ts'

export function describeRule(rule: ResponseRule): string {
  switch (rule.kind) {
    case 'paragraph-start':
      return `${rule.count} paragraphs divided by empty lines, number ${rule.nth} beginning with “${rule.word}”`
    case 'keywords':
      return `with ${quoted(rule.words)}`
    case 'forbidden-words':
      return `without ${quoted(rule.words)}`
    case 'language':
      return `in the language ${rule.language}`
    case 'capitals':
      return 'English, in capitals only'
    case 'lowercase':
      return 'English, in small letters only'
    case 'no-comma':
      return 'without commas'
    case 'postscript':
      return `with a postscript ${rule.marker}`
    case 'title':
      return 'with a title in <<double angular brackets>>'
    case 'json':
      return 'JSON'
    case 'choice':
      return `with one of ${quoted(rule.choices)}`
    case 'two-responses':
      return 'two different responses, divided by six asterisks'
    case 'begins-with':
      return `beginning with “${rule.text}”`
    case 'ends-with':
      return `ending with “${rule.text}”`
    case 'quoted':
      return 'in double quotation marks'
    default:
      return `${rangeWords(rule)} ${counted(rule)}`
  }
}

function counted(rule: CountRule): string {
  switch (rule.kind) {
    case 'words':
    case 'sentences':
    case 'placeholders':
      return rule.kind
    case 'paragraphs':
      return 'paragraphs divided by ***'
    case 'capital-words':
      return 'words in capitals'
    case 'occurrences':
      return `times “${rule.text}”`
    case 'bullets':
      return 'bullet points'
    case 'highlights':
      return '*highlighted* parts'
    case 'sections':
      return `sections, each begun by “${rule.splitter}” and a number`
  }
}

function rangeWords({ min, max }: CountRule): string {
  if (min === null) return `at most ${max}`
  if (max === null) return `at least ${min}`
  return min === max ? `exactly ${min}` : `${min} to ${max}`
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `“${text}”`).join(', ')
}
