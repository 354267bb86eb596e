/** The question one is at in a study, with the help drawn for it, and its answer. Built field by field: no arm, no known answer. */
import type { AnswerStudy, StudyItem, StudyTurn } from '@leeway/contract/studies'
import { optionsOf } from '@leeway/core/rubrics/scale'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { debateTranscript } from '../debates/room.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { partViews } from '../splits/shown-parts.ts'
import { type Stage, stagesOf } from './stages.ts'
import { itemsOf, requireStudy, type Stored } from './stored-study.ts'
import { studyAnswers } from './tables.ts'
import { offerOf, type Part, type Participant, type Place, partOf } from './take-part.ts'

type Next = { readonly place: Place; readonly stage: Stage }

export async function studyTurn(executor: Executor, who: Participant, studyId: string): Promise<StudyTurn> {
  const study = await requireStudy(executor, who.projectId, studyId)
  const part = await partOf(executor, study, who)
  const offer = offerOf(study, part)
  // A study that is full or over is not told to others.
  if (part === null && (study.summary.state !== 'open' || study.summary.joined >= study.row.raters))
    throw new AppError('not_found', 'There is no such study for you.', 'The inbox lists those there are.')
  const next = part === null || study.stop !== null ? null : nextOf(part)
  return {
    offer,
    item: next === null || part === null ? null : await studyItem(executor, study, part, next),
  }
}

/** The first answer to a place and stage stands; the same again is told what comes next. */
export async function answerStudy(
  effects: Effects,
  who: Participant,
  studyId: string,
  answer: z.output<typeof AnswerStudy>,
): Promise<void> {
  const { db } = effects
  const study = await requireStudy(db, who.projectId, studyId)
  const part = await partOf(db, study, who)
  if (part === null)
    throw new AppError(
      'not_found',
      'You take no part in such a study.',
      'Agree to it first; it is in the inbox.',
    )
  const { place, stage, value, probability } = answer
  if (part.answers.some((one) => one.place === place && one.stage === stage)) return
  const next = nextOf(part)
  if (study.stop !== null || next === null)
    throw new AppError('conflict', 'This study is over for you.', 'Thank you for taking part.')
  if (next.place.place !== place || next.stage !== stage)
    throw new AppError(
      'conflict',
      `Question ${next.place.place} comes next, not ${place}.`,
      'Ask for the question you are at.',
      { field: 'body.place' },
    )
  const options = optionsOf(study.criterion.scale) ?? []
  if (!options.includes(value))
    throw new AppError(
      'unprocessable',
      'That is none of the answers.',
      `Choose one of: ${options.join(', ')}.`,
      {
        field: 'body.value',
      },
    )
  const at = effects.now()
  const started = new Date(answer.startedAt)
  await db
    .insert(studyAnswers)
    .values({
      projectId: who.projectId,
      studyId,
      raterId: who.raterId,
      place,
      stage,
      value,
      probability,
      startedAt: started > at ? at : started,
      at,
    })
    .onConflictDoNothing()
}

function nextOf({ places, answers }: Part): Next | null {
  for (const place of places)
    for (const stage of stagesOf(place.arm))
      if (!answers.some((one) => one.place === place.place && one.stage === stage)) return { place, stage }
  return null
}

async function studyItem(
  executor: Executor,
  study: Stored,
  { places, answers }: Part,
  { place, stage }: Next,
): Promise<StudyItem> {
  const { criterion } = study
  const item = (await itemsOf(executor, study.row)).find(({ episodeId }) => episodeId === place.episodeId)
  if (item === undefined) throw new Error(`study ${study.row.id} lost an item`)
  const first = answers.find((one) => one.place === place.place && one.stage === 'first')
  const record =
    place.arm === 'debate' ? item.debateId : place.arm === 'consultancy' ? item.consultancyId : null
  const heard = record === null ? null : await debateTranscript(executor, study.row.projectId, record)
  return {
    place: place.place,
    total: places.length,
    question: criterion.question,
    guidance: criterion.guidance,
    options: [...(optionsOf(criterion.scale) ?? [])],
    stage,
    episodeId: heard === null ? place.episodeId : null,
    before: first === undefined ? null : { value: first.value, probability: first.probability },
    claims:
      place.arm === 'critique' && stage === 'final'
        ? item.claims.map(({ text, severity, step, quote }) => ({ text, severity, step, quote }))
        : [],
    parts:
      place.arm === 'decomposition' && stage === 'final'
        ? partViews(item.parts).map(({ question, guidance, answers }) => ({ question, guidance, answers }))
        : [],
    speeches: [...(heard?.speeches ?? [])],
    answers: heard?.answers ?? null,
  }
}
