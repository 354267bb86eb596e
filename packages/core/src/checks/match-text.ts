/** Finds a pattern in what was said or came back. */
import { RE2JS } from 're2js'
import type { Step } from '../episodes/episode.ts'
import type { TextMatch } from '../rubrics/program-check.ts'

/** Longer texts are looked at up to here. */
export const TEXT_MAX = 1_000_000

/** Throws where the pattern is not RE2. */
export function textMatcher({ from, pattern, ignoreCase }: TextMatch): (step: Step) => boolean {
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  return (step) => step.kind === from && compiled.matcher(textOf(step).slice(0, TEXT_MAX)).find()
}

/** Why a pattern is not RE2, in its compiler's words; null when it is. */
export function patternProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Words as they stand; anything else as JSON. */
export function textOf({ content }: Pick<Step, 'content'>): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}
