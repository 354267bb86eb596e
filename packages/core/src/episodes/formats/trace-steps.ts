import type { Json } from '../episode.ts'
import type { Turn } from './chat-turn.ts'
import { type Heard, heardTurns } from './heard-turns.ts'
import type { TraceStep } from './trace-step.ts'

/** One span of any tracing system, with what it says already read. */
export type TraceSpan = {
  readonly id: string
  readonly parentId: string | null
  readonly kind: 'generation' | 'tool' | 'span'
  /** Model of a generation, name of a tool, name of any other span. */
  readonly name: string | null
  readonly startMs: number | null
  readonly endMs: number | null
  /** Messages that went in (the whole history, as a rule) and came out. Empty for tools. */
  readonly input: readonly Turn[]
  readonly output: readonly Turn[]
  /** Of a tool: arguments and result; of other spans: what they carry that is no message. */
  readonly callId: string | null
  readonly arguments: Json
  readonly result: Json
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly error: string | null
}

/**
 * Rebuilds what happened from the spans of one trace.
 *
 * Spans are walked as a tree in order of their start. A generation becomes a step with its new messages below it:
 * every model call repeats the whole history, so an incoming message is written only when it occurs more often than
 * it was already written. A tool span becomes the result of the open call it answers (by id, else by name and
 * arguments, else by name); without such a call it becomes call and result. Spans with generations below them are
 * wrappers: their messages are written only if nothing below wrote them.
 */
export function traceSteps(spans: readonly TraceSpan[]): readonly TraceStep[] {
  const steps: TraceStep[] = []
  const heard = heardTurns()
  const children = childrenOf(spans)
  const seen = new Set<TraceSpan>()

  function write(step: TraceStep): TraceStep {
    steps.push(step)
    return step
  }
  function writeTurns(turns: readonly Turn[], parent: TraceStep | null, all: boolean): void {
    const fresh = all ? turns.map((turn) => heard.always(turn)) : heard.fresh(turns)
    for (const turn of fresh) {
      const step = write({ ...turn.turn, callId: turn.callId, parent })
      if (step.kind === 'tool_call' || step.kind === 'tool_result') heard.wrote(step)
    }
  }

  /** Iterative, because a trace can be as deep as it has spans. */
  const stack: { readonly span: TraceSpan; readonly parent: TraceStep | null; readonly after: boolean }[] = []
  const open = (list: readonly TraceSpan[], parent: TraceStep | null) => {
    for (const span of [...list].reverse()) stack.push({ span, parent, after: false })
  }
  const wrappers = wrappersOf(spans)
  const roots = children.get(null) ?? []
  // Spans in a ring have no root; the first of each ring is taken as one.
  const reached = reachable(roots, children)
  open([...roots, ...spans.filter((span) => !reached.has(span))], null)
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, parent } = next
    if (next.after) {
      writeTurns(span.output, parent, false)
      continue
    }
    if (seen.has(span)) continue
    seen.add(span)
    const below = children.get(span.id) ?? []
    if (
      span.kind === 'tool' ||
      (isPlainCall(span) && heard.openCall(null, span.name, span.arguments) !== null)
    ) {
      open(below, writeTool(span, parent, heard, write))
      continue
    }
    const wrapper = span.kind === 'span' || wrappers.has(span)
    const step = write(spanStep(span, parent, wrapper))
    // Some answers repeat what they were asked (the instructions of a Responses call): that came first.
    writeTurns(span.output.filter(isAsked), step, false)
    writeTurns(span.input, step, false)
    if (wrapper) stack.push({ span, parent: step, after: true })
    else
      writeTurns(
        span.output.filter((turn) => !isAsked(turn)),
        step,
        true,
      )
    open(below, step)
  }
  return steps
}

function isAsked(turn: Turn): boolean {
  return turn.kind === 'system'
}

/** A span without messages that has the name of an open call is that call, recorded without saying so. */
function isPlainCall(span: TraceSpan): boolean {
  return span.kind === 'span' && span.input.length + span.output.length === 0 && span.arguments !== null
}

function spanStep(span: TraceSpan, parent: TraceStep | null, wrapper: boolean): TraceStep {
  const carried = Object.entries({ input: span.arguments, output: span.result }).filter(
    ([, value]) => value !== null,
  )
  return {
    kind: wrapper ? 'span' : 'generation',
    name: span.name,
    content: carried.length === 0 ? null : Object.fromEntries(carried),
    callId: null,
    parent,
    ...times(span),
    // The tokens of a wrapper are those of the generations below it.
    inputTokens: wrapper ? null : span.inputTokens,
    outputTokens: wrapper ? null : span.outputTokens,
    error: span.error,
  }
}

/** @returns the call, which is the parent of whatever happened inside the tool */
function writeTool(
  span: TraceSpan,
  parent: TraceStep | null,
  heard: Heard,
  write: (step: TraceStep) => TraceStep,
): TraceStep {
  let call = heard.openCall(span.callId, span.name, span.arguments)
  if (call === null) {
    const callId = span.callId ?? `span-${span.id}`
    call = write({ kind: 'tool_call', name: span.name, content: span.arguments ?? {}, callId, parent })
    heard.note(call)
    heard.wrote(call)
  }
  if (call.startedAt === undefined || call.startedAt === null) Object.assign(call, times(span))
  const endedAt = span.endMs === null ? null : isoTime(span.endMs)
  const result = write({
    kind: 'tool_result',
    name: span.name ?? call.name,
    content: span.result,
    callId: call.callId,
    parent,
    startedAt: endedAt,
    error: span.error,
  })
  heard.note(result)
  heard.wrote(result)
  return call
}

function times(span: TraceSpan): { startedAt: string | null; durationMs: number | null } {
  const { startMs, endMs } = span
  return {
    startedAt: startMs === null ? null : isoTime(startMs),
    // Clocks of two machines can put the end before the start: then the duration is not known.
    durationMs:
      startMs === null || endMs === null || endMs < startMs
        ? null
        : Math.round((endMs - startMs) * 1e3) / 1e3,
  }
}

/** Null for what no calendar of ours holds. */
export function isoTime(ms: number): string | null {
  return Number.isFinite(ms) && ms >= 0 && ms < 253_402_300_800_000
    ? new Date(Math.floor(ms)).toISOString()
    : null
}

function childrenOf(spans: readonly TraceSpan[]): ReadonlyMap<string | null, readonly TraceSpan[]> {
  const ids = new Set(spans.map((span) => span.id))
  const children = new Map<string | null, TraceSpan[]>()
  // Sorting is stable: spans that start together stay in the order of the file.
  const ordered = [...spans].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
  for (const span of ordered) {
    const parent =
      span.parentId !== null && span.parentId !== span.id && ids.has(span.parentId) ? span.parentId : null
    const list = children.get(parent)
    if (list === undefined) children.set(parent, [span])
    else list.push(span)
  }
  return children
}

function reachable(
  roots: readonly TraceSpan[],
  children: ReadonlyMap<string | null, readonly TraceSpan[]>,
): ReadonlySet<TraceSpan> {
  const found = new Set<TraceSpan>(roots)
  for (const span of found) for (const child of children.get(span.id) ?? []) found.add(child)
  return found
}

/** Generations that hold other generations: an SDK call around the model call it makes. */
function wrappersOf(spans: readonly TraceSpan[]): ReadonlySet<TraceSpan> {
  const byId = new Map(spans.map((span) => [span.id, span]))
  const wrappers = new Set<TraceSpan>()
  for (const span of spans) {
    if (span.kind !== 'generation') continue
    let above = span.parentId === null ? undefined : byId.get(span.parentId)
    while (above !== undefined && above !== span && !wrappers.has(above)) {
      wrappers.add(above)
      above = above.parentId === null ? undefined : byId.get(above.parentId)
    }
  }
  return wrappers
}
