/** Puts questions into the inbox because a person wants them answered. Such answers never enter a gate by themselves. */
import type { AskQuestions } from '@leeway/contract/review'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, type RubricRow, rubricOf } from '../rubrics/stored-rubrics.ts'
import { openAssignments } from './open-assignments.ts'

/** Of one request: a bounded transaction, and more than a team answers in a month. */
const QUESTIONS_MAX = 50_000

export async function askQuestions(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof AskQuestions>,
): Promise<{ added: number; known: number }> {
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
  const criteria = criteriaFor(row, wanted.criteria)
  return effects.db.transaction(async (tx) => {
    const episodeIds = await episodesFor(tx, effects, row, wanted.episodes)
    if (criteria.length * episodeIds.length > QUESTIONS_MAX)
      throw new AppError(
        'too_large',
        `${criteria.length} questions about ${episodeIds.length} episodes are more than ${QUESTIONS_MAX} at once.`,
        'Name fewer questions or episodes, and ask again for the others.',
        { field: 'body.episodes' },
      )
    let added = 0
    for (const criterion of criteria) {
      const opened = await openAssignments(tx, effects, projectId, {
        rubricId: row.id,
        criterionSha256: criterionSha256(criterion),
        episodeIds,
        answersWanted: wanted.answersWanted,
        purpose: 'chosen',
      })
      added += opened.added
    }
    const known = criteria.length * episodeIds.length - added
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: effects.now(),
      actor,
      action: 'questions.asked',
      body: {
        agent: row.agentId,
        rubric: row.id,
        criteria: criteria.length,
        episodes: episodeIds.length,
        answersWanted: wanted.answersWanted,
        added,
      },
    })
    return { added, known }
  })
}

function criteriaFor(row: RubricRow, wanted: readonly string[] | undefined): readonly Criterion[] {
  const all = criteriaOf(rubricOf(row))
  const found = wanted === undefined ? all.filter(isForPeople) : wanted.map((id) => requireCriterion(all, id))
  if (found.length === 0)
    throw new AppError(
      'unprocessable',
      'No question of this rubric is for people.',
      'Add human to answeredBy of a question, and save the rubric.',
      { field: 'body.rubric' },
    )
  return [...new Set(found)]
}

/** About one episode: which of two is better is asked elsewhere. */
function isForPeople({ answeredBy, scale }: Criterion): boolean {
  return answeredBy.includes('human') && scale.kind !== 'pairwise'
}

function requireCriterion(all: readonly Criterion[], id: string): Criterion {
  const criterion = all.find((one) => one.id === id)
  const field = 'body.criteria'
  if (criterion === undefined)
    throw new AppError(
      'unprocessable',
      `The rubric has no question "${id}".`,
      `Name one of: ${all
        .filter(isForPeople)
        .map((one) => one.id)
        .slice(0, 20)
        .join(', ')}.`,
      { field },
    )
  if (!isForPeople(criterion))
    throw new AppError(
      'unprocessable',
      criterion.scale.kind === 'pairwise'
        ? `"${id}" compares two episodes; it cannot be asked about one.`
        : `No person may answer "${id}".`,
      'Leave it out, or change the question in the rubric.',
      { field },
    )
  return criterion
}

/** Drawn for each one wanted, because retention may have removed the text of some. */
const DRAWN_FOR_ONE = 4

/** Of the rubric's agent, with their text. */
async function episodesFor(
  tx: Transaction,
  effects: Pick<Effects, 'randomBytes'>,
  { projectId, agentId }: RubricRow,
  wanted: z.output<typeof AskQuestions>['episodes'],
): Promise<readonly string[]> {
  if (!Array.isArray(wanted)) {
    const seed = Buffer.from(effects.randomBytes(16)).toString('hex')
    const drawn = await tx.execute<{ id: string }>(sql`
      select id from episodes where project_id = ${projectId} and agent_id = ${agentId} and ${isNotPaired(sql`unit_key`)}
      order by md5(${seed} || id::text) limit ${wanted.random * DRAWN_FOR_ONE}`)
    const ids = drawn.rows.map(({ id }) => id)
    const whole = await withText(tx, projectId, ids)
    return ids.filter((id) => whole.has(id)).slice(0, wanted.random)
  }
  const ids = [...new Set(wanted)]
  const own = await tx.execute<{ id: string }>(sql`
    select id from episodes where project_id = ${projectId} and agent_id = ${agentId}
      and id = any(${`{${ids.join(',')}}`}::uuid[])`)
  const there = new Set(own.rows.map(({ id }) => id))
  const whole = await withText(tx, projectId, ids)
  const missing = ids.findIndex((id) => !there.has(id) || !whole.has(id))
  if (missing !== -1)
    throw new AppError(
      'not_found',
      `The rubric's agent has no episode ${ids[missing]} with its text.`,
      'Name episodes of the agent that the rubric is for.',
      { field: `body.episodes[${missing}]` },
    )
  return ids
}

/** Asked for by itself: joined, and right after an import, it is planned as a loop over all episodes in a loop. */
async function withText(
  tx: Transaction,
  projectId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await tx.execute<{ id: string }>(sql`
    select episode_id as id from episode_chunks where project_id = ${projectId}
      and episode_id = any(${`{${ids.join(',')}}`}::uuid[]) and kind = ${CHUNK_KIND.detail} and ordinal = 0`)
  return new Set(found.rows.map(({ id }) => id))
}
