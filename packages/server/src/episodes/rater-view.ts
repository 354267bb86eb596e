/**
 * What a rater may see of the steps. The name of a model or of a span can tell which policy acted, so only tools
 * keep their names; times could tell when it was.
 */
import type { StepBody, StepIndex } from '@leeway/contract/episodes'

const NAMED = new Set(['tool_call', 'tool_result'])

export function blindIndex(index: StepIndex): StepIndex {
  const name = index.name.map((position, step) => (NAMED.has(index.kind[step]!) ? position : null))
  const kept = [...new Set(name.filter((position) => position !== null))]
  const moved = new Map(kept.map((position, place) => [position, place]))
  return {
    count: index.count,
    parent: index.parent,
    kind: index.kind,
    names: kept.map((position) => index.names[position]!),
    name: name.map((position) => (position === null ? null : moved.get(position)!)),
    startedAtMs: index.startedAtMs.map(() => null),
    durationMs: index.durationMs,
    inputTokens: index.inputTokens.map(() => null),
    outputTokens: index.outputTokens.map(() => null),
    error: index.error,
    preview: index.preview.map((text, step) => (isHidden(index.kind[step]!) ? '' : text)),
  }
}

export function blindSteps(steps: readonly StepBody[]): StepBody[] {
  return steps.map((step) => ({
    ordinal: step.ordinal,
    parent: step.parent,
    kind: step.kind,
    name: NAMED.has(step.kind) ? step.name : null,
    content: isHidden(step.kind) ? null : step.content,
    callId: step.callId,
    startedAt: null,
    durationMs: step.durationMs,
    inputTokens: null,
    outputTokens: null,
    error: step.error,
  }))
}

/** The makers' instructions are the policy; the attributes of a span may name it. */
function isHidden(kind: StepBody['kind']): boolean {
  return kind === 'system' || kind === 'generation' || kind === 'span'
}
