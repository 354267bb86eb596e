/** Whole numbers as digits or English words up to twenty; null for anything else. */
const WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )

export function numberIn(text: string): number | null {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  const at = WORDS.indexOf(text.toLowerCase())
  return at === -1 ? null : at
}
