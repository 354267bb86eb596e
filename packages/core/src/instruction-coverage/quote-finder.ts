/**
 * Finds where an instruction says something word for word.
 *
 * Method      exact substring; only white space may differ, since a line break in a handbook means nothing. Not case, not
 *             punctuation. A quote neither begins nor ends inside a word.
 * Output      every place, in order, none overlapping; none for an empty quote.
 * Cost        O(length of the instruction) for a quote that occurs or differs early.
 */
import type { Span } from './clauses-of.ts'

export type QuoteFinder = (quote: string) => readonly Span[]

export function quoteFinder(instruction: string): QuoteFinder {
  const { text, at } = collapsed(instruction)
  return (quote) => {
    const sought = quote.trim().replace(/\s+/g, ' ')
    const found: Span[] = []
    if (sought === '') return found
    for (let from = text.indexOf(sought); from >= 0; from = text.indexOf(sought, from + sought.length)) {
      const to = from + sought.length
      if (!insideWord(text, from) && !insideWord(text, to))
        found.push({ from: at[from] ?? 0, to: (at[to - 1] ?? 0) + 1 })
    }
    return found
  }
}

/** Each run of white space as one space, with where each character stood. */
function collapsed(instruction: string): { readonly text: string; readonly at: readonly number[] } {
  const at: number[] = []
  let text = ''
  let from = 0
  for (const { 0: run, index } of instruction.matchAll(/\s+/g)) {
    for (let place = from; place <= index; place++) at.push(place)
    text += `${instruction.slice(from, index)} `
    from = index + run.length
  }
  for (let place = from; place < instruction.length; place++) at.push(place)
  return { text: text + instruction.slice(from), at }
}

/** Only in scripts that part their words. */
const LETTER = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u

const insideWord = (text: string, at: number): boolean =>
  at > 0 && at < text.length && LETTER.test(text[at - 1] ?? '') && LETTER.test(text[at] ?? '')
