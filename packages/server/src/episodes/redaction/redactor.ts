/**
 * Removes what a project's rules name from an episode, before anything is hashed or written.
 *
 * Knows the rules and the normalised episode. Knows nothing of storage. The same rules and episode always give
 * the same result, so that importing a file twice finds the same content hashes.
 */
import type { RedactionRule, RedactionRules } from '@leeway/contract/episodes'
import type { Episode } from '@leeway/core/episodes/episode'
import { parseFieldPath } from './field-path.ts'
import { compilePattern } from './pattern-safety.ts'
import { type CompiledRule, type Removal, redactEpisode } from './redact-episode.ts'
import { timeBound } from './time-bound.ts'

export type Redacted = {
  readonly episode: Episode
  /** Removals of each rule, in the order of the rules. */
  readonly removed: readonly number[]
}

export type Redactor = {
  readonly rules: RedactionRules
  /**
   * `tooSlow` when the rules took longer than the limit on this episode, which then must not be stored.
   * `onRemoval` is called for each removal with its place.
   */
  readonly redact: (episode: Episode, onRemoval?: (removal: Removal) => void) => Redacted | 'tooSlow'
}

/** Where the problem is, in words, for the person who wrote the rule. */
export type RuleProblem = { readonly field: string; readonly reason: string }

/** Most time the rules may take on one episode. */
export const REDACTION_LIMIT_MS = 2_000

/**
 * Text that a rule removes becomes `[redacted:label]`. In the keys that say what belongs together (source, task,
 * user, session, call) the whole key becomes `[redacted:label:xxxxxxxxxxxxxxxx]` with 16 hex digits that are equal
 * for equal keys of a project: without them all redacted users would become one. Who can guess a key can confirm it.
 */
export function redactorFor(
  rules: RedactionRules,
  projectId: string,
  limitMs = REDACTION_LIMIT_MS,
): Redactor | { readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = []
  const compiled: CompiledRule[] = []
  for (const [index, rule] of rules.entries()) {
    const result = compileRule(rule)
    if ('wrong' in result)
      problems.push({ field: `[${index}].${result.field}`, reason: `Rule ${rule.label}: ${result.wrong}.` })
    else compiled.push(result)
  }
  if (problems.length > 0) return { problems }
  return {
    rules,
    redact(episode, onRemoval) {
      if (compiled.length === 0) return { episode, removed: [] }
      const work = (): Redacted => {
        const removed = compiled.map(() => 0)
        const count = (removal: Removal) => {
          removed[removal.rule] = removed[removal.rule]! + 1
          onRemoval?.(removal)
        }
        return { episode: redactEpisode(episode, compiled, projectId, count), removed }
      }
      return timeBound(work, limitMs)?.value ?? 'tooSlow'
    },
  }
}

function compileRule(rule: RedactionRule): CompiledRule | { readonly wrong: string; readonly field: string } {
  if (rule.kind === 'field') {
    const path = parseFieldPath(rule.path)
    return 'wrong' in path ? { ...path, field: 'path' } : { kind: 'field', label: rule.label, path }
  }
  const expression = compilePattern(rule.pattern, rule.ignoreCase === true)
  return expression instanceof RegExp
    ? { kind: 'pattern', label: rule.label, expression }
    : { ...expression, field: 'pattern' }
}
