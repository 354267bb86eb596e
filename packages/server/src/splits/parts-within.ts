/** Which parts of one question about one episode are asked of whom, within the limits of depth, answers and money. */
import type { Episode } from '@leeway/core/episodes/episode'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { costMax } from '../models/answer-question.ts'
import { requireJudge } from '../models/judge.ts'
import { judgePrompt } from '../models/judge-prompt.ts'
import type { TreeNode } from './split-tree.ts'
import type { SplitRulesRow } from './stored-splits.ts'

/** `split_openings.asked`. */
export type OpenedPart = {
  readonly sha256: string
  readonly depth: number
  /** How many people are asked. */
  readonly people: number
  /** The model rater that is asked; null: none. */
  readonly judgeId: string | null
  /** The most that it can cost. */
  readonly usdMax: number
}
export type Asking = {
  readonly projectId: string
  /** Level by level: what is nearest to the whole is asked first. */
  readonly nodes: readonly TreeNode[]
  readonly criteria: ReadonlyMap<string, Criterion>
  readonly rules: Pick<SplitRulesRow, 'depthMax' | 'answersMax' | 'usdMax'>
}
type Whole = {
  readonly episodeId: string
  readonly episode: Pick<Episode, 'instructions' | 'steps'>
  readonly criterionSha256: string
}

export async function partsWithin(
  executor: Executor,
  asking: Asking,
  whole: Whole,
): Promise<{ readonly asked: readonly OpenedPart[]; readonly leftOut: readonly string[] }> {
  const { nodes, rules, criteria } = asking
  const before = await askedBefore(executor, asking, whole)
  let answers = before.answers
  let usd = before.usd
  const asked: OpenedPart[] = []
  const leftOut = new Set<string>()
  for (const node of nodes) {
    const criterion = criteria.get(node.sha256)
    if (criterion === undefined) continue
    const people =
      criterion.answeredBy.includes('human') && !before.inQueue.has(node.sha256) ? node.answersWanted : 0
    const { judgeId } = node
    const asksModel =
      judgeId !== null &&
      criterion.answeredBy.includes('model') &&
      !before.answered.has(`${judgeId} ${node.sha256}`)
    const usdMax = asksModel ? await dearest(executor, asking.projectId, judgeId, criterion, whole) : 0
    const isBeyond =
      node.depth > rules.depthMax ||
      // Nobody would see the parts of what is not asked.
      (node.parent !== null && leftOut.has(node.parent)) ||
      answers + people > rules.answersMax ||
      usd + usdMax > rules.usdMax
    if (isBeyond) leftOut.add(node.sha256)
    else {
      answers += people
      usd += usdMax
      asked.push({
        sha256: node.sha256,
        depth: node.depth,
        people,
        judgeId: asksModel ? judgeId : null,
        usdMax,
      })
    }
  }
  return { asked, leftOut: [...leftOut] }
}

/** What it can cost at most, by the same prompt that will be sent. */
async function dearest(
  executor: Executor,
  projectId: string,
  judgeId: string,
  criterion: Criterion,
  { episode }: Whole,
): Promise<number> {
  const { definition } = await requireJudge(executor, projectId, judgeId)
  return costMax(
    definition,
    judgePrompt(criterion, episode, (length) => new Uint8Array(length)),
  )
}

/** What was asked below this question about this episode before, and what need not be asked again. */
async function askedBefore(
  executor: Executor,
  { projectId, nodes }: Asking,
  { episodeId, criterionSha256 }: Whole,
): Promise<{
  readonly answers: number
  readonly usd: number
  readonly inQueue: ReadonlySet<string>
  readonly answered: ReadonlySet<string>
}> {
  const spent = await executor.execute<{ answers: number; usd: number }>(sql`
    select coalesce(sum(answers), 0)::int as answers, coalesce(sum(usd_max), 0)::float8 as usd from split_openings
    where project_id = ${projectId} and criterion_sha256 = ${criterionSha256} and episode_id = ${episodeId}`)
  const shas = `{${nodes.map(({ sha256 }) => sha256).join(',')}}`
  const queued = await executor.execute<{ sha256: string }>(sql`
    select criterion_sha256 as sha256 from assignments where project_id = ${projectId} and episode_id = ${episodeId}
      and criterion_sha256 = any(${shas}::text[]) and answers_wanted > 0`)
  const given = await executor.execute<{ rater: string; sha256: string }>(sql`
    select rater_id as rater, criterion_sha256 as sha256 from ratings where project_id = ${projectId}
      and episode_id = ${episodeId} and criterion_sha256 = any(${shas}::text[])`)
  return {
    answers: spent.rows[0]?.answers ?? 0,
    usd: spent.rows[0]?.usd ?? 0,
    inQueue: new Set(queued.rows.map(({ sha256 }) => sha256)),
    answered: new Set(given.rows.map(({ rater, sha256 }) => `${rater} ${sha256}`)),
  }
}
