/**
 * Carries out one program check on one episode.
 *
 * Output      the answer on the criterion's scale (its best answer when the check passes, its worst when it fails), the steps
 *             that decided it, and why in one sentence without text of the episode.
 * Degenerate  what the check is about does not occur (no call to look at, no outcome): not applicable, which is no failure.
 *             A schema or pattern that cannot be carried out, or arguments that are no JSON: `malformed`.
 * Input       `reader` is asked by rules about wording only.
 * Hostile     patterns are RE2 and take linear time; a text counts up to TEXT_MAX characters.
 */
import type { Episode, Json, Step } from '../episodes/episode.ts'
import { followsRule, type TextReader } from '../response-rules/follows-rule.ts'
import type { ResponseRule } from '../response-rules/response-rule.ts'
import type { Answer } from '../rubrics/answer.ts'
import type { CallMatch, ProgramCheck, TextMatch } from '../rubrics/program-check.ts'
import type { Scale } from '../rubrics/scale.ts'
import { callMatcher, satisfies } from './match-call.ts'
import { TEXT_MAX, textMatcher, textOf } from './match-text.ts'
import { readPointer } from './read-pointer.ts'

export type CheckResult = {
  readonly answer: Answer
  /** Ordinals of the steps that decided. */
  readonly steps: readonly number[]
  readonly why: string
}

type Finding =
  | { readonly kind: 'passed' | 'failed'; readonly steps: readonly number[]; readonly why: string }
  | { readonly kind: 'not-applicable'; readonly why: string }

const STEPS_MAX = 20

export function runCheck(
  check: ProgramCheck,
  scale: Scale,
  episode: Episode,
  reader: TextReader,
): CheckResult {
  let finding: Finding
  try {
    finding = find(check, episode, reader)
  } catch (error) {
    return {
      answer: { kind: 'abstained', reason: 'malformed' },
      steps: [],
      why: `The check cannot be carried out: ${(error as Error).message}`,
    }
  }
  if (finding.kind === 'not-applicable') return { answer: finding, steps: [], why: finding.why }
  const value = finding.kind === 'passed' ? bestOf(scale) : worstOf(scale)
  return value === null
    ? {
        answer: { kind: 'abstained', reason: 'malformed' },
        steps: [],
        why: 'A program cannot answer a pairwise question.',
      }
    : { answer: { kind: 'answered', value }, steps: finding.steps.slice(0, STEPS_MAX), why: finding.why }
}

function find(check: ProgramCheck, episode: Episode, reader: TextReader): Finding {
  switch (check.kind) {
    case 'calls':
      return countCalls(check, episode.steps)
    case 'before':
      return orderOfCalls(check, episode.steps)
    case 'text': {
      const matches = textMatcher(check.match)
      const found = episode.steps.filter(matches).map(({ ordinal }) => ordinal)
      return verdict(
        found.length > 0 === check.present,
        found,
        found.length > 0
          ? `The text was found in ${count(found.length, 'step')}.`
          : 'The text was not found.',
      )
    }
    case 'final-json':
      return finalJson(check.schema, episode.steps)
    case 'response':
      return wording(check.rule, episode.steps, reader)
    case 'number':
      return numbersOf(check, episode.steps)
    case 'outcome':
      return outcomeField(check, episode)
    case 'errors': {
      const failed = episode.steps.filter(({ error }) => error !== null).map(({ ordinal }) => ordinal)
      return verdict(
        failed.length <= check.max,
        failed,
        `${count(failed.length, 'step')} ended in an error; ${check.max} may.`,
      )
    }
    case 'steps':
      return verdict(
        episode.steps.length <= check.max,
        [],
        `The episode has ${count(episode.steps.length, 'step')}; ${check.max} may be.`,
      )
  }
}

function countCalls(check: ProgramCheck & { readonly kind: 'calls' }, steps: readonly Step[]): Finding {
  const found = steps.filter(callMatcher(check.match)).map(({ ordinal }) => ordinal)
  const enough = found.length >= check.min && (check.max === null || found.length <= check.max)
  return verdict(enough, found, `${count(found.length, 'such call')}.`)
}

function orderOfCalls(check: ProgramCheck & { readonly kind: 'before' }, steps: readonly Step[]): Finding {
  const isCall = callMatcher(check.each)
  const isFirst = isTextMatch(check.first) ? textMatcher(check.first) : callMatcher(check.first)
  let ready = false
  let calls = 0
  const early: number[] = []
  for (const step of steps) {
    if (isCall(step)) {
      calls += 1
      if (!ready) early.push(step.ordinal)
      ready = false
    }
    if (isFirst(step)) ready = true
  }
  if (calls === 0) return { kind: 'not-applicable', why: 'There was no such call.' }
  return verdict(
    early.length === 0,
    early,
    early.length === 0
      ? `It stood before each of ${count(calls, 'call')}.`
      : `It was missing before ${early.length} of ${count(calls, 'call')}.`,
  )
}

function finalJson(schema: Json, steps: readonly Step[]): Finding {
  const last = steps.findLast(({ kind }) => kind === 'assistant')
  if (!last) return { kind: 'not-applicable', why: 'The agent said nothing.' }
  let value: Json
  try {
    value = typeof last.content === 'string' ? (JSON.parse(last.content) as Json) : last.content
  } catch {
    return verdict(false, [last.ordinal], 'Its last words are no JSON.')
  }
  const fits = satisfies(schema, value)
  return verdict(
    fits,
    [last.ordinal],
    `Its last words are JSON and ${fits ? 'satisfy' : 'break'} the schema.`,
  )
}

function wording(rule: ResponseRule, steps: readonly Step[], reader: TextReader): Finding {
  const last = steps.findLast(({ kind }) => kind === 'assistant')
  if (!last) return { kind: 'not-applicable', why: 'The agent said nothing.' }
  const follows = followsRule(rule, textOf(last).slice(0, TEXT_MAX), reader)
  return verdict(follows, [last.ordinal], `Its last words ${follows ? 'follow' : 'break'} the rule.`)
}

function numbersOf(check: ProgramCheck & { readonly kind: 'number' }, steps: readonly Step[]): Finding {
  const calls = steps.filter(callMatcher(check.match))
  if (calls.length === 0) return { kind: 'not-applicable', why: 'There was no such call.' }
  const outside = calls.filter(({ content }) => {
    const value = readPointer(content, check.pointer)
    return (
      typeof value !== 'number' ||
      (check.min !== null && value < check.min) ||
      (check.max !== null && value > check.max)
    )
  })
  return verdict(
    outside.length === 0,
    outside.map(({ ordinal }) => ordinal),
    `${outside.length} of ${count(calls.length, 'call')} lack the number or have one outside the range.`,
  )
}

function outcomeField(check: ProgramCheck & { readonly kind: 'outcome' }, { outcome }: Episode): Finding {
  const value =
    check.pointer === '/success'
      ? (outcome.success ?? undefined)
      : check.pointer === '/severe'
        ? outcome.severe
        : readPointer(outcome.detail, check.pointer)
  if (value === undefined) return { kind: 'not-applicable', why: 'The outcome has no such field.' }
  const fits = satisfies(check.schema, value)
  return verdict(fits, [], `The field ${fits ? 'satisfies' : 'breaks'} the schema.`)
}

const isTextMatch = (first: TextMatch | CallMatch): first is TextMatch => 'pattern' in first

function verdict(passed: boolean, steps: readonly number[], why: string): Finding {
  return { kind: passed ? 'passed' : 'failed', steps, why }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function bestOf(scale: Scale): string | number | null {
  if (scale.kind === 'yes-no') return scale.good
  if (scale.kind === 'ordinal') return scale.levels.at(-1) ?? null
  return scale.kind === 'number' ? scale.max : null
}

function worstOf(scale: Scale): string | number | null {
  if (scale.kind === 'yes-no') return scale.good === 'yes' ? 'no' : 'yes'
  if (scale.kind === 'ordinal') return scale.levels[0] ?? null
  return scale.kind === 'number' ? scale.min : null
}
