/**
 * Takes in what raters outside Leeway answered. A rating comes in once by its source's own id; what cannot be taken is
 * told with its place, and keeps none of the others out.
 */
import { hash } from 'node:crypto'
import type { ImportedRatings, ImportRatings } from '@leeway/contract/raters'
import { type Criterion, criteriaOf } from '@leeway/core/rubrics/rubric'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import type { RaterRow } from '../raters/stored-raters.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, type RubricRow, rubricOf } from '../rubrics/stored-rubrics.ts'
import { answerProblem } from './check-answer.ts'
import { insertRatings, type NewRating } from './stored-ratings.ts'
import { ratings } from './tables.ts'

type Input = z.output<typeof ImportRatings>
type Given = Input['ratings'][number]
type Answer = z.infer<typeof ImportedRatings>
type Problem = Answer['problems'][number]

/** Keeps source keys apart from commit keys of reviewers. */
const IMPORTED = 'import:'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Clocks of two machines differ by seconds; more than that is a mistake. */
const FUTURE_MS = 5 * 60_000

export async function importRatings(
  effects: Effects,
  projectId: string,
  actor: string,
  input: Input,
): Promise<Answer> {
  const row = await findRubric(effects.db, projectId, input.rubric)
  if (row === undefined)
    throw new AppError(
      'not_found',
      'There is no such rubric in this project.',
      'List the rubrics to find it.',
      {
        field: 'body.rubric',
      },
    )
  return effects.db.transaction(async (tx) => {
    const problems: Problem[] = []
    const criteria = new Map(criteriaOf(rubricOf(row)).map((criterion) => [criterion.id, criterion]))
    const episodes = await episodesThere(tx, row, input.ratings)
    const raters = await ratersOf(tx, effects, projectId, input.ratings)
    const rows: { readonly index: number; readonly row: NewRating }[] = []
    for (const [index, given] of input.ratings.entries()) {
      const criterion = criteria.get(given.criterion)
      const found = problemOf(given, criterion, [...criteria.keys()], episodes, effects.now())
      const rater = raters.get(raterKey(given))
      if (found !== null) problems.push({ index, ...found })
      else if (criterion !== undefined && rater !== undefined)
        rows.push({ index, row: ratingRow(effects, projectId, given, criterion, rater) })
    }
    const { fresh, known } = await sift(tx, projectId, rows, problems)
    const added = (await insertRatings(tx, fresh)).length
    if (added > 0)
      await appendLedger(tx, effects.ledgerSigner, {
        projectId,
        at: effects.now(),
        actor,
        action: 'ratings.imported',
        body: {
          agent: row.agentId,
          rubric: row.id,
          added,
          sha256: hash('sha256', JSON.stringify(fresh.map((one) => [one.raterId, one.commitKey, one.value]))),
        },
      })
    problems.sort((a, b) => a.index - b.index)
    return { added, known: known + fresh.length - added, problems }
  })
}

/** Those that are not there yet. One rater answers one question about one episode once; a second answer is told. */
async function sift(
  tx: Transaction,
  projectId: string,
  rows: readonly { readonly index: number; readonly row: NewRating }[],
  problems: Problem[],
): Promise<{ readonly fresh: readonly NewRating[]; readonly known: number }> {
  if (rows.length === 0) return { fresh: [], known: 0 }
  const raterIds = [...new Set(rows.map(({ row }) => row.raterId))]
  const there = await tx
    .select()
    .from(ratings)
    .where(
      and(
        eq(ratings.projectId, projectId),
        inArray(ratings.raterId, raterIds),
        inArray(ratings.episodeId, [...new Set(rows.map(({ row }) => row.episodeId))]),
      ),
    )
  const commit = (row: Pick<NewRating, 'raterId' | 'commitKey'>) => `${row.raterId} ${row.commitKey}`
  const place = (row: Pick<NewRating, 'raterId' | 'episodeId' | 'criterionSha256'>) =>
    `${row.raterId} ${row.episodeId} ${row.criterionSha256}`
  const commits = new Set(there.map(commit))
  const exported = await ownIds(tx, projectId, rows)
  const places = new Set(there.map(place))
  const fresh: NewRating[] = []
  let known = 0
  for (const { index, row } of rows) {
    if (commits.has(commit(row)) || exported.has(row.commitKey)) known += 1
    else if (places.has(place(row)))
      problems.push({
        index,
        field: 'sourceKey',
        reason: 'this rater has answered this question about this episode already, under another sourceKey',
        fix: 'Leave out the second answer, or give the first one its own sourceKey again.',
      })
    else {
      commits.add(commit(row))
      places.add(place(row))
      fresh.push(row)
    }
  }
  return { fresh, known }
}

/** An export of this project that comes back: its source keys are ids of ratings that are here. */
async function ownIds(
  tx: Transaction,
  projectId: string,
  rows: readonly { readonly row: NewRating }[],
): Promise<ReadonlySet<string>> {
  const ids = rows.map(({ row }) => row.commitKey.slice(IMPORTED.length)).filter((key) => UUID.test(key))
  if (ids.length === 0) return new Set()
  const found = await tx
    .select({ id: ratings.id })
    .from(ratings)
    .where(and(eq(ratings.projectId, projectId), inArray(ratings.id, ids)))
  return new Set(found.map(({ id }) => `${IMPORTED}${id}`))
}

function problemOf(
  given: Given,
  criterion: Criterion | undefined,
  ids: readonly string[],
  episodes: ReadonlyMap<string, number>,
  now: Date,
): Omit<Problem, 'index'> | null {
  const steps = episodes.get(given.episodeId)
  if (steps === undefined)
    return {
      field: 'episodeId',
      reason: `the rubric's agent has no episode ${given.episodeId}`,
      fix: 'List the episodes with: leeway episode list',
    }
  if (criterion === undefined)
    return {
      field: 'criterion',
      reason: `the rubric has no question "${given.criterion}"`,
      fix: `Name one of: ${ids.slice(0, 20).join(', ')}.`,
    }
  if (!criterion.answeredBy.includes(given.raterKind))
    return {
      field: 'raterKind',
      reason: `"${criterion.id}" is not answered by a ${given.raterKind}`,
      fix: `It is answered by: ${criterion.answeredBy.join(', ')}.`,
    }
  const answer = answerProblem(criterion.scale, given.answer)
  if (answer !== null) return { field: 'answer.value', ...answer }
  const beyond = given.evidence.find((step) => step >= steps)
  if (beyond !== undefined)
    return {
      field: 'evidence',
      reason: `the episode has no step ${beyond}`,
      fix: `Steps are numbered from 0 to ${steps - 1}.`,
    }
  if (given.committedAt !== undefined && new Date(given.committedAt).getTime() > now.getTime() + FUTURE_MS)
    return {
      field: 'committedAt',
      reason: `${given.committedAt} is in the future`,
      fix: 'Give the time in UTC, or leave it out.',
    }
  return null
}

/** With how many steps each has. */
async function episodesThere(
  tx: Transaction,
  { projectId, agentId }: RubricRow,
  given: readonly Given[],
): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(given.map(({ episodeId }) => episodeId))]
  const found = await tx.execute<{ id: string; steps: number }>(sql`
    select id, step_count as steps from episodes where project_id = ${projectId} and agent_id = ${agentId}
      and id = any(${`{${ids.join(',')}}`}::uuid[])`)
  return new Map(found.rows.map(({ id, steps }) => [id, steps]))
}

const raterKey = ({ rater, raterKind }: Given) => `${raterKind} ${rater}`

async function ratersOf(
  tx: Transaction,
  effects: Effects,
  projectId: string,
  given: readonly Given[],
): Promise<ReadonlyMap<string, RaterRow>> {
  const found = new Map<string, RaterRow>()
  for (const one of given)
    if (!found.has(raterKey(one)))
      found.set(
        raterKey(one),
        await ensureRater(tx, effects, projectId, {
          kind: one.raterKind,
          name: one.rater,
          family: one.raterKind === 'human' ? 'people' : (one.family ?? one.rater),
        }),
      )
  return found
}

function ratingRow(
  effects: Pick<Effects, 'newId' | 'now'>,
  projectId: string,
  given: Given,
  criterion: Criterion,
  rater: RaterRow,
): NewRating {
  const { answer } = given
  return {
    projectId,
    id: effects.newId(),
    episodeId: given.episodeId,
    criterionSha256: criterionSha256(criterion),
    raterId: rater.id,
    kind: answer.kind,
    value: answer.kind === 'answered' ? answer.value : null,
    reason: answer.kind === 'abstained' ? answer.reason : null,
    probability: given.probability,
    comment: given.comment,
    evidence: [...new Set(given.evidence)],
    claims: given.claims,
    flagged: false,
    assistance: 'none',
    form: given.form,
    commitKey: `${IMPORTED}${given.sourceKey}`,
    committedAt: given.committedAt === undefined ? effects.now() : new Date(given.committedAt),
  }
}
