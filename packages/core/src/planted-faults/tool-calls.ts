/** The calls of an episode with what came back, and which of them change something. */
import type { Episode, Step } from '../episodes/episode.ts'

export type ToolCall = {
  readonly call: Step
  /** Null where the episode has no result for the call. */
  readonly result: Step | null
  /** Judged by the tool's name alone: anything whose first word is not one of looking up. */
  readonly isConsequential: boolean
}

const LOOKING = new Set(
  'calculate check compare compute count describe estimate fetch find get inspect list load look lookup preview query read retrieve search see show status think track validate verify view'.split(
    ' ',
  ),
)

/** In the order of the calls. */
export function toolCalls({ steps }: Pick<Episode, 'steps'>): readonly ToolCall[] {
  const results = new Map<string, Step>()
  for (const step of steps)
    if (step.kind === 'tool_result' && step.callId !== null && !results.has(step.callId))
      results.set(step.callId, step)
  return steps
    .filter(({ kind }) => kind === 'tool_call')
    .map((call) => ({
      call,
      result: call.callId === null ? null : (results.get(call.callId) ?? null),
      isConsequential: changesSomething(call.name),
    }))
}

function changesSomething(tool: string | null): boolean {
  const [first = ''] = (tool ?? '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  return first !== '' && !LOOKING.has(first)
}
