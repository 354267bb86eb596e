/**
 * Whose turn it is in a debate or a consultancy, told from what was said so far: any reader of the record comes to the
 * same next step, so that a debate can stop anywhere and go on.
 *
 * Debate        two speakers, one for each answer. In the first round neither sees the other's speech before both have
 *               spoken; afterwards they take turns, and who begins changes every round.
 * Consultancy   one speaker for one of the answers, drawn by whoever set it up.
 * Judge         after each round states a probability and may stop; after the last round the debate is over.
 */

/** A side, named by the answer that it argues for. */
export type Side = 'a' | 'b'
export const SIDES: readonly Side[] = ['a', 'b']

export type DebateRules = {
  /** Both in a debate; one in a consultancy. */
  readonly speakers: readonly Side[]
  /** At most so many, at least 1. */
  readonly rounds: number
}

/** One side's words of one round; rounds count from 1. */
export type Spoken = { readonly round: number; readonly side: Side }

export type Judged = {
  readonly round: number
  /** That answer A is right, in (0, 1); null: the judge gave none. */
  readonly probabilityA: number | null
  readonly stop: boolean
}

export type Awaited =
  /** These sides may speak now. */
  | { readonly kind: 'speeches'; readonly round: number; readonly sides: readonly Side[] }
  | { readonly kind: 'judgment'; readonly round: number }
  | { readonly kind: 'over'; readonly rounds: number; readonly probabilityA: number | null }

export function awaited(
  { speakers, rounds }: DebateRules,
  spoken: readonly Spoken[],
  judged: readonly Judged[],
): Awaited {
  const last = judged.reduce<Judged | null>((a, b) => (a !== null && a.round > b.round ? a : b), null)
  if (last !== null && (last.stop || last.round >= rounds))
    return { kind: 'over', rounds: last.round, probabilityA: last.probabilityA }
  const round = (last?.round ?? 0) + 1
  const silent = orderOf(speakers, round).filter(
    (side) => !spoken.some((one) => one.round === round && one.side === side),
  )
  if (silent.length === 0) return { kind: 'judgment', round }
  return { kind: 'speeches', round, sides: round === 1 ? silent : silent.slice(0, 1) }
}

/** In which sides speak. */
export function orderOf(speakers: readonly Side[], round: number): readonly Side[] {
  return round % 2 === 1 ? speakers : [...speakers].reverse()
}

/** What a side may read: its own words, and the other's once they cannot help it to speak second in the first round. */
export function heardBy<One extends Spoken>(
  { speakers }: DebateRules,
  spoken: readonly One[],
  side: Side,
): readonly One[] {
  const opened = speakers.every((one) => spoken.some((said) => said.round === 1 && said.side === one))
  return spoken.filter((one) => one.side === side || opened)
}

/** What the judge may read: rounds that are complete, up to the first that is not judged yet, also of a recorded debate. */
export function heardByJudge<One extends Spoken>(
  { speakers }: DebateRules,
  spoken: readonly One[],
  judged: readonly Judged[],
): readonly One[] {
  return spoken.filter(
    ({ round }) =>
      round <= judged.length + 1 &&
      speakers.every((side) => spoken.some((one) => one.round === round && one.side === side)),
  )
}
