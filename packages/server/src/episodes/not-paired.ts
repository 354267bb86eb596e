import { PAIRED_PREFIX } from '@leeway/core/ladder/paired-answers'
import { type SQL, sql } from 'drizzle-orm'

/**
 * SQL: true of an episode that happened, false of one answer that was given beside another (`shadows/draw-pairs.ts`) and is kept like
 * an episode for raters alone. `unitKey` is the key of its unit.
 */
export const isNotPaired = (unitKey: SQL) =>
  sql`(${unitKey} is null or ${unitKey} not like ${`${PAIRED_PREFIX}%`})`
