/** Counting words and what occurs in them. */

/** Runs of letters, digits and underscores. */
export function wordsOf(text: string): number {
  return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0
}

/** Words with letters of which none is small; what hyphens, full stops and apostrophes join is one word. */
export function capitalWords(text: string): number {
  const words = text.match(/[\p{L}\p{N}\p{M}][\p{L}\p{N}\p{M}_\-.'’&/]*/gu) ?? []
  return words.filter((word) => !/[\p{Lowercase}\p{Lt}]/u.test(word) && /\p{Uppercase}/u.test(word)).length
}

/** Upper and lower case alike, without overlaps, within longer words too. None of an empty text. */
export function occurrences(text: string, wanted: string): number {
  let found = 0
  for (const _ of placesOf(text, wanted)) found += 1
  return found
}

/** Upper and lower case alike, with no letter, digit or underscore right beside it. */
export function wholeWordOccurs(text: string, wanted: string): boolean {
  const low = text.toLowerCase()
  for (const at of placesOf(text, wanted)) {
    const end = at + wanted.toLowerCase().length
    if (
      !/[\p{L}\p{N}_]$/u.test(low.slice(Math.max(0, at - 2), at)) &&
      !/^[\p{L}\p{N}_]/u.test(low.slice(end, end + 2))
    )
      return true
  }
  return false
}

function* placesOf(text: string, wanted: string): Generator<number> {
  const [inText, looked] = [text.toLowerCase(), wanted.toLowerCase()]
  if (looked === '') return
  for (let at = inText.indexOf(looked); at !== -1; at = inText.indexOf(looked, at + looked.length)) yield at
}

/** Whether the first word, up to a mark and without quotation marks before it, is this one. */
export function startsWithWord(paragraph: string, word: string): boolean {
  const first = paragraph.trim().split(/\s/, 1)[0] ?? ''
  const begins =
    first
      .replace(/^'+/, '')
      .replace(/^"+/, '')
      .split(/[.,?!'"]/, 1)[0] ?? ''
  return begins.toLowerCase() === word.toLowerCase()
}
