/** Keeps what a person wrote as the next version of the rubric of an agent. */

import { readRubric } from '@leeway/contract/rubric-document'
import type { SavedRubric } from '@leeway/contract/rubrics'
import { criteriaOf, type Rubric } from '@leeway/core/rubrics/rubric'
import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { agents } from '../projects/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { criterionSha256, rubricSha256 } from './criterion-hash.ts'
import { insertCriteria, type RubricRow, rubricOf, versionsOf } from './stored-rubrics.ts'
import { rubrics } from './tables.ts'

export type SaveInput = {
  readonly projectId: string
  readonly agent: string
  readonly source: string
  readonly actor: string
}

/** The same definition again adds no version. Questions whose wording changed are told with what they leave behind. */
export async function saveRubric(effects: Effects, input: SaveInput): Promise<z.infer<typeof SavedRubric>> {
  const read = readRubric(input.source)
  if (!read.ok) throw new AppError('unprocessable', ...refusal(read.problems))
  const { rubric } = read
  const sha256 = rubricSha256(rubric)
  return effects.db.transaction(async (tx) => {
    const [agent] = await tx
      .select()
      .from(agents)
      .where(and(eq(agents.projectId, input.projectId), eq(agents.name, input.agent)))
    if (!agent)
      throw new AppError('not_found', `There is no agent "${input.agent}".`, 'Import its episodes first.', {
        field: 'agent',
      })
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('rubric:' || ${input.projectId}::text || ${agent.id}::text, 0))`,
    )
    const place = { projectId: input.projectId, agentId: agent.id, name: rubric.name }
    const [before] = await versionsOf(tx, place)
    const warnings = [...read.problems]
    if (before?.sha256 === sha256)
      return { id: before.id, version: before.version, added: false, leftBehind: [], warnings }
    const at = effects.now()
    const row: RubricRow = {
      ...place,
      id: effects.newId(),
      version: (before?.version ?? 0) + 1,
      sha256,
      definition: rubric,
      source: input.source,
      createdBy: input.actor,
      createdAt: at,
    }
    await tx.insert(rubrics).values(row)
    await insertCriteria(
      tx,
      criteriaOf(rubric).map((criterion) => ({
        projectId: input.projectId,
        sha256: criterionSha256(criterion),
        definition: criterion,
        createdAt: at,
      })),
    )
    await appendLedger(tx, effects.ledgerSigner, {
      projectId: input.projectId,
      at,
      actor: input.actor,
      action: 'rubric.saved',
      body: { agent: agent.id, rubric: row.id, version: row.version, sha256 },
    })
    const leftBehind = before ? await questionsLeft(tx, input.projectId, rubricOf(before), rubric) : []
    return { id: row.id, version: row.version, added: true, leftBehind, warnings }
  })
}

/** Questions of the version before that are asked no more in those words, with their ratings. */
async function questionsLeft(executor: Executor, projectId: string, before: Rubric, after: Rubric) {
  const kept = new Set(criteriaOf(after).map(criterionSha256))
  const gone = criteriaOf(before)
    .map((criterion) => ({ id: criterion.id, sha256: criterionSha256(criterion) }))
    .filter(({ sha256 }) => !kept.has(sha256))
  const counts = await ratingCounts(
    executor,
    projectId,
    gone.map(({ sha256 }) => sha256),
  )
  return gone.map(({ id, sha256 }) => ({ id, ratings: counts.get(sha256) ?? 0 }))
}

/** Ratings of each question, by any rater. */
export async function ratingCounts(
  executor: Executor,
  projectId: string,
  sha256s: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (sha256s.length === 0) return new Map()
  const rows = await executor
    .select({ sha256: ratings.criterionSha256, ratings: count() })
    .from(ratings)
    .where(
      and(
        eq(ratings.projectId, projectId),
        inArray(ratings.criterionSha256, [...sha256s]),
        isNotPlanted(projectId, sql`${ratings.episodeId}`),
      ),
    )
    .groupBy(ratings.criterionSha256)
  return new Map(rows.map((row) => [row.sha256, row.ratings]))
}

function refusal(
  problems: readonly {
    readonly severity: string
    readonly line: number
    readonly problem: string
    readonly fix: string
  }[],
): [string, string, { field: string }] {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const told = errors.slice(0, 5).map(({ line, problem }) => `line ${line}: ${problem}`)
  const more = errors.length > 5 ? ` And ${errors.length - 5} more.` : ''
  return [
    `The rubric is refused. ${told.join(' ')}${more}`,
    errors[0]?.fix ?? 'Run leeway rubric lint on the file.',
    { field: 'source' },
  ]
}
