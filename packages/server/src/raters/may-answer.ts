import { type SQL, sql } from 'drizzle-orm'
import { ROLES } from '../http/environment.ts'
import { roleHasScope } from '../http/feature-router.ts'

const ROLES_THAT_RATE = ROLES.filter((role) => roleHasScope(role, 'rate'))

/**
 * SQL: a condition, that whoever stands behind a human rater may still answer: not suspended, the person a member whose role may
 * rate and whose account is on, the key not revoked. What others were at is free for the rest at once.
 */
export const mayAnswer = (projectId: SQL | string, raterId: SQL) => sql`exists (
  select 1 from raters answering
  where answering.project_id = ${projectId} and answering.id = ${raterId}
    and coalesce((select tier from rater_tiers where rater_tiers.project_id = answering.project_id
      and rater_tiers.rater_id = answering.id order by rater_tiers.id desc limit 1), '') <> 'suspended'
    and case when answering.user_id is null then not exists (
        select 1 from api_keys where api_keys.project_id = answering.project_id
          and api_keys.id::text = answering.definition->>'key' and api_keys.revoked_at is not null)
      else exists (
        select 1 from memberships join users on users.id = memberships.user_id and not users.disabled
        where memberships.project_id = answering.project_id and memberships.user_id = answering.user_id
          and memberships.role = any(${`{${ROLES_THAT_RATE.join(',')}}`}::text[])) end)`
