/**
 * A speech with its quotes, written as `[[3: the words]]`: words of step 3, to be found there exactly.
 *
 * Checked     as critiques are (critiques/check-quote.ts). A quote that is not there stays visible, and is told apart: a
 *             speaker who invents one has shown something.
 * Nested or unclosed brackets are plain words.
 */
import { quotedStep } from '../critiques/check-quote.ts'

export type SpeechPart =
  | { readonly kind: 'words'; readonly text: string }
  | {
      readonly kind: 'quote'
      readonly text: string
      /** The step that holds the words; null: none does. */
      readonly step: number | null
    }

const QUOTE = /\[\[(\d{1,6}):\s?([^[\]]+)\]\]/gu

/** `texts[step]` is what raters are shown of it; null for a step that they are not. The parts, in order. */
export function speechParts(speech: string, texts: readonly (string | null)[]): readonly SpeechPart[] {
  const parts: SpeechPart[] = []
  let at = 0
  for (const found of speech.matchAll(QUOTE)) {
    const [whole, step = '', words = ''] = found
    if (found.index > at) parts.push({ kind: 'words', text: speech.slice(at, found.index) })
    const quote = words.trim()
    parts.push({ kind: 'quote', text: quote, step: quotedStep({ step: Number(step), quote }, texts) })
    at = found.index + whole.length
  }
  if (at < speech.length) parts.push({ kind: 'words', text: speech.slice(at) })
  return parts
}

/** Words of the speaker's own: quotes do not count. */
export function ownWords(speech: string): number {
  return wordsOf(speech.replaceAll(QUOTE, ' ')).length
}

/** The speech up to its last own word that is allowed; quotes before it stay. */
export function cutSpeech(speech: string, wordsMax: number): string {
  if (ownWords(speech) <= wordsMax) return speech
  let left = wordsMax
  let kept = ''
  for (const part of speechParts(speech, [])) {
    if (left === 0) break
    if (part.kind === 'quote') {
      const next = speech.indexOf(']]', kept.length) + 2
      kept = speech.slice(0, next)
      continue
    }
    const words = [...part.text.matchAll(/\S+/gu)]
    const last = words[Math.min(left, words.length) - 1]
    const whole = words.length <= left
    kept += whole ? part.text : part.text.slice(0, last === undefined ? 0 : last.index + last[0].length)
    left -= Math.min(left, words.length)
    if (!whole) break
  }
  return kept.trimEnd()
}

const wordsOf = (text: string): readonly string[] => text.split(/\s+/u).filter((word) => word !== '')
