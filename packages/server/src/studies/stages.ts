/** How often an arm asks. A first answer looks alike in all of them: nobody knows whether help will follow. */
import { sql } from 'drizzle-orm'

export type Stage = 'first' | 'final'

/** Help that comes after a first answer; the other kinds stand in the place of the episode. */
const ASKED_TWICE = ['critique', 'decomposition']

export function stagesOf(arm: string): readonly Stage[] {
  return ASKED_TWICE.includes(arm) ? ['first', 'final'] : ['first']
}

/** Holds for the answer that counts, over `study_answers` and its row of `study_places`. */
export const isLast = (answer: string, place: string) =>
  sql.raw(
    `${answer}.stage = case when ${place}.arm in (${ASKED_TWICE.map((arm) => `'${arm}'`).join()}) then 'final' else 'first' end`,
  )
