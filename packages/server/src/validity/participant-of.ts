/** Who may guess in a validity round: a person with the role of a rater, since others can see which episodes are copies. */
import { raterOf } from '../assignments/rater-of.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Principal } from '../http/environment.ts'

export type Participant = { readonly projectId: string; readonly raterId: string }

export function isParticipant(principal: Principal): boolean {
  return principal.kind === 'person' && principal.role === 'rater'
}

/** Throws `forbidden` for others, and for whoever is suspended. */
export async function participantOf(
  effects: Effects,
  projectId: string,
  principal: Principal,
): Promise<Participant> {
  if (!isParticipant(principal))
    throw new AppError(
      'forbidden',
      'Validity rounds are for people with the role of a rater.',
      'Whoever can see which episodes are copies, as admins and keys can, would not have to guess.',
    )
  const { raterId } = await raterOf(effects, projectId, principal)
  return { projectId, raterId }
}
