/** Agreeing to a validity round, and guessing in it: what is shown is drawn at the moment somebody agrees, and kept. */
import type { AnswerValidity, ValidityOffer, ValidityTurn } from '@leeway/contract/validity'
import { PLANTED_SHARE, validityPlaces as placesFor } from '@leeway/core/planted-faults/validity-places'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { showCopy } from '../planted-faults/show-copy.ts'
import { faultsFor, hasText } from './faults-for.ts'
import type { Participant } from './participant-of.ts'
import { requireValidityRound, type ValidityRound, validityRoundsOf } from './rounds.ts'
import { validityAnswers, validityPlaces } from './tables.ts'

type Place = {
  readonly place: number
  readonly episode_id: string
  readonly value: string
  readonly criterion: Criterion
  readonly planted: boolean
  /** Null: not answered yet. */
  readonly said_planted: boolean | null
  /** False: erased since it was drawn. */
  readonly has_text: boolean
}

/** Open rounds, and those that this one takes part in. */
export async function validityOffers(
  executor: Executor,
  who: Participant,
): Promise<readonly ValidityOffer[]> {
  const offers: ValidityOffer[] = []
  for (const round of await validityRoundsOf(executor, who.projectId)) {
    const places = await placesOf(executor, who, round.id)
    if (round.ended === null || places.length > 0) offers.push(offerOf(round, places))
  }
  return offers
}

/** The same again changes nothing. */
export async function agreeToValidity(effects: Effects, who: Participant, roundId: string): Promise<void> {
  const { projectId, raterId } = who
  await effects.db.transaction(async (tx) => {
    // Hidden known questions are drawn under the same lock: nobody is drawn for both.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`vetting:${projectId}`}))`)
    const round = await requireValidityRound(tx, projectId, roundId)
    if ((await placesOf(tx, who, roundId)).length > 0) return
    if (round.ended !== null) throw over()
    const places = placesFor(
      raterId,
      await faultsFor(tx, projectId, raterId, round.operator),
      round.questions,
      (words) => keyedDraw(round.seed, words),
    )
    if (places.length === 0)
      throw new AppError(
        'conflict',
        'There is nothing in this round that would be new to you.',
        'Somebody who has answered less should take part.',
      )
    for (const { fault } of places)
      if (
        fault.operator !== null &&
        !(await showCopy(tx, effects, {
          projectId,
          raterId,
          episodeId: fault.originalId,
          copyId: fault.id,
        }))
      )
        throw new Error(`rater ${raterId} is shown another copy of ${fault.originalId} already`)
    const at = effects.now()
    await tx.insert(validityPlaces).values(
      places.map(({ fault, operator, coin }, index) => ({
        projectId,
        roundId,
        raterId,
        place: index + 1,
        operator,
        coin,
        planted: coin < PLANTED_SHARE,
        episodeId: fault.id,
        originalId: fault.originalId,
        criterionSha256: fault.criterionSha256,
        value: fault.value,
        at,
      })),
    )
  })
}

export async function validityTurn(
  executor: Executor,
  who: Participant,
  roundId: string,
): Promise<ValidityTurn> {
  const round = await requireValidityRound(executor, who.projectId, roundId)
  const places = await placesOf(executor, who, roundId)
  // A round that is over is not told to others.
  if (places.length === 0 && round.ended !== null)
    throw new AppError('not_found', 'There is no such round for you.', 'The inbox lists those there are.')
  const next = round.ended === null ? nextOf(places) : undefined
  const answered = places.filter((one) => one.said_planted !== null)
  return {
    offer: offerOf(round, places),
    item:
      next === undefined
        ? null
        : {
            place: next.place,
            episodeId: next.episode_id,
            question: next.criterion.question,
            guidance: next.criterion.guidance,
            rightAnswer: next.value,
          },
    right:
      next === undefined && answered.length > 0
        ? answered.filter((one) => one.said_planted === one.planted).length
        : null,
  }
}

/** The first answer to a place stands; the same again is told what comes next. */
export async function answerValidity(
  effects: Effects,
  who: Participant,
  roundId: string,
  { place, saidPlanted, startedAt }: z.output<typeof AnswerValidity>,
): Promise<void> {
  const { db } = effects
  const round = await requireValidityRound(db, who.projectId, roundId)
  const places = await placesOf(db, who, roundId)
  if (places.length === 0)
    throw new AppError(
      'not_found',
      'You take no part in such a round.',
      'Agree to it first; it is in the inbox.',
    )
  if (places.some((one) => one.place === place && one.said_planted !== null)) return
  if (round.ended !== null) throw over()
  const next = nextOf(places)
  if (next?.place !== place)
    throw new AppError(
      'conflict',
      next === undefined ? 'You have answered everything.' : `Place ${next.place} comes next, not ${place}.`,
      'Ask for the fault you are at.',
      { field: 'body.place' },
    )
  const at = effects.now()
  const started = new Date(startedAt)
  await db
    .insert(validityAnswers)
    .values({
      projectId: who.projectId,
      roundId,
      raterId: who.raterId,
      place,
      saidPlanted,
      startedAt: started > at ? at : started,
      at,
    })
    .onConflictDoNothing()
}

async function placesOf(
  executor: Executor,
  { projectId, raterId }: Participant,
  roundId: string,
): Promise<readonly Place[]> {
  const { rows } = await executor.execute<Place>(sql`
    select places.place, places.episode_id, places.value, places.planted, answers.said_planted,
      criteria.definition as criterion, ${hasText(projectId, sql`places.episode_id`)} as has_text
    from validity_places places
    join criteria on criteria.project_id = places.project_id and criteria.sha256 = places.criterion_sha256
    left join validity_answers answers on answers.project_id = places.project_id
      and answers.round_id = places.round_id and answers.rater_id = places.rater_id and answers.place = places.place
    where places.project_id = ${projectId} and places.round_id = ${roundId} and places.rater_id = ${raterId}
    order by places.place`)
  return rows
}

function nextOf(places: readonly Place[]): Place | undefined {
  return places.find((one) => one.said_planted === null && one.has_text)
}

function offerOf({ id, consent, questions }: ValidityRound, places: readonly Place[]): ValidityOffer {
  const total = places.filter((one) => one.said_planted !== null || one.has_text).length
  return {
    id,
    consent,
    agreed: places.length > 0,
    answered: places.filter((one) => one.said_planted !== null).length,
    total: places.length > 0 ? total : questions,
  }
}

function over(): AppError {
  return new AppError('conflict', 'This round has ended.', 'Thank you all the same.')
}
