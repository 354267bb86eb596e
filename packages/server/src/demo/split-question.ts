/**
 * A question of the demo that is split, with what simulated people said to its parts: one of them is read carelessly. No limits
 * are set, so that visitors are not asked the parts too; whoever sets them sees the parts in review.
 */
import { SaveSplit } from '@leeway/contract/splits'
import { eq } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { setGold } from '../raters/set-gold.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import type { RubricRow } from '../rubrics/stored-rubrics.ts'
import { saveSplit } from '../splits/save-split.ts'
import { standingSplitOf } from '../splits/stored-splits.ts'
import { createRng } from './world/rng.ts'

type Told = { readonly id: string; readonly success: number | null }

/** `careful`: how often somebody says what the world knows. */
const PARTS = [
  {
    question: 'Was everything taken up that the customer asked for at first?',
    guidance: '',
    careful: 0.95,
    comment: 'Each wish of the first message is met.',
  },
  {
    question: 'Where the customer changed their mind, did the agent follow the last wish?',
    guidance: 'Yes, too, if they never did.',
    careful: 0.72,
    comment: 'The last wish stands near the end.',
  },
] as const
const PERSON = 'Rosa (simulated)'
const SECONDS = 40

export async function splitQuestion(
  effects: Effects,
  { projectId, id: rubric }: Pick<RubricRow, 'projectId' | 'id'>,
  criterionSha256: string,
  about: { readonly asked: readonly Told[]; readonly known: readonly Told[] },
  actor: string,
): Promise<void> {
  const parts = PARTS.map(({ question, guidance }) => ({ question, guidance }))
  await saveSplit(effects, projectId, actor, SaveSplit.parse({ rubric, criterionSha256, parts }))
  const split = await standingSplitOf(effects.db, projectId, criterionSha256)
  const people = await effects.db.select().from(raters).where(eq(raters.projectId, projectId))
  const rater = people.find(({ name }) => name === PERSON)
  if (split === undefined || rater === undefined) throw new Error('the demo could not split its question')
  const at = effects.now()
  for (const [place, sha256] of split.parts.entries()) {
    const part = PARTS[place]
    if (part === undefined) continue
    const chance = createRng(`part ${place}`)
    const said = [...about.asked, ...about.known].map(({ id, success }) => {
      const says = (success === 1) === chance.chance(part.careful)
      return { episodeId: id, value: says ? 'yes' : 'no', comment: says ? part.comment : '' }
    })
    await insertRatings(
      effects.db,
      said.map((one) => ({
        projectId,
        id: effects.newId(),
        ...one,
        criterionSha256: sha256,
        raterId: rater.id,
        kind: 'answered',
        evidence: [1],
        flagged: false,
        assistance: 'none',
        commitKey: `demo part ${place} ${one.episodeId}`,
        startedAt: new Date(at.getTime() - 1000 * SECONDS),
        committedAt: at,
      })),
    )
    for (const { id, success } of about.known)
      await setGold(effects, {
        projectId,
        episode: id,
        criterionSha256: sha256,
        value: success === 1 ? 'yes' : 'no',
        explanation: 'Simulated: the same as for the whole.',
        actor,
      })
  }
}
