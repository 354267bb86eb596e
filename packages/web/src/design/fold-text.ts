/**
 * Cuts text for reading: at most `lines` lines and `characters` UTF-16 units, never inside a surrogate pair.
 * `hidden` counts the units left out; 0 means `shown` is the whole text. A tail too short to be worth a click
 * (a tenth of the limit) stays.
 */
export function foldText(
  text: string,
  limit: { readonly lines: number; readonly characters: number },
): { readonly shown: string; readonly hidden: number } {
  let end = text.length
  let line = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    line += 1
    if (line === limit.lines) {
      end = at
      break
    }
  }
  end = Math.min(end, limit.characters)
  if (text.length - end <= limit.characters / 10) return { shown: text, hidden: 0 }
  const code = text.charCodeAt(end - 1)
  if (code >= 0xd800 && code <= 0xdbff) end -= 1
  return { shown: text.slice(0, end), hidden: text.length - end }
}
