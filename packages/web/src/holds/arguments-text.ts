/** Arguments of a call, which are JSON text: what is approved is the text, what people read is what it says. */
import type { Json } from '@leeway/core/episodes/episode'

/** What the text says; the text itself when it is no JSON. */
export function readArguments(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** False where the text holds more than what is read from it, such as a member twice or a number of many digits. */
export function saysAll(text: string): boolean {
  const bare = (words: string) => words.replace(/\s/g, '')
  return bare(JSON.stringify(readArguments(text))) === bare(text)
}

/** For a field: indented where nothing is lost by it. */
export function argumentsToEdit(text: string): string {
  return saysAll(text) ? JSON.stringify(readArguments(text), null, 2) : text
}

/** Why it cannot be sent; null when it can. */
export function argumentsProblem(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? null
      : 'This is no JSON object: begin with { and end with }.'
  } catch (error) {
    return `This is no JSON yet: ${error instanceof Error ? error.message : 'it cannot be read'}.`
  }
}
