import { sql } from 'drizzle-orm'

/** Of a process: heard of so lately that what it enforces may not have run out yet. */
export const LIVE = sql`seen_at > now() - interval '20 seconds'`
