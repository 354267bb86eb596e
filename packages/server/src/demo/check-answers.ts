/** Simulated people in both forms: each finds the answer on half of the known episodes, and checks another's on the rest. */
import { SetFormRule } from '@leeway/contract/question-forms'
import type { QuestionForm } from '@leeway/core/question-forms/question-form'
import { and, eq } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import { assignments } from '../assignments/tables.ts'
import type { Effects } from '../http/environment.ts'
import { setFormRule } from '../question-forms/form-rules.ts'
import { questionForms } from '../question-forms/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings, type NewRating } from '../ratings/stored-ratings.ts'
import type { RubricRow } from '../rubrics/stored-rubrics.ts'
import type { KnownEpisode } from './stage-debates.ts'
import { createRng } from './world/rng.ts'

/** How often each finds what is so, keeps a right answer that is proposed, and accepts a wrong one; seconds in both forms. */
const PEOPLE = Array.from({ length: 6 }, (_, at) => ({
  name: `Checker ${at + 1} (simulated)`,
  finds: 0.84 + 0.02 * at,
  keeps: 0.97,
  accepts: at === 0 ? 0.6 : 0.15,
  seconds: { find: 70 + 5 * at, verify: 40 + 4 * at },
}))
const PLANTED_EVERY = 3

export async function checkAnswers(
  effects: Effects,
  { projectId, id: rubricId }: Pick<RubricRow, 'projectId' | 'id'>,
  criterionSha256: string,
  known: readonly KnownEpisode[],
  actor: string,
): Promise<void> {
  const { db } = effects
  await setFormRule(effects, projectId, actor, SetFormRule.parse({ criterionSha256 }))
  const episodeIds = known.map(({ id }) => id)
  const wanted = { rubricId, criterionSha256, episodeIds, answersWanted: PEOPLE.length / 2 }
  await db.transaction((tx) => openAssignments(tx, effects, projectId, { ...wanted, purpose: 'chosen' }))
  const asked = await db
    .select()
    .from(assignments)
    .where(and(eq(assignments.projectId, projectId), eq(assignments.criterionSha256, criterionSha256)))
  const places = new Map(asked.map((row) => [row.episodeId, row.id]))
  const chance = createRng('checks')
  const say = (truth: boolean, isRight: boolean) => (truth === isRight ? 'yes' : 'no')
  const raters = new Map<string, string>()
  for (const { name } of PEOPLE) {
    const row = await ensureRater(db, effects, projectId, { kind: 'human', name, family: 'people' })
    raters.set(name, row.id)
  }
  const ratings: NewRating[] = []
  const forms: (typeof questionForms.$inferInsert)[] = []
  const rate = (person: (typeof PEOPLE)[number], episodeId: string, form: QuestionForm, value: string) => {
    const committedAt = effects.now()
    const id = effects.newId()
    ratings.push({
      projectId,
      id,
      episodeId,
      criterionSha256,
      raterId: raters.get(person.name) ?? '',
      assignmentId: places.get(episodeId) ?? null,
      kind: 'answered',
      value,
      comment: '',
      evidence: [],
      flagged: false,
      assistance: 'none',
      form,
      commitKey: id,
      startedAt: new Date(committedAt.getTime() - person.seconds[form] * 1_000),
      committedAt,
    })
    return { id, value }
  }
  for (const [at, { id: episodeId, succeeded }] of known.entries()) {
    const isFinder = (index: number) => (index + at) % 2 === 0
    const found = PEOPLE.flatMap((person, index) =>
      isFinder(index) ? [rate(person, episodeId, 'find', say(succeeded, chance.chance(person.finds)))] : [],
    )
    for (const [index, person] of PEOPLE.entries()) {
      const source = found[(index + at) % found.length]
      if (isFinder(index) || source === undefined) continue
      const planted = (index + at) % PLANTED_EVERY === 0
      const right = say(succeeded, true)
      const proposed = planted ? say(succeeded, false) : source.value
      forms.push({
        projectId,
        raterId: raters.get(person.name) ?? '',
        episodeId,
        criterionSha256,
        form: 'verify',
        probability: 0.5,
        proposed,
        sourceRatingId: planted ? null : source.id,
        planted,
        at: effects.now(),
      })
      const isAccepted = chance.chance(proposed === right ? person.keeps : person.accepts)
      const other = proposed === 'yes' ? 'no' : 'yes'
      rate(person, episodeId, 'verify', isAccepted ? proposed : other)
    }
  }
  if (forms.length > 0) await db.insert(questionForms).values(forms)
  await insertRatings(db, ratings)
}
