/**
 * The rules about wording that a plain English instruction states unmistakably.
 *
 * Output      each rule once, with the words that state it, in the order of the text. What is put in another way, or only
 *             in part, gives no rule: a wrong rule would count against an agent that did as it was told.
 * Hostile     patterns look at bounded stretches; an instruction counts up to INSTRUCTION_MAX characters.
 * Evidence    rules-in-instruction.test.ts; `npm run realdata` says how many of IFEval's instructions are found, and how many wrongly
 */
import { languageNamed } from './language-names.ts'
import { numberIn } from './number-words.ts'
import type { CountRange, ResponseRule } from './response-rule.ts'

export type StatedRule = {
  readonly rule: ResponseRule
  readonly clause: string
}

export const INSTRUCTION_MAX = 20_000

export function rulesInInstruction(instruction: string): readonly StatedRule[] {
  const text = instruction.slice(0, INSTRUCTION_MAX)
  const found = PHRASES.flatMap(({ pattern, rule }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const stated = rule(match.groups ?? {}, text)
      return stated === null ? [] : [{ rule: stated, clause: match[0].trim(), at: match.index }]
    }),
  )
  const seen = new Set<string>()
  return found
    .sort((a, b) => a.at - b.at)
    .flatMap(({ rule, clause }) => {
      const key = JSON.stringify(rule)
      if (seen.has(key)) return []
      seen.add(key)
      return [{ rule, clause }]
    })
}

type Groups = Readonly<Record<string, string | undefined>>
type Phrase = {
  readonly pattern: RegExp
  /** Null where the phrase turns out to say something else. */
  readonly rule: (groups: Groups, text: string) => ResponseRule | null
}

const NUMBER = '(?<number>\\d{1,5}|[a-z]{3,9})'
const BOUND =
  '(?<bound>at least|no less than|no fewer than|a minimum of|less than|fewer than|under|at most|no more than|not more than|a maximum of|up to|exactly)'
/** "at least 5" or "5 or more". */
const AMOUNT = `(?:${BOUND} ${NUMBER}|(?<number2>\\d{1,5}|[a-z]{3,9}) or (?<bound2>more|less|fewer))`
const WHOLE = '(?:entire|whole)'
const RESPONSE = '(?:response|answer|reply|output)'
const QUOTED = '["“”\'‘’](?<quoted>[^"“”]{1,300}?)["“”\'‘’]'
const QUOTED_LIST = '(?<list>(?:["“\'‘][^"“”\'‘’,\\n]{1,60},?["”\'’](?:,? and |,? or |, )?){1,30})'

const PHRASES: readonly Phrase[] = [
  phrase(
    "(?:(?:do not|don't|not|never) (?:use|include|contain|have)|(?:avoid|without|refrain from)(?: (?:using|the use of|including))?|(?:use|contain|with) no)(?: any)? commas?\\b",
    () => ({ kind: 'no-comma' }),
  ),
  phrase(`${AMOUNT} words\\b(?![^.\\n]{0,40}\\b(?:cap|capital|caps|capitals|uppercase)\\b)`, (groups) =>
    counted('words', groups),
  ),
  phrase(`${AMOUNT} sentences\\b`, (groups) => counted('sentences', groups)),
  phrase(`${AMOUNT} placeholders?\\b`, (groups) => counted('placeholders', groups)),
  phrase(`${AMOUNT} bullet points?\\b`, (groups) => {
    const rule = counted('bullets', groups)
    return rule?.kind === 'bullets' && rule.min === rule.max ? rule : null
  }),
  phrase(
    `(?:highlight|italicize) ${AMOUNT} (?:\\w+ )?(?:sections?|parts?|phrases?)\\b[^.\\n]{0,60}\\*`,
    (groups) => counted('highlights', groups),
  ),
  phrase(`${AMOUNT} words (?:in|with) all[ -](?:caps|capital letters|capitals|uppercase)\\b`, (groups) =>
    counted('capital-words', groups),
  ),
  phrase(
    `words (?:in|with) all[ -](?:caps|capital letters|capitals|uppercase)(?: letters)?[^.\\n]{0,20}? (?:appear|be used|for|to) ${AMOUNT} times\\b`,
    (groups) => counted('capital-words', groups),
  ),
  phrase(
    `\\bthe (?:key)?word ["“'‘]?(?<word>[\\p{L}\\p{N}-]{1,40})["”'’]? (?:should |must |to )?appears? ${AMOUNT} times\\b`,
    (groups) => occurrences(groups.word, groups),
  ),
  phrase(
    `\\b(?:use|include) the (?:key)?word ["“'‘]?(?<word>[\\p{L}\\p{N}-]{1,40})["”'’]? ${AMOUNT} times\\b`,
    (groups) => occurrences(groups.word, groups),
  ),
  phrase(
    `\\bthe letter ["“'‘]?(?<word>[a-z])["”'’]? (?:should |must |to )?(?:appears? )?${AMOUNT} times\\b`,
    (groups) => occurrences(groups.word, groups),
  ),
  phrase(
    `${WHOLE} ${RESPONSE} (?:should|must) be in English,? and in all capital letters|${RESPONSE} (?:should|must) be in all capital letters`,
    () => ({ kind: 'capitals' }),
  ),
  phrase(
    `(?:${WHOLE} ${RESPONSE}|your ${RESPONSE}) (?:should|must) be in (?:English,? and )?(?:in )?(?:all )?lower ?case letters|in all lowercase(?: letters)?\\b`,
    () => ({ kind: 'lowercase' }),
  ),
  phrase(
    `(?:${WHOLE} ${RESPONSE}|your ${RESPONSE}) (?:should|must) be in (?:the )?(?<language>\\p{Lu}\\p{L}{2,20})(?: language)?,?(?: and)? no other language`,
    ({ language }) => inLanguage(language),
  ),
  phrase(
    `\\b(?:using only|use only|only using|respond only in|entirely in|only in) (?:the )?(?<language>\\p{Lu}\\p{L}{2,20})\\b`,
    ({ language }) => inLanguage(language),
  ),
  phrase('postscript[^.\\n]{0,40} start(?:s|ing) with (?<marker>P\\.P\\.S|P\\.S\\.)', ({ marker }) =>
    marker === undefined ? null : { kind: 'postscript', marker },
  ),
  phrase('\\btitle[^.\\n]{0,50} double angular brackets', () => ({ kind: 'title' })),
  phrase(`${WHOLE} ${RESPONSE} (?:in|into|as|with) (?:a |one |valid )?JSON\\b`, () => ({ kind: 'json' })),
  phrase(`wrap (?:your |the )?${WHOLE} ${RESPONSE} (?:with|in) double quot`, () => ({ kind: 'quoted' })),
  phrase(
    `(?:end|finish) (?:your |the )?(?:${WHOLE} )?${RESPONSE} with (?:this |the )?(?:exact )?(?:phrase|sentence)?(?: of)?:? ?${QUOTED}`,
    ({ quoted }) => (quoted === undefined ? null : { kind: 'ends-with', text: quoted }),
  ),
  phrase(
    `(?:one of the following(?: exact)? phrases): ?(?<list>(?:["“”'][^"“”\\n]{1,60}["“”'](?:,? or |, )?){2,10})`,
    ({ list }) => ({ kind: 'choice', choices: quotedIn(list) }),
  ),
  phrase('exactly two different responses[^\\n]{0,80}\\*{6}', () => ({ kind: 'two-responses' })),
  phrase(
    `(?<!(?:not|n't|never|without|avoid) (?:to )?)\\b(?:include|use|with)(?: the)? (?:following )?keywords?:? ${QUOTED_LIST}`,
    // One of several is another rule.
    ({ list }) => (/["”'’],? or /.test(list ?? '') ? null : { kind: 'keywords', words: quotedIn(list) }),
  ),
  phrase(
    `\\b(?:do not|don't|not|without|avoid|exclude)(?: (?:to )?(?:include|including|use|using|mention|mentioning|say))?(?: the)?(?: following)? (?:key)?words?:? ${QUOTED_LIST}`,
    ({ list }) => ({ kind: 'forbidden-words', words: quotedIn(list) }),
  ),
  phrase(
    `\\b${NUMBER} sections?\\b[^\\n]{0,80}?(?:mark(?:ed)?|beginning of)[^\\n]{0,60}? (?:with|as|by) (?<splitter>section|day|part|paragraph|chapter|audience|round) X\\b`,
    ({ number, splitter }) => {
      const min = numberIn(number ?? '')
      return min === null || splitter === undefined ? null : { kind: 'sections', splitter, min, max: null }
    },
  ),
  phrase(
    `exactly ${NUMBER} (?:paragraphs|stanzas|parts)[^\\n]{0,80}?(?:separated|divided|divider)[^\\n]{0,60}?\\*{3}(?!\\*)`,
    ({ number }) => {
      const count = numberIn(number ?? '')
      return count === null ? null : { kind: 'paragraphs', min: count, max: count }
    },
  ),
  phrase(
    `\\brepeat the (?:entire |exact |whole )*request (?:above )?(?:word for word|exactly|above)`,
    (_, text) => {
      const above = text.split('\n\n').slice(0, -1).join('\n\n').trim()
      return above === '' ? null : { kind: 'begins-with', text: above }
    },
  ),
]

function phrase(pattern: string, rule: Phrase['rule']): Phrase {
  return { pattern: new RegExp(pattern, 'giu'), rule }
}

function counted(
  kind: 'words' | 'sentences' | 'placeholders' | 'bullets' | 'highlights' | 'capital-words',
  groups: Groups,
): ResponseRule | null {
  const range = rangeOf(groups)
  return range && { kind, ...range }
}

function occurrences(text: string | undefined, groups: Groups): ResponseRule | null {
  const range = rangeOf(groups)
  return text === undefined ? null : range && { kind: 'occurrences', text, ...range }
}

function rangeOf({ bound, number, bound2, number2 }: Groups): CountRange | null {
  const count = numberIn(number ?? number2 ?? '')
  if (count === null) return null
  switch ((bound ?? bound2 ?? '').toLowerCase()) {
    case 'at least':
    case 'no less than':
    case 'no fewer than':
    case 'a minimum of':
    case 'more':
      return { min: count, max: null }
    case 'less than':
    case 'fewer than':
    case 'under':
      return { min: null, max: count - 1 }
    case 'exactly':
      return { min: count, max: count }
    default:
      return { min: null, max: count }
  }
}

function inLanguage(name: string | undefined): ResponseRule | null {
  const language = languageNamed(name ?? '')
  return language === null ? null : { kind: 'language', language }
}

function quotedIn(list: string | undefined): readonly string[] {
  return [...(list ?? '').matchAll(/["“”'‘]([^"“”\n]{1,60}?),?["“”'’](?=$|[\s,])/gu)].flatMap(([, text]) =>
    text === undefined ? [] : [text],
  )
}
