/** Who counts as one: a person or a program by itself, models by their family, whose members share weights and so errors. */
import { type SQL, sql } from 'drizzle-orm'

export function voiceOf(rater: {
  readonly id: string
  readonly kind: string
  readonly family: string
}): string {
  return rater.kind === 'model' ? `family ${rater.family.trim().toLowerCase()}` : rater.id
}

/** SQL: the same of a row of `raters` under this name. */
export const voiceIn = (rater: SQL) => sql`(case when ${rater}.kind = 'model'
  then 'family ' || lower(trim(${rater}.family)) else ${rater}.id::text end)`
