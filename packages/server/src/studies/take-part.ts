/** Agreeing to take part, and the place of one who did: the plan is drawn then and kept. */

import type { StudyOffer } from '@leeway/contract/studies'
import { planFor } from '@leeway/core/studies/study-plan'
import { and, asc, eq, sql } from 'drizzle-orm'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import { metElsewhere } from '../assignments/met-elsewhere.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { inConflict } from '../raters/conflicts.ts'
import { stagesOf } from './stages.ts'
import { allStudies, itemsOf, requireStudy, type Stored } from './stored-study.ts'
import { studyAnswers, studyConsents, studyPlaces } from './tables.ts'

export type Participant = { readonly projectId: string; readonly raterId: string }
export type Place = typeof studyPlaces.$inferSelect
export type StudyAnswerRow = typeof studyAnswers.$inferSelect
/** One who agreed: what was drawn, and what was answered. */
export type Part = {
  readonly agreedAt: Date
  readonly places: readonly Place[]
  readonly answers: readonly StudyAnswerRow[]
}

/** Studies that one takes part in, and open ones with room. */
export async function offersTo(executor: Executor, who: Participant): Promise<readonly StudyOffer[]> {
  const offers: StudyOffer[] = []
  for (const study of await allStudies(executor, who.projectId)) {
    const part = await partOf(executor, study, who)
    const hasRoom = study.summary.state === 'open' && study.summary.joined < study.row.raters
    if (part !== null || hasRoom) offers.push(offerOf(study, part))
  }
  return offers
}

export function offerOf({ row, summary }: Stored, part: Part | null): StudyOffer {
  return {
    id: row.id,
    name: row.name,
    question: row.question,
    consent: row.consent,
    agreedAt: part?.agreedAt.toISOString() ?? null,
    answered: part?.places.filter((place) => isAnswered(part, place)).length ?? 0,
    total: part?.places.length ?? Math.min(row.itemsPerRater, summary.items),
  }
}

function isAnswered({ answers }: Part, { place, arm }: Place): boolean {
  const last = stagesOf(arm).at(-1)
  return answers.some((one) => one.place === place && one.stage === last)
}

export async function partOf(
  executor: Executor,
  { row }: Pick<Stored, 'row'>,
  { projectId, raterId }: Participant,
): Promise<Part | null> {
  const own = <Table extends typeof studyConsents | typeof studyPlaces | typeof studyAnswers>(table: Table) =>
    and(eq(table.projectId, projectId), eq(table.studyId, row.id), eq(table.raterId, raterId))
  const [consent] = await executor.select().from(studyConsents).where(own(studyConsents))
  if (consent === undefined) return null
  const places = await executor
    .select()
    .from(studyPlaces)
    .where(own(studyPlaces))
    .orderBy(asc(studyPlaces.place))
  const answers = await executor
    .select()
    .from(studyAnswers)
    .where(own(studyAnswers))
    .orderBy(asc(studyAnswers.place))
  return { agreedAt: consent.at, places, answers }
}

/** The same again changes nothing. Throws when the study is over or full, or when nothing in it would be new to this one. */
export async function agree(effects: Effects, who: Participant, studyId: string): Promise<void> {
  const { projectId, raterId } = who
  await effects.db.transaction(async (tx) => {
    // One at a time: no more than were planned.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('study:' || ${studyId}::text, 0))`)
    const study = await requireStudy(tx, projectId, studyId)
    if ((await partOf(tx, study, who)) !== null) return
    if (study.summary.state !== 'open' || study.summary.joined >= study.row.raters)
      throw new AppError('conflict', 'This study takes nobody in any more.', 'Look for another one.')
    const known = await knownTo(tx, who, study)
    const items = (await itemsOf(tx, study.row)).map(({ episodeId }) => episodeId)
    const plan = planFor(
      raterId,
      {
        items: items.filter((episode) => !known.has(episode)),
        arms: study.arms,
        count: study.row.itemsPerRater,
      },
      (words) => keyedDraw(study.row.seed, words),
    )
    if (plan.length < study.arms.length)
      throw new AppError(
        'conflict',
        'You have met too many of the questions of this study already.',
        'Somebody who has not should take part.',
      )
    await tx.insert(studyConsents).values({ projectId, studyId, raterId, at: effects.now() })
    await tx.insert(studyPlaces).values(
      plan.map(({ item, arm }, at) => ({
        projectId,
        studyId,
        raterId,
        place: at + 1,
        episodeId: item,
        arm,
      })),
    )
  })
}

/** Episodes about which this one has answered the question or a part that is shown, will, has met it elsewhere, or may not judge. */
async function knownTo(
  executor: Executor,
  { projectId, raterId }: Participant,
  { row }: Stored,
): Promise<ReadonlySet<string>> {
  const { rows } = await executor.execute<{ episode_id: string }>(sql`
    select episode_id from ratings where project_id = ${projectId} and rater_id = ${raterId}
      and criterion_sha256 = ${row.criterionSha256}
    union select items.episode_id from study_items items
      cross join lateral jsonb_array_elements(items.parts) as part
      join ratings own on own.project_id = items.project_id and own.episode_id = items.episode_id
        and own.criterion_sha256 = part.value->>'sha256'
      where items.project_id = ${projectId} and items.study_id = ${row.id} and own.rater_id = ${raterId}
    union select episode_id from vetting_draws where project_id = ${projectId} and rater_id = ${raterId}
      and criterion_sha256 = ${row.criterionSha256}
    union select met.episode_id from ${metElsewhere(projectId, raterId)} met
      where met.criterion_sha256 = ${row.criterionSha256}
    union select study_items.episode_id from study_items where project_id = ${projectId} and study_id = ${row.id}
      and ${inConflict(projectId, raterId, sql`study_items.episode_id`)}`)
  return new Set(rows.map(({ episode_id }) => episode_id))
}
