/** How often an arm asks. A first answer looks alike in all of them: nobody knows whether help will follow. */
import { sql } from 'drizzle-orm'

export type Stage = 'first' | 'final'

export function stagesOf(arm: string): readonly Stage[] {
  return arm === 'critique' ? ['first', 'final'] : ['first']
}

/** Holds for the answer that counts, over `study_answers` and its row of `study_places`. */
export const isLast = (answer: string, place: string) =>
  sql.raw(`${answer}.stage = case ${place}.arm when 'critique' then 'final' else 'first' end`)
