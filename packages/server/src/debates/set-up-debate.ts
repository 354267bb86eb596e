/** Sets up a debate: which answer is shown as A, and who speaks for which, is drawn and recorded. */
import type { SetUpDebate } from '@leeway/contract/debates'
import type { Side } from '@leeway/core/debates/protocol'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { optionsOf } from '@leeway/core/rubrics/scale'
import { v4 } from 'uuid'
import type { z } from 'zod'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { requireSitter } from './seats.ts'
import type { Seat } from './stored-debate.ts'
import { debateSeats, debates } from './tables.ts'

type Wanted = z.output<typeof SetUpDebate>

export async function setUpDebate(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: Wanted,
): Promise<string> {
  const criterion = await requireCriterion(effects, projectId, wanted)
  const [stored] = await storedEpisodes(effects.db, projectId, [wanted.episode])
  if (stored === undefined || stored.episode.steps.length === 0)
    throw new AppError(
      'not_found',
      'There is no such episode with its text in this project.',
      'Take it from the list.',
      {
        field: 'body.episode',
      },
    )
  const named = answersOf(criterion, wanted)
  requireSpeakers(wanted)
  const swapped = uniformDraw(effects) < 0.5
  const [answerA, answerB] = swapped ? [named[1], named[0]] : named
  const sides: readonly Side[] = uniformDraw(effects) < 0.5 ? ['a', 'b'] : ['b', 'a']
  const seated: [Seat, string | null][] = [
    ...wanted.speakers.map((rater, at): [Seat, string | null] => [sides[at] as Side, rater]),
    ['judge', wanted.judge],
  ]
  const item = { episodeId: wanted.episode, criterionSha256: criterionSha256(criterion) }
  // Speakers and judge are told its id, which must not hold the time.
  const id = v4({ random: effects.randomBytes(16) })
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    for (const [seat, raterId] of seated)
      if (raterId !== null) await requireSitter(tx, { projectId, raterId }, item, seat)
    const speakers = seated.map(([seat]) => seat).filter((seat) => seat !== 'judge')
    const { rounds, words, roundCost, judgeSees } = wanted
    await tx.insert(debates).values({
      projectId,
      id,
      rubricId: wanted.rubric,
      ...item,
      answerA,
      answerB,
      swapped,
      speakers: speakers.sort(),
      rounds,
      words,
      roundCost,
      judgeSees,
      actor,
      at,
    })
    const taken = seated.flatMap(([seat, raterId]) =>
      raterId === null ? [] : [{ projectId, debateId: id, seat, raterId, at }],
    )
    if (taken.length > 0) await tx.insert(debateSeats).values(taken)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'debate.set_up',
      body: { debate: id, kind: wanted.kind, ...item, rounds, words, roundCost, judgeSees },
    })
  })
  return id
}

async function requireCriterion(effects: Effects, projectId: string, wanted: Wanted): Promise<Criterion> {
  const rubric = await findRubric(effects.db, projectId, wanted.rubric)
  if (rubric === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'body.rubric',
      },
    )
  const found = criteriaOf(rubricOf(rubric)).find(({ id }) => id === wanted.criterion)
  if (found === undefined)
    throw new AppError(
      'not_found',
      `The rubric has no question "${wanted.criterion}".`,
      'Name a leaf of the rubric by its id.',
      { field: 'body.criterion' },
    )
  return found
}

function answersOf(criterion: Criterion, { answers }: Wanted): readonly [string, string] {
  const options = criterion.scale.kind === 'pairwise' ? null : optionsOf(criterion.scale)
  if (options === null)
    throw new AppError(
      'unprocessable',
      `"${criterion.question}" has no answers to choose from, so nobody can argue for one.`,
      'Debate a question with the scale yes/no, or with levels.',
      { field: 'body.criterion' },
    )
  const [first, second] = answers ?? options
  if (first === undefined || second === undefined || (answers === undefined && options.length > 2))
    throw new AppError(
      'unprocessable',
      'Which two answers are debated?',
      `Name two of: ${options.join(', ')}.`,
      {
        field: 'body.answers',
      },
    )
  if (first === second || !options.includes(first) || !options.includes(second))
    throw new AppError(
      'unprocessable',
      'These are no two answers of the scale.',
      `Name two of: ${options.join(', ')}.`,
      { field: 'body.answers' },
    )
  return [first, second]
}

function requireSpeakers({ kind, speakers, judge }: Wanted): void {
  const needed = kind === 'debate' ? 2 : 1
  if (speakers.length !== needed)
    throw new AppError(
      'unprocessable',
      `A ${kind} has ${needed === 2 ? 'two speakers' : 'one speaker'}, and ${speakers.length} are named.`,
      'Name raters by id, or null where the first who wants to may speak.',
      { field: 'body.speakers' },
    )
  // The same model may argue both sides; nobody judges their own words.
  if (judge !== null && speakers.includes(judge))
    throw new AppError('unprocessable', 'Nobody judges their own words.', 'Name another judge.', {
      field: 'body.judge',
    })
}
