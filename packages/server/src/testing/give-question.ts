import { showMe } from '@leeway/contract/accounts'
import { and, eq, isNotNull } from 'drizzle-orm'
import { reservations } from '../assignments/tables.ts'
import { raters } from '../raters/tables.ts'
import type { TestServer } from './test-server.ts'

/** As if this very question had been the next one of the person with the cookie, who has a name of their own. */
export async function giveQuestion(
  { effects, project, request }: TestServer,
  cookie: string,
  assignmentId: string,
): Promise<void> {
  // Whoever has looked at the inbox is a rater.
  await request(`/api/projects/${project.slug}/inbox`, { cookie }).then((answer) => answer.text())
  const { name } = showMe.response.parse(await (await request(showMe.path, { cookie })).json())
  const [rater] = await effects.db
    .select()
    .from(raters)
    .where(and(eq(raters.projectId, project.id), eq(raters.name, name), isNotNull(raters.userId)))
  const startedAt = effects.now()
  const place = { projectId: project.id, raterId: rater?.id ?? '', assignmentId }
  await effects.db
    .insert(reservations)
    .values({ ...place, startedAt, expiresAt: new Date(startedAt.getTime() + 15 * 60_000) })
    .onConflictDoNothing()
}
