/**
 * Puts one fault into a call that people approved, for a copy of the request that asks them again.
 *
 * Rule        the operators that change an argument of one call, in an order that the seed draws; the first that has a place counts. What
 *             stood there has to stand in what led to the call, too, and a new amount may not: whoever reads can see the fault.
 * Degenerate  no such place, or a step that is no call: insufficient, with the reason.
 * Assumes     the call was right. Somebody approved it, which need not be so: a share of what is planted may be no worse than what was
 *             asked before, and who approves that is counted as having missed it.
 */
import type { Episode, Json } from '../episodes/episode.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { OPERATORS } from './apply-operator.ts'
import { placesOf } from './json-places.ts'

const IN_CALLS = ['swap-id', 'wrong-amount', 'other-value'] as const
export type CallOperator = (typeof IN_CALLS)[number]

export type FaultInCall = {
  readonly kind: 'fault'
  readonly operator: CallOperator
  /** The arguments with the fault, in the form in which they were. */
  readonly content: Json
}

/** `ordinal`: of the call. `seed`: any 32-bit whole number. */
export function faultInCall(episode: Episode, ordinal: number, seed: number): FaultInCall | Insufficient {
  const call = episode.steps[ordinal]
  if (call?.kind !== 'tool_call') return insufficient('the step is no call')
  const earlier = episode.steps.slice(0, ordinal)
  const known = JSON.stringify([episode.instructions, ...earlier.map(({ content }) => content)])
  // What earlier calls name is known, and none of them is to be changed.
  const asked = {
    ...episode,
    steps: [
      ...earlier.map((step) =>
        step.kind === 'tool_call' ? { ...step, kind: 'tool_result' as const } : step,
      ),
      call,
    ],
  }
  const random = seededRandom(seed)
  const drawn = IN_CALLS.map((operator) => ({ operator, at: random() })).sort(
    (one, other) => one.at - other.at,
  )
  for (const { operator } of drawn) {
    const made = OPERATORS[operator].mutate(asked, random)
    if (made.kind === 'insufficient') continue
    const content = made.episode.steps[ordinal]?.content ?? null
    const change = changeBetween(call.content, content)
    if (change === null || !stands(change.before, known)) continue
    if (operator === 'wrong-amount' && stands(change.after, known)) continue
    return { kind: 'fault', operator, content }
  }
  return insufficient('no argument of the call can be told to be wrong by what led to it')
}

function changeBetween(before: Json, after: Json) {
  const places = placesOf(after)
  for (const [at, { value }] of placesOf(before).entries()) {
    const changed = places[at]?.value
    if (changed !== undefined && changed !== value) return { before: value, after: changed }
  }
  return null
}

/** As a word of its own: 20 does not stand in 120. */
function stands(value: string | number, text: string): boolean {
  const wanted = String(value).toLowerCase()
  const within = text.toLowerCase()
  const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)
  for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + 1))
    if (!isWord(within[at - 1]) && !isWord(within[at + wanted.length])) return true
  return false
}
