import type { Turn } from './chat-turn.ts'

/** Calls without a result that are kept to be answered; a hostile file could make every search a long one. */
export const OPEN_CALLS_MAX = 1_000

/**
 * Gives every tool result the call it answers.
 *
 * A result without id answers the earliest open call of its name (of any name when it has none); when that call
 * has no id either, both get `call-1`, `call-2`, … by the position of the call. A result without name takes the
 * name of its call.
 */
export function joinCalls(turns: readonly Turn[]): readonly Turn[] {
  const joined = [...turns]
  const open: number[] = []
  let calls = 0
  for (const [at, turn] of joined.entries()) {
    if (turn.kind === 'tool_call') {
      calls++
      open.push(at)
      if (open.length > OPEN_CALLS_MAX) open.shift()
      if (turn.callId === null) joined[at] = { ...turn, callId: `call-${calls}` }
    }
    if (turn.kind !== 'tool_result') continue
    const place = open.findIndex((call) => answers(turn, joined[call] as Turn))
    const call = joined[open[place] ?? -1]
    if (call === undefined) continue
    joined[at] = { ...turn, callId: call.callId, name: turn.name ?? call.name }
    open.splice(place, 1)
  }
  return joined
}

function answers(result: Turn, call: Turn): boolean {
  if (result.callId !== null) return result.callId === call.callId
  return result.name === null || result.name === call.name
}
