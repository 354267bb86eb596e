/** Puts one fault into copies of episodes. A copy waits until somebody has looked at it: an edit need not be a fault. */
import { createHash } from 'node:crypto'
import type { PlantFaults } from '@leeway/contract/planted-faults'
import { applyOperator } from '@leeway/core/planted-faults/apply-operator'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { optionsOf } from '@leeway/core/rubrics/scale'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { chunksOf } from '../episodes/chunks.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { episodeChunks } from '../episodes/tables.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { plantedFaults } from './tables.ts'

type Wanted = z.output<typeof PlantFaults>
type Planted = {
  readonly id: string
  readonly episodeId: string
  readonly step: number
  readonly words: string
}
type Skipped = { readonly episodeId: string; readonly reason: string }

export async function plantFaults(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: Wanted,
): Promise<{ readonly planted: readonly Planted[]; readonly skipped: readonly Skipped[] }> {
  const sha256 = criterionSha256(await criterionFor(effects, projectId, wanted))
  const { operator } = wanted
  return effects.db.transaction(async (tx) => {
    const planted: Planted[] = []
    const skipped: Skipped[] = []
    // One at a time: an episode may be large.
    for (const episodeId of new Set(wanted.episodes)) {
      const done = await plantOne(tx, effects, { projectId, actor, sha256, episodeId, wanted })
      if ('reason' in done) skipped.push(done)
      else planted.push(done)
    }
    // Which episodes stays out of the ledger: auditors export it, and raters must not learn it.
    if (planted.length > 0)
      await appendLedger(tx, effects.ledgerSigner, {
        projectId,
        at: effects.now(),
        actor,
        action: 'faults.planted',
        body: { operator, criterionSha256: sha256, copies: planted.length },
      })
    return { planted, skipped }
  })
}

async function plantOne(
  tx: Transaction,
  effects: Effects,
  one: {
    readonly projectId: string
    readonly actor: string
    readonly sha256: string
    readonly episodeId: string
    readonly wanted: Wanted
  },
): Promise<Planted | Skipped> {
  const { projectId, actor, sha256, episodeId, wanted } = one
  const { operator, value } = wanted
  const [stored] = await storedEpisodes(tx, projectId, [episodeId])
  if (stored === undefined || stored.episode.steps.length === 0)
    return { episodeId, reason: 'there is no such episode in this project, or its text is gone' }
  // The same place whenever it is asked for: a second copy with the same fault would tell.
  const seed = createHash('sha256').update(`${projectId}:${episodeId}:${operator}`).digest().readInt32BE(0)
  const edited = applyOperator(operator, stored.episode, seed)
  if (edited.kind === 'insufficient') return { episodeId, reason: edited.reason }
  const { episode, step, words } = edited
  const id = effects.newId()
  const added = await tx
    .insert(plantedFaults)
    .values({
      projectId,
      id,
      episodeId,
      criterionSha256: sha256,
      operator,
      value,
      step,
      stepCount: episode.steps.length,
      errorCount: episode.steps.filter(({ error }) => error !== null).length,
      actor,
      at: effects.now(),
    })
    .onConflictDoNothing()
    .returning({ id: plantedFaults.id })
  if (added.length === 0) return { episodeId, reason: 'this fault was planted in it before' }
  const chunks = chunksOf({ ...episode, outcome: { success: null, severe: false, detail: null } })
  await tx.insert(episodeChunks).values(chunks.map((chunk) => ({ projectId, episodeId: id, ...chunk })))
  return { id, episodeId, step, words }
}

async function criterionFor(effects: Effects, projectId: string, wanted: Wanted): Promise<Criterion> {
  const row = await findRubric(effects.db, projectId, wanted.rubric)
  if (row === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'body.rubric',
      },
    )
  const forPeople = criteriaOf(rubricOf(row)).filter(({ answeredBy }) => answeredBy.includes('human'))
  const criterion = forPeople.find(({ id }) => id === wanted.criterion)
  if (criterion === undefined)
    throw new AppError(
      'unprocessable',
      `The rubric has no question "${wanted.criterion}" for people.`,
      `Name one of: ${forPeople
        .map(({ id }) => id)
        .slice(0, 20)
        .join(', ')}.`,
      { field: 'body.criterion' },
    )
  const options = optionsOf(criterion.scale)
  if (options === null || !options.includes(wanted.value))
    throw new AppError(
      'unprocessable',
      options === null
        ? 'A number has no known answer here.'
        : `"${wanted.value}" is no answer to this question.`,
      options === null ? 'Take a question with options.' : `Write one of: ${options.join(', ')}.`,
      { field: 'body.value' },
    )
  return criterion
}
