/**
 * Whether known answers show that a rater is good enough, too poor, or neither yet.
 *
 * Estimates   an interval of the rater's chance of being right, valid at every look at once: over a whole life it misses
 *             the true chance with probability at most 2 alpha, each side at most alpha (`sequential/rate-bound.ts`).
 * Verdict     'vetted' once the lower end is above `bar`, 'suspended' once the upper end is below `floor`, else
 *             'undecided'. A rater exactly at the bar is ever called vetted with probability at most alpha.
 * Input       right <= answers, whole and >= 0; 0 <= floor <= bar < 1; alpha in (0, 0.5). Answers must be on items drawn so
 *             that always saying the same is right as seldom as guessing; else the bar means little.
 * Degenerate  no answers: the interval is [0, 1], undecided.
 * Throws      RangeError for other input.
 */
import { rateUpperBound } from '../sequential/rate-bound.ts'

export type SkillBars = {
  readonly bar: number
  readonly floor: number
  readonly alpha: number
}
export type SkillVerdict = 'vetted' | 'suspended' | 'undecided'
export type SkillTest = {
  readonly verdict: SkillVerdict
  readonly low: number
  readonly high: number
}

export function testSkill(right: number, answers: number, { bar, floor, alpha }: SkillBars): SkillTest {
  if (!(Number.isInteger(right) && Number.isInteger(answers) && right >= 0 && right <= answers))
    throw new RangeError(`right (${right}) and answers (${answers}) must be counts, right the smaller`)
  if (!(floor >= 0 && floor <= bar && bar < 1))
    throw new RangeError(`0 <= floor (${floor}) <= bar (${bar}) < 1 must hold`)
  if (!(alpha > 0 && alpha < 0.5)) throw new RangeError(`alpha (${alpha}) must be between 0 and 0.5`)
  const low = 1 - rateUpperBound(answers - right, answers, alpha)
  const high = rateUpperBound(right, answers, alpha)
  return { verdict: low > bar ? 'vetted' : high < floor ? 'suspended' : 'undecided', low, high }
}

/** Right answers in a row that vet a rater who has given none yet. */
export function answersToVet({ bar, alpha }: Pick<SkillBars, 'bar' | 'alpha'>): number {
  let answers = 1
  while (testSkill(answers, answers, { bar, floor: 0, alpha }).verdict !== 'vetted') answers += 1
  return answers
}
