/**
 * Which steps of an episode the answers rest on, and which nothing looked at.
 *
 * Estimand    none: it counts. `share` is, of the steps by which the agent acted (its words, thoughts and calls), those that
 *             an answer points at or a program reads. It says where somebody looked, not that they looked well: a person who
 *             read everything and pointed at one step covers one.
 * Method      pointed: evidence of a standing answer names the step. Read: a check goes through its content, whatever it then
 *             decides. Checks that only count steps, ask whether one ended in an error, or look at the outcome read none.
 * Degenerate  an agent that did nothing: the share is null. Abstentions cover nothing.
 * Units       steps that raters are shown; makers' instructions and spans are left out. The share in [0, 1].
 * Cost        O(steps x checks).
 */
import { callMatcher } from '../checks/match-call.ts'
import type { Step, StepKind } from '../episodes/episode.ts'
import type { CallMatch, ProgramCheck, TextMatch } from '../rubrics/program-check.ts'

export type StepCoverage = 'pointed' | 'read' | 'unread'

export type CoveredStep = {
  readonly ordinal: number
  readonly kind: StepKind
  readonly state: StepCoverage
}

export type EpisodeCoverage = {
  readonly steps: readonly CoveredStep[]
  /** Steps by which the agent acted. */
  readonly acted: number
  readonly pointed: number
  readonly read: number
  readonly share: number | null
}

const HIDDEN: ReadonlySet<StepKind> = new Set(['system', 'generation', 'span'])
const ACTED: ReadonlySet<StepKind> = new Set(['assistant', 'reasoning', 'tool_call'])

/** `evidence`: ordinals that standing answers point at. `checks`: those that ran on the episode. */
export function episodeCoverage(
  steps: readonly Step[],
  evidence: ReadonlySet<number>,
  checks: readonly ProgramCheck[],
): EpisodeCoverage {
  const read = new Set(checks.flatMap((check) => stepsRead(check, steps)))
  const covered = steps
    .filter(({ kind }) => !HIDDEN.has(kind))
    .map(({ ordinal, kind }): CoveredStep => {
      const state = evidence.has(ordinal) ? 'pointed' : read.has(ordinal) ? 'read' : 'unread'
      return { ordinal, kind, state }
    })
  const own = covered.filter(({ kind }) => ACTED.has(kind))
  const count = (state: StepCoverage) => own.filter((one) => one.state === state).length
  return {
    steps: covered,
    acted: own.length,
    pointed: count('pointed'),
    read: count('read'),
    share: own.length === 0 ? null : (count('pointed') + count('read')) / own.length,
  }
}

function stepsRead(check: ProgramCheck, steps: readonly Step[]): readonly number[] {
  const ordinals = (matches: (step: Step) => boolean) => steps.filter(matches).map(({ ordinal }) => ordinal)
  switch (check.kind) {
    case 'calls':
    case 'number':
      return ordinals(looksAt(check.match))
    case 'before':
      return [...ordinals(looksAt(check.first)), ...ordinals(looksAt(check.each))]
    case 'text':
      return ordinals(looksAt(check.match))
    case 'final-json':
    case 'response': {
      const last = steps.findLast(({ kind }) => kind === 'assistant')
      return last === undefined ? [] : [last.ordinal]
    }
    case 'outcome':
    case 'errors':
    case 'steps':
      return []
  }
}

/** What is gone through to see whether it matches: all texts of one side, or the calls of the tools that are named. */
function looksAt(match: TextMatch | CallMatch): (step: Step) => boolean {
  if ('pattern' in match) return ({ kind }) => kind === match.from
  return callMatcher(match.tools === undefined ? {} : { tools: match.tools })
}
