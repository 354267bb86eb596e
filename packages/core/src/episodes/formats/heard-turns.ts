import type { Json } from '../episode.ts'
import { unwrapJson } from '../json-text.ts'
import type { Turn } from './chat-turn.ts'
import { OPEN_CALLS_MAX } from './join-calls.ts'
import type { TraceStep } from './trace-step.ts'

type Spoken = {
  readonly kind: string
  readonly name?: unknown
  readonly content: Json
  readonly callId: string | null
}
type Fresh = { readonly turn: Turn; readonly callId: string | null }

export type Heard = {
  /** Of a repeated history, the turns that were not written yet. */
  readonly fresh: (turns: readonly Turn[]) => readonly Fresh[]
  /** A turn that is new for sure. */
  readonly always: (turn: Turn) => Fresh
  /** Counts a step that was made from a span and not from a message. */
  readonly note: (step: TraceStep) => void
  /** Remembers the step of a call or result, to be answered or filled in later. */
  readonly wrote: (step: TraceStep) => void
  /** The earliest open call that a tool span answers, or null. */
  readonly openCall: (callId: string | null, name: string | null, args: Json) => TraceStep | null
}

/**
 * Keeps count of what a trace has already said, so that histories repeated by every model call are written once.
 * A text said twice is two turns: a history that holds it twice makes the second one fresh.
 */
export function heardTurns(): Heard {
  const counts = new Map<string, number>()
  const openCalls: TraceStep[] = []
  const emptyResults: TraceStep[] = []
  let calls = 0

  const count = (key: string) => counts.get(key) ?? 0
  const add = (turn: Spoken) => {
    for (const key of keysOf(turn)) counts.set(key, count(key) + 1)
  }
  /** Calls without id get one, and results without id that of the earliest open call of their name. */
  const withId = (turn: Turn): Fresh => {
    if (turn.callId !== null) return { turn, callId: turn.callId }
    if (turn.kind === 'tool_call') return { turn, callId: `call-${++calls}` }
    if (turn.kind !== 'tool_result') return { turn, callId: null }
    const call = openCalls.find((open) => turn.name === null || open.name === turn.name)
    return { turn: { ...turn, name: turn.name ?? call?.name ?? null }, callId: call?.callId ?? null }
  }
  /** A tool span recorded without its result gets it from the message that tells the model about it. */
  const fill = (turn: Turn): boolean => {
    if (turn.kind !== 'tool_result' || isEmpty(turn.content)) return false
    const at = emptyResults.findIndex((step) =>
      turn.callId === null ? turn.name === null || step.name === turn.name : step.callId === turn.callId,
    )
    const step = emptyResults[at]
    if (step === undefined) return false
    step.content = turn.content
    emptyResults.splice(at, 1)
    // Later histories repeat the filled result, and maybe under the id it has there.
    for (const key of keysOf(turn)) if (count(key) === 0) counts.set(key, 1)
    return true
  }
  return {
    fresh(turns) {
      const here = new Map<string, number>()
      const fresh: Fresh[] = []
      for (const turn of turns) {
        const key = keysOf(turn)[0] as string
        const times = (here.get(key) ?? 0) + 1
        here.set(key, times)
        if (fill(turn)) continue
        if (times <= count(key)) continue
        // Some exporters turn the answer of a tool into a user message of the same words.
        if (turn.kind === 'user' && count(key.replace('user', 'tool_result')) > 0) continue
        add(turn)
        fresh.push(withId(turn))
      }
      return fresh
    },
    always(turn) {
      add(turn)
      return withId(turn)
    },
    note: add,
    wrote(step) {
      if (step.kind === 'tool_call') {
        openCalls.push(step)
        if (openCalls.length > OPEN_CALLS_MAX) openCalls.shift()
        return
      }
      const at = openCalls.findIndex((call) => call.callId === step.callId)
      if (at !== -1) openCalls.splice(at, 1)
      if (isEmpty(step.content) && emptyResults.length < OPEN_CALLS_MAX) emptyResults.push(step)
    },
    openCall(callId, name, args) {
      const byId = callId === null ? undefined : openCalls.find((call) => call.callId === callId)
      if (byId !== undefined) return byId
      // A call with another id of the source is another call; one of ours (`call-1`) had none.
      const named = openCalls.filter(
        (call) => call.name === name && (callId === null || /^call-\d+$/.test(call.callId ?? '')),
      )
      const text = JSON.stringify(args)
      return named.find((call) => JSON.stringify(call.content) === text) ?? named[0] ?? null
    },
  }
}

/** The first key is the one a turn is looked up by; a step is counted under all of them. */
function keysOf(turn: Spoken): readonly string[] {
  const content = JSON.stringify(unwrapJson(turn.content))
  const plain = turn.kind === 'tool_call' ? `call ${String(turn.name)} ${content}` : `${turn.kind} ${content}`
  if (turn.kind !== 'tool_call' && turn.kind !== 'tool_result') return [plain]
  return turn.callId === null ? [plain] : [`${turn.kind} #${turn.callId}`, plain]
}

function isEmpty(content: Json): boolean {
  if (content === null || content === '') return true
  return typeof content === 'object' && Object.keys(content).length === 0
}
