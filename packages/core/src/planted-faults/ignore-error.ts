/** Lets a call that changes something fail, while the agent goes on as though it had worked. */
import type { Episode, Json, Step } from '../episodes/episode.ts'
import { insufficient } from '../numeric/insufficient.ts'
import { withContents } from './edit-steps.ts'
import type { MutationOperator } from './operator.ts'
import { pick } from './pick.ts'
import { type ToolCall, toolCalls } from './tool-calls.ts'

const ERRORS = [
  'timed out, nothing was changed',
  'conflict: the record is locked, try again',
  'internal error, the change was not saved',
  'service unavailable, try again later',
  'request rejected: not allowed in this state',
] as const

export const ignoreError: MutationOperator = {
  name: 'ignore-error',
  breaks: 'error handling',
  title: 'Goes on as though a failed call had worked',
  mutate: (episode, random) => {
    const chosen = pick(successes(episode), random)
    if (chosen === undefined)
      return insufficient('no call that changes something worked and was followed by words of the agent')
    const { call, result } = chosen
    // An error that this agent's tools gave, where there is one: each shop has its own words for it.
    const seen = episode.steps.flatMap(({ kind, error, content }) =>
      kind === 'tool_result' && error !== null ? [{ content, error }] : [],
    )
    const text = pick(ERRORS, random) ?? ERRORS[0]
    const failure = pick(seen, random) ?? { content: errorLike(result.content, text), error: text }
    const edited = withContents(episode, new Map<number, Json>([[result.ordinal, failure.content]]))
    return {
      kind: 'edited',
      episode: {
        ...edited,
        steps: edited.steps.map((step) =>
          step.ordinal === result.ordinal ? { ...step, error: failure.error } : step,
        ),
      },
      step: result.ordinal,
      words: `The result of ${call.name ?? 'a call'} is the error “${failure.error.slice(0, 80)}”, and the agent goes on as before.`,
    }
  },
}

/** Not tried again afterwards: then the error would have been mended. */
function successes(episode: Episode): readonly { readonly call: Step; readonly result: Step }[] {
  const calls = toolCalls(episode).filter(({ isConsequential }) => isConsequential)
  return calls.flatMap(({ call, result }) => {
    if (result === null || result.error !== null) return []
    const goesOn = episode.steps.some(({ kind, ordinal }) => kind === 'assistant' && ordinal > result.ordinal)
    return goesOn && !triedAgain(calls, call) ? [{ call, result }] : []
  })
}

function triedAgain(calls: readonly ToolCall[], { name, ordinal, content }: Step): boolean {
  const same = JSON.stringify(content)
  return calls.some(
    ({ call }) => call.ordinal > ordinal && call.name === name && JSON.stringify(call.content) === same,
  )
}

function errorLike(content: Json, text: string): Json {
  if (typeof content !== 'string') return { error: text }
  return /^\s*[[{]/.test(content) ? JSON.stringify({ error: text }) : `Error: ${text}`
}
