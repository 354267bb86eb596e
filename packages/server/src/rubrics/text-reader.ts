/// <reference path="./langdetect-js.d.ts" />
/** What checks of wording need to know of languages. */
import type { TextReader } from '@leeway/core/response-rules/follows-rule'
import langdetect, { type Profiles } from 'langdetect-js'

export const textReader: TextReader = { languageOf, sentencesOf }

/** The library's own limit: more text says nothing more. */
const TEXT_MAX = 10_000
const ADDED = 0.5 / 10_000

let profiles: Profiles | null = null

/**
 * The language of a text by the n-grams of 50 languages: the profiles that IFEval's checks use. They are read once, at the first text.
 *
 * Method      naive Bayes over all n-grams, with 0.5 / 10,000 added to each share. The library draws n-grams at random and so
 *             does not always answer alike; a check has to, so the sum is taken over all of them.
 * Output      ISO 639-1 code (zh-cn and zh-tw for Chinese); null where no n-gram is known.
 */
function languageOf(text: string): string | null {
  profiles ??= langdetect.load_profiles(langdetect.bundled_profiles('profiles'))
  const detector = langdetect.create_detector(profiles)
  detector.append_text(text.slice(0, TEXT_MAX))
  detector.cleaning_text()
  const scores = profiles.langlist.map((language) => ({ language, log: 0 }))
  const found = detector.extract_ngrams()
  for (const ngram of found)
    scores.forEach((score, at) => {
      score.log += Math.log((profiles?.wordLangProbMap[ngram]?.[at] ?? 0) + ADDED)
    })
  return found.length === 0 ? null : scores.reduce((a, b) => (b.log > a.log ? b : a)).language
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * By Unicode's boundaries (UAX 29). A line break ends no sentence: a list without full stops is one. There no small letter
 * begins a sentence, so a text without capitals is put in capitals first.
 */
function sentencesOf(text: string): number {
  const flat = text.replace(/\s+/g, ' ')
  let found = 0
  for (const { segment } of sentences.segment(/\p{Lu}/u.test(flat) ? flat : flat.toUpperCase()))
    if (segment.trim() !== '') found += 1
  return found
}
