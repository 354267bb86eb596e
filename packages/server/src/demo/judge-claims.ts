/** What the two vetted people of the demo made of critiques: enough to see which claims are worth showing. */
import { type Claim, SEVERITIES } from '@leeway/core/critiques/claim'
import { claimsAbout } from '../critiques/claims-about.ts'
import { claimMarks, critiqueReveals } from '../critiques/tables.ts'
import type { Effects } from '../http/environment.ts'
import { standingRatings } from '../ratings/stored-ratings.ts'
import { createRng } from './world/rng.ts'

/** How often a claim of the simulated critic holds. */
const HOLDS: Readonly<Record<Claim['severity'], number>> = { critical: 0.85, major: 0.6, minor: 0.2 }
/** Of those that hold. */
const SEEN = 0.3
/** Every third answer went without, for comparison. */
const NONE_EVERY = 3

export async function judgeClaims(
  effects: Effects,
  projectId: string,
  criterionSha256: string,
  raterIds: readonly string[],
): Promise<void> {
  const answers = await standingRatings(effects.db, projectId, { criteria: [criterionSha256], raterIds })
  for (const [at, { id: ratingId, episodeId, raterId }] of answers.entries()) {
    const claims = [...(await claimsAbout(effects.db, { projectId, episodeId, criterionSha256 }))].sort(
      (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
    )
    if (claims.length === 0) continue
    const chance = createRng(`claims ${at}`)
    const arm = at % NONE_EVERY === 0 ? 'none' : 'critique'
    const shown = { projectId, raterId, assignmentId: effects.newId(), at: effects.now() }
    await effects.db.insert(critiqueReveals).values({ ...shown, ratingId, arm, claims })
    if (arm === 'none') continue
    await effects.db.insert(claimMarks).values(
      claims.map(({ severity }, claim) => ({
        ...shown,
        id: effects.newId(),
        claim,
        mark: !chance.chance(HOLDS[severity]) ? 'invalid' : chance.chance(SEEN) ? 'seen' : 'valid',
      })),
    )
  }
}
