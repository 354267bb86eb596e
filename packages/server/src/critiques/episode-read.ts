/** Which episode a critic means, and what of it they read: of a copy, where they are shown one in its place. */
import { sql } from 'drizzle-orm'
import type { AccountServices } from '../accounts/account-services.ts'
import { type StoredWords, storedWords } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Principal } from '../http/environment.ts'
import { hasScope } from '../http/feature-router.ts'
import { shownCopies } from '../planted-faults/shown-copies.ts'

export type EpisodeRead = {
  /** Where claims about it belong. */
  readonly id: string
  readonly agentId: string
  readonly text: StoredWords
}

/** Raters know episodes by their aliases only; an id that a rater may not know leads nowhere. Throws `not_found`. */
export async function requireEpisodeRead(
  { db }: Pick<Effects, 'db'>,
  { aliases }: Pick<AccountServices, 'aliases'>,
  projectId: string,
  principal: Principal,
  named: string,
): Promise<EpisodeRead> {
  const original = aliases.idOf(projectId, named) ?? (hasScope(principal, 'read') ? named : null)
  const { rows } = await db.execute<{ agent_id: string }>(sql`
    select agent_id from episodes where project_id = ${projectId} and id = ${original}`)
  const id = (await shownCopies(db, projectId, principal)).of.get(original ?? '')?.copyId ?? original
  const text = id === null ? undefined : await storedWords(db, projectId, id)
  const [header] = rows
  if (header === undefined || id === null || text === undefined)
    throw new AppError(
      'not_found',
      'There is no such episode with its text in this project.',
      'Take one from the list of episodes.',
    )
  return { id, agentId: header.agent_id, text }
}
