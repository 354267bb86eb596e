/** Read models of rubrics for screens and commands. */
import type { RubricNodeView, RubricSummary, RubricView } from '@leeway/contract/rubrics'
import { describeCheck } from '@leeway/core/checks/describe-check'
import { criteriaOf, type Rubric, type RubricNode } from '@leeway/core/rubrics/rubric'
import { count, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { episodes } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { agents } from '../projects/tables.ts'
import { remainingEpisodes } from './apply-programs.ts'
import { criterionSha256 } from './criterion-hash.ts'
import { ratingCounts } from './save-rubric.ts'
import { scaleView } from './scale-view.ts'
import { newestRubrics, type RubricRow, rubricOf, versionsOf } from './stored-rubrics.ts'

type Reading = Pick<Effects, 'db' | 'now' | 'newId'>

export async function listRubrics(effects: Reading, projectId: string): Promise<RubricSummary[]> {
  const names = await agentNames(effects.db, projectId)
  const rows = await newestRubrics(effects.db, projectId)
  return Promise.all(rows.map((row) => summary(effects, row, names)))
}

export async function showRubric(effects: Reading, row: RubricRow): Promise<RubricView> {
  const rubric = rubricOf(row)
  const counts = await ratingCounts(effects.db, row.projectId, criteriaOf(rubric).map(criterionSha256))
  return {
    ...(await summary(effects, row, await agentNames(effects.db, row.projectId))),
    source: row.source,
    instruction: rubric.instruction ?? null,
    nodes: nodesOf(rubric, counts),
    versions: (await versionsOf(effects.db, row)).map(version),
  }
}

async function summary(
  effects: Reading,
  row: RubricRow,
  names: ReadonlyMap<string, string>,
): Promise<RubricSummary> {
  const [counted] = await effects.db
    .select({ episodes: count() })
    .from(episodes)
    .where(eq(episodes.agentId, row.agentId))
  const total = counted?.episodes ?? 0
  return {
    ...version(row),
    agent: names.get(row.agentId) ?? '',
    name: row.name,
    questions: criteriaOf(rubricOf(row)).length,
    episodes: total,
    applied: total - (await remainingEpisodes(effects, row)),
  }
}

function version(row: RubricRow) {
  const { id, version, sha256, createdBy, createdAt } = row
  return { id, version, sha256, createdBy, createdAt: createdAt.toISOString() }
}

/** The tree in reading order. */
function nodesOf(rubric: Rubric, counts: ReadonlyMap<string, number>): RubricNodeView[] {
  const nodes: RubricNodeView[] = []
  const visit = (node: RubricNode, parent: string | null, depth: number) => {
    const id = node.kind === 'parent' ? node.id : node.criterion.id
    const { criterion } = node
    const sha256 = criterion === null ? '' : criterionSha256(criterion)
    nodes.push({
      id,
      parent,
      depth,
      weight: node.weight,
      required: node.required,
      combine: node.kind === 'parent' ? node.combine : null,
      criterion:
        criterion === null
          ? null
          : {
              id: criterion.id,
              sha256,
              question: criterion.question,
              scale: scaleView(criterion.scale),
              guidance: criterion.guidance,
              answeredBy: [...criterion.answeredBy],
              ratings: counts.get(sha256) ?? 0,
            },
      check: node.kind === 'leaf' && node.check !== null ? describeCheck(node.check) : null,
      checks: [...(node.checks ?? [])],
    })
    if (node.kind === 'parent') for (const child of node.children) visit(child, id, depth + 1)
  }
  visit(rubric.root, null, 0)
  return nodes
}

async function agentNames(executor: Executor, projectId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await executor.select().from(agents).where(eq(agents.projectId, projectId))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
