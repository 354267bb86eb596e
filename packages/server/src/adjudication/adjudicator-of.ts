/** Who may decide what others disagree on: a person who is an expert, or an admin. */
import { type Reviewer, raterOf } from '../assignments/rater-of.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Principal } from '../http/environment.ts'
import { tierOf } from '../raters/stored-raters.ts'

export type Adjudicator = Pick<Reviewer, 'projectId' | 'raterId'>

/** Throws `forbidden` for keys, for raters of another tier, and for whoever is suspended. */
export async function adjudicatorOf(
  effects: Effects,
  projectId: string,
  principal: Principal,
): Promise<Adjudicator> {
  if (principal.kind === 'key')
    throw new AppError(
      'forbidden',
      'What people disagree on is decided by a person, not by an API key.',
      'Sign in as an admin or as a rater of the tier expert.',
    )
  const { raterId } = await raterOf(effects, projectId, principal)
  if (
    principal.role !== 'admin' &&
    (await tierOf(effects.db, projectId, [raterId])).get(raterId) !== 'expert'
  )
    throw new AppError(
      'forbidden',
      'What people disagree on is decided by experts and admins.',
      'Ask an admin of this project to make you an expert.',
    )
  return { projectId, raterId }
}

/** The same as yes or no, for a page that shows the way there only to those who may go. */
export async function mayAdjudicate(
  { db }: Pick<Effects, 'db'>,
  { projectId, raterId }: Adjudicator,
  principal: Principal,
): Promise<boolean> {
  if (principal.kind === 'key') return false
  return principal.role === 'admin' || (await tierOf(db, projectId, [raterId])).get(raterId) === 'expert'
}
