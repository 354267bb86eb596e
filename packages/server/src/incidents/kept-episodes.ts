/** Which episodes an examiner still needs: their text is kept whatever the days of retention. */
import { type SQL, sql } from 'drizzle-orm'

/** A condition: an incident of the episode is open. `episode` is a column or a value. */
export function isKept(projectId: string, episode: SQL): SQL {
  return sql`exists (select 1 from incidents where incidents.project_id = ${projectId}
    and incidents.episode_id = ${episode} and not exists (select 1 from incident_ends
      where incident_ends.project_id = incidents.project_id and incident_id = incidents.id))`
}
