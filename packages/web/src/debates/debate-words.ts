import type { DebateSeat, DebateSummary, Strength } from '@leeway/contract/debates'
import { formatPercent } from '../numbers/format-number.ts'

/** An answer as the page calls it: short ones in quotes beside their letter. */
export function answerName(answers: { readonly a: string; readonly b: string }, side: 'a' | 'b'): string {
  return `${side.toUpperCase()}, “${answers[side]}”`
}

export function probabilityWords(
  probabilityA: number | null,
  answers: { readonly a: string; readonly b: string },
): string {
  if (probabilityA === null) return 'The judge gave no probability.'
  if (probabilityA === 0.5) return 'The judge leans to neither side.'
  const side = probabilityA > 0.5 ? 'a' : 'b'
  return `${formatPercent(Math.max(probabilityA, 1 - probabilityA))} for ${answerName(answers, side)}`
}

const SEAT = { a: 'the speaker for A', b: 'the speaker for B', judge: 'the judge' } as const

export function seatWords(seat: DebateSeat): string {
  return SEAT[seat]
}

/** Where a debate stands, in a line. */
export function standingWords(debate: DebateSummary): string {
  if (debate.state === 'over')
    return `Over after ${debate.round === 1 ? 'one round' : `${debate.round} rounds`}`
  const who = debate.waitsFor.map((seat) => {
    const name = debate.seats[seat]
    return name === null ? `${SEAT[seat]}, a seat that is free` : name
  })
  return `Round ${debate.round} of ${debate.rounds}, waits for ${who.join(' and ')}`
}

/** What came of it where the right answer is known: "Right: 90 % for it, −0.25 bits". */
export function outcomeWords({ known, state, probabilityA, score }: DebateSummary): string | null {
  if (known === null || state !== 'over' || probabilityA === null || score === null) return null
  const right = known === 'a' ? probabilityA : 1 - probabilityA
  const verdict = right > 0.5 ? 'Right' : right < 0.5 ? 'Misled' : 'Undecided'
  return `${verdict}: ${formatPercent(right)} for the known answer, ${bits(score)}`
}

export function bits(score: number): string {
  return `${score.toFixed(2).replace('-', '−')}\u00a0bits`
}

export function strengthWords({ value, low, high, why }: Strength): string {
  if (value === null) return `not to be told: ${why}`
  const digits = (number: number) => number.toFixed(1).replace('-', '−')
  return low === null || high === null
    ? `${digits(value)} (no interval: ${why})`
    : `${digits(value)} (${digits(low)} to ${digits(high)})`
}
