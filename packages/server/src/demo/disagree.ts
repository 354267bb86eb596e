/** Two vetted people of the demo who disagree now and then: a few questions wait for whoever decides. */
import { eq } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { setTier } from '../raters/set-tier.ts'
import { raters } from '../raters/tables.ts'
import { importRatings } from '../ratings/import-ratings.ts'

/** The second one reads the question more strictly. */
const PEOPLE = [
  { name: 'Ines (simulated)', comment: 'It did what was asked for.', evidence: [1, 3] },
  { name: 'Paul (simulated)', comment: 'One part of the request was never taken up again.', evidence: [1] },
] as const
/** Every third episode is one they disagree on. */
const DISAGREE_EVERY = 3

/** `about`: episodes, with whether the world of the demo counts each as done. Gives the two. */
export async function disagree(
  effects: Effects,
  { projectId, id: rubric }: { readonly projectId: string; readonly id: string },
  about: readonly { readonly id: string; readonly success: number | null }[],
  actor: string,
): Promise<readonly string[]> {
  await importRatings(effects, projectId, actor, {
    rubric,
    ratings: PEOPLE.flatMap(({ name, comment, evidence }, person) =>
      about.map(({ id, success }, at) => {
        const differs = person === 1 && at % DISAGREE_EVERY === 0
        return {
          episodeId: id,
          criterion: 'root',
          rater: name,
          raterKind: 'human' as const,
          answer: { kind: 'answered' as const, value: (success === 1) !== differs ? 'yes' : 'no' },
          probability: null,
          form: 'find' as const,
          comment: at % DISAGREE_EVERY === 0 ? comment : '',
          evidence: at % DISAGREE_EVERY === 0 ? [...evidence] : [],
          claims: [],
          sourceKey: `demo disagree ${at}`,
        }
      }),
    ),
  })
  const found = await effects.db.select().from(raters).where(eq(raters.projectId, projectId))
  const vetted = found.filter(({ name }) => PEOPLE.some((one) => one.name === name)).map(({ id }) => id)
  for (const raterId of vetted)
    await setTier(effects, { projectId, raterId, tier: 'vetted', reason: 'Simulated.', actor })
  return vetted
}
