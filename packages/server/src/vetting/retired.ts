import { type SQL, sql } from 'drizzle-orm'

/** SQL: a condition, that the known answer is retired: drawn for nobody any more. */
export const isRetired = (
  projectId: SQL | string,
  item: { readonly episodeId: SQL; readonly sha256: SQL | string },
) =>
  sql`exists (select 1 from gold_retirements retired where retired.project_id = ${projectId}
    and retired.episode_id = ${item.episodeId} and retired.criterion_sha256 = ${item.sha256})`
