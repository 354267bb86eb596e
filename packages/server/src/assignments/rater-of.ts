/** Who answers: the rater of a principal, and whether its answers are the gate's truth. */

import { AppError } from '../http/app-error.ts'
import type { Effects, Principal } from '../http/environment.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { tierOf } from '../raters/rater-store.ts'

export type Reviewer = {
  readonly projectId: string
  readonly raterId: string
  /** An assignment wants so many answers of trusted raters; as many of untrusted ones do no harm, and show their skill. */
  readonly trusted: boolean
}

/** The rater of a person is theirs alone; an API key answers as a rater of its own. Throws `forbidden` when suspended. */
export async function raterOf(effects: Effects, projectId: string, principal: Principal): Promise<Reviewer> {
  const rater = await ensureRater(effects.db, effects, projectId, {
    kind: 'human',
    name: principal.name,
    family: 'people',
    ...(principal.kind === 'person'
      ? { userId: principal.userId }
      : { definition: { key: principal.keyId } }),
  })
  const tier = (await tierOf(effects.db, projectId, [rater.id])).get(rater.id)
  if (tier === 'suspended')
    throw new AppError(
      'forbidden',
      'Your answers are suspended in this project.',
      'Ask an admin of the project why, and to lift it.',
    )
  return { projectId, raterId: rater.id, trusted: tier === 'trusted' }
}
