/** How sure somebody is of an answer: what one says with two keys. Neither a guess nor certain is where it starts. */
export const SURE_START = 0.75
export const SURE_MAX = 0.99
const STEP = 0.05

/** The least that is told: what a guess among so many answers would be right with. */
export function leastSure(answers: number): number {
  return Math.floor(100 / Math.max(2, answers) + 1) / 100
}

/** `by`: +1 or -1 for one key. Whoever has said nothing starts in the middle. */
export function surer(now: number | null, by: 1 | -1, least: number): number {
  return now === null ? SURE_START : rounded(now + by * STEP, least)
}

export function rounded(wanted: number, least: number): number {
  return Math.round(100 * Math.min(SURE_MAX, Math.max(least, wanted))) / 100
}
