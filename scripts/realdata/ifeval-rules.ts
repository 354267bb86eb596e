/** IFEval's instructions as rules of ours: identifiers and arguments are those of its input file. */
import type { ResponseRule } from '@leeway/core/response-rules/response-rule'

export type Arguments = Readonly<Record<string, unknown>>

const CHOICES = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.']

/** Throws for an identifier that is none of the 25. */
export function ruleOfInstruction(id: string, args: Arguments): ResponseRule {
  const text = (name: string) => String(args[name])
  const number = (name: string) => Number(args[name])
  const list = (name: string) => args[name] as readonly string[]
  const range = (relation: string, count: string) =>
    text(relation) === 'at least' ? { min: number(count), max: null } : { min: null, max: number(count) - 1 }
  const atLeast = (count: string) => ({ min: number(count), max: null })
  const exactly = (count: string) => ({ min: number(count), max: number(count) })
  switch (id.replace(/^en:/, '')) {
    case 'change_case:capital_word_frequency':
      return { kind: 'capital-words', ...range('capital_relation', 'capital_frequency') }
    case 'change_case:english_capital':
      return { kind: 'capitals' }
    case 'change_case:english_lowercase':
      return { kind: 'lowercase' }
    case 'combination:repeat_prompt':
      return { kind: 'begins-with', text: text('prompt_to_repeat') }
    case 'combination:two_responses':
      return { kind: 'two-responses' }
    case 'detectable_content:number_placeholders':
      return { kind: 'placeholders', ...atLeast('num_placeholders') }
    case 'detectable_content:postscript':
      return { kind: 'postscript', marker: text('postscript_marker') }
    case 'detectable_format:constrained_response':
      return { kind: 'choice', choices: CHOICES }
    case 'detectable_format:json_format':
      return { kind: 'json' }
    case 'detectable_format:multiple_sections':
      return { kind: 'sections', splitter: text('section_spliter'), ...atLeast('num_sections') }
    case 'detectable_format:number_bullet_lists':
      return { kind: 'bullets', ...exactly('num_bullets') }
    case 'detectable_format:number_highlighted_sections':
      return { kind: 'highlights', ...atLeast('num_highlights') }
    case 'detectable_format:title':
      return { kind: 'title' }
    case 'keywords:existence':
      return { kind: 'keywords', words: list('keywords') }
    case 'keywords:forbidden_words':
      return { kind: 'forbidden-words', words: list('forbidden_words') }
    case 'keywords:frequency':
      return { kind: 'occurrences', text: text('keyword'), ...range('relation', 'frequency') }
    case 'keywords:letter_frequency':
      return { kind: 'occurrences', text: text('letter'), ...range('let_relation', 'let_frequency') }
    case 'language:response_language':
      return { kind: 'language', language: text('language') }
    case 'length_constraints:nth_paragraph_first_word':
      return {
        kind: 'paragraph-start',
        count: number('num_paragraphs'),
        nth: number('nth_paragraph'),
        word: text('first_word'),
      }
    case 'length_constraints:number_paragraphs':
      return { kind: 'paragraphs', ...exactly('num_paragraphs') }
    case 'length_constraints:number_sentences':
      return { kind: 'sentences', ...range('relation', 'num_sentences') }
    case 'length_constraints:number_words':
      return { kind: 'words', ...range('relation', 'num_words') }
    case 'punctuation:no_comma':
      return { kind: 'no-comma' }
    case 'startend:end_checker':
      return { kind: 'ends-with', text: text('end_phrase') }
    case 'startend:quotation':
      return { kind: 'quoted' }
    default:
      throw new RangeError(`${id} is no instruction of IFEval`)
  }
}
