/**
 * What a contract would have done with recorded episodes.
 *
 * Answers    for every response (calls that were asked for together: those that follow each other without a result or a word
 *            between) what the contract would have decided; by tool, how many calls; held ones in expectation, because which
 *            of them are held is drawn.
 * Assumes    that the agent would have gone on as it did. After a first refusal it would not have: later calls of that
 *            episode are counted all the same.
 * Degenerate no episodes: zeros.
 */
import type { Json, Step } from '../episodes/episode.ts'
import type { AutonomyContract } from './contract.ts'
import { type CallRule, decideCalls } from './decide-calls.ts'

export type SimulatedTool = {
  readonly tool: string
  readonly calls: number
  /** Responses stand or fall together: a call may be denied for the sake of another. */
  readonly released: number
  /** Expected number. */
  readonly held: number
  readonly refused: number
  /** Why calls of this tool itself were refused. */
  readonly rules: readonly CallRule[]
}

export type SimulatedContract = {
  readonly episodes: number
  /** Episodes in which nothing was refused, and nothing was sure to be held. */
  readonly untouched: number
  readonly tools: readonly SimulatedTool[]
  /** The first responses that would have been refused, at most 20. */
  readonly refused: readonly {
    readonly episodeId: string
    readonly step: number
    readonly tool: string
    readonly reason: string
  }[]
}

const EXAMPLES_MAX = 20

type Counts = { calls: number; released: number; held: number; refused: number; rules: Set<CallRule> }

export function simulateContract(
  contract: AutonomyContract,
  episodes: readonly { readonly id: string; readonly steps: readonly Step[] }[],
  now: Date,
): SimulatedContract {
  const tools = new Map<string, Counts>()
  const refused: SimulatedContract['refused'][number][] = []
  let untouched = 0
  const countsOf = (tool: string): Counts => {
    const known = tools.get(tool)
    if (known !== undefined) return known
    const made: Counts = { calls: 0, released: 0, held: 0, refused: 0, rules: new Set() }
    tools.set(tool, made)
    return made
  }
  for (const { id, steps } of episodes) {
    let touched = false
    for (const response of responsesIn(steps)) {
      const proposed = response.map(({ name, content }) => ({
        tool: name ?? '',
        argumentsText: argumentsText(content),
      }))
      const { outcome, calls } = decideCalls(contract, proposed, {
        role: 'baseline',
        steps: (response[0]?.ordinal ?? 0) + response.length,
        denials: 0,
        now,
        outOfTouch: false,
        uniforms: proposed.map(() => 0),
      })
      const released = calls.reduce((all, call) => all * (1 - call.holdProbability), 1)
      const isRefused = outcome !== 'release' && outcome !== 'hold'
      if (isRefused || released === 0) touched = true
      for (const [index, call] of calls.entries()) {
        const counts = countsOf(proposed[index]?.tool ?? '')
        counts.calls += 1
        if (isRefused) counts.refused += 1
        else {
          counts.released += released
          counts.held += 1 - released
        }
        if (call.outcome !== 'deny' && call.outcome !== 'replace') continue
        counts.rules.add(call.rule)
        if (refused.length < EXAMPLES_MAX)
          refused.push({
            episodeId: id,
            step: response[index]?.ordinal ?? 0,
            tool: proposed[index]?.tool ?? '',
            reason: call.reason,
          })
      }
    }
    if (!touched) untouched += 1
  }
  return {
    episodes: episodes.length,
    untouched,
    tools: [...tools]
      .map(([tool, { rules, ...counts }]) => ({ tool, ...counts, rules: [...rules] }))
      .sort((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1)),
    refused,
  }
}

function responsesIn(steps: readonly Step[]): readonly (readonly Step[])[] {
  const responses: Step[][] = []
  let open = false
  for (const step of steps) {
    if (step.kind === 'tool_call') {
      if (open) responses.at(-1)?.push(step)
      else responses.push([step])
      open = true
    } else if (step.kind !== 'generation' && step.kind !== 'span') open = false
  }
  return responses
}

/** Recorded as a value where the source had one, as text where it did not. */
const argumentsText = (content: Json) =>
  typeof content === 'string' ? content : JSON.stringify(content ?? {})
