/// <reference path="./langdetect-js.d.ts" />
/**
 * The language of a text by the n-grams of 50 languages: the profiles that IFEval's checks use. They are read once, at the first text.
 *
 * Method      naive Bayes over all n-grams, with 0.5 / 10,000 added to each share. The library draws n-grams at random and so
 *             does not always answer alike; a check has to, so the sum is taken over all of them.
 * Output      ISO 639-1 code (zh-cn and zh-tw for Chinese); null where no n-gram is known.
 */
import langdetect, { type Profiles } from 'langdetect-js'

/** The library's own limit: more text says nothing more. */
const TEXT_MAX = 10_000
const ADDED = 0.5 / 10_000

let profiles: Profiles | null = null

export function languageOf(text: string): string | null {
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
