/**
 * JSON text with NaN and Infinity outside of strings put into quotes. Inspect writes them bare, which JSON does not
 * allow; as text they stay visible and are never taken for a number.
 */
export function quotedConstants(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  )
}
