/** Split questions by height: how often each node is right, whether the parts agree with the whole, and who erred where they differ. */
import type { SplitDifference, SplitNode, SplitReport, SplitTree } from '@leeway/contract/splits'
import type { SplitRule } from '@leeway/core/oversight/combine-parts'
import {
  type Blame,
  combinationOf,
  type NodeReading,
  traceDisagreement,
} from '@leeway/core/oversight/trace-disagreement'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import { helpArms, rateOf } from '../critiques/help-arms.ts'
import type { Executor } from '../db/connect.ts'
import { raters } from '../raters/tables.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { foresee } from './foresee.ts'
import { answersThatStand, answersWithoutHelp, type ByNode, knownToHold, majorities } from './node-answers.ts'
import { rootsOf, type TreeNode, treeOf } from './split-tree.ts'
import { type SplitRow, splitRulesOf, standingSplits } from './stored-splits.ts'

const DIFFERENCES_SHOWN = 50

type Splits = ReadonlyMap<string, SplitRow>
/** What stands about all nodes of a tree. */
type Readings = {
  /** Of a question that is split: before any help, so that it does not rest on its own parts. */
  readonly said: ByNode
  /** What those above it are told. */
  readonly standing: ByNode
  readonly known: ByNode
}

export async function splitReport(executor: Executor, projectId: string): Promise<SplitReport> {
  const standing = await standingSplits(executor, projectId)
  const rules = await splitRulesOf(executor, projectId)
  const { arms, difference } = await helpArms(executor, projectId, 'decomposition')
  const trees: SplitTree[] = []
  for (const root of rootsOf(standing))
    trees.push(await treeView(executor, projectId, standing.get(root) as SplitRow, standing))
  return {
    rules:
      rules === null
        ? null
        : {
            share: rules.share,
            depthMax: rules.depthMax,
            answersMax: rules.answersMax,
            usdMax: rules.usdMax,
          },
    trees: trees.sort((a, b) => (a.at < b.at ? 1 : -1)),
    arms: [...arms],
    difference,
  }
}

async function treeView(
  executor: Executor,
  projectId: string,
  root: SplitRow,
  splits: Splits,
): Promise<SplitTree> {
  const nodes = treeOf(root.criterionSha256, splits)
  const shas = nodes.map(({ sha256 }) => sha256)
  const criteria = await criteriaByHash(executor, projectId, shas)
  const readings: Readings = {
    said: majorities(
      await answersWithoutHelp(
        executor,
        projectId,
        shas.filter((sha256) => splits.has(sha256)),
      ),
    ),
    standing: majorities(await answersThatStand(executor, projectId, shas)),
    known: await knownToHold(executor, projectId, shas),
  }
  const traced = differencesOf(nodes, splits, readings)
  const { rows } = await executor.execute<{ opened: number; left_out: number }>(sql`
    select count(*)::int as opened, coalesce(sum(cardinality(left_out)), 0)::int as left_out from split_openings
    where project_id = ${projectId} and criterion_sha256 = ${root.criterionSha256}`)
  const judges = await judgeNames(executor, projectId)
  return {
    id: root.id,
    rubricId: root.rubricId,
    nodes: depthFirst(root.criterionSha256, nodes).map((node) =>
      nodeView(node, criteria.get(node.sha256) as Criterion, { splits, readings, traced, judges }),
    ),
    plan: await foresee(executor, projectId, {
      criterionSha256: root.criterionSha256,
      rule: root.rule as SplitRule,
      parts: root.parts,
    }),
    opened: rows[0]?.opened ?? 0,
    leftOut: rows[0]?.left_out ?? 0,
    differences: [...traced].sort((a, b) => (a.episodeId < b.episodeId ? 1 : -1)).slice(0, DIFFERENCES_SHOWN),
    at: root.at.toISOString(),
  }
}

/** Each part right after what it is a part of. */
function depthFirst(root: string, nodes: readonly TreeNode[]): readonly TreeNode[] {
  const below = (sha256: string): readonly TreeNode[] =>
    nodes.filter(({ parent }) => parent === sha256).flatMap((node) => [node, ...below(node.sha256)])
  return [...nodes.filter(({ sha256 }) => sha256 === root), ...below(root)]
}

/** Every split node on every episode where it and its parts were answered and differ. */
function differencesOf(
  nodes: readonly TreeNode[],
  splits: Splits,
  readings: Readings,
): readonly SplitDifference[] {
  return nodes.flatMap(({ sha256 }) => {
    if (!splits.has(sha256)) return []
    return [...(readings.said.get(sha256)?.keys() ?? [])].flatMap((episodeId): SplitDifference[] => {
      const reading = readingOf(sha256, episodeId, splits, readings)
      const blame: Blame | null = traceDisagreement(reading)
      if (blame === null || reading.said === null) return []
      const { on, certain } = blame
      return [
        {
          episodeId,
          sha256,
          said: reading.said,
          combined: !reading.said,
          on,
          certain,
          nodes: [...new Set(blame.nodes)],
        },
      ]
    })
  })
}

/** The whole as it was said before help; what is below it as those above are told. */
function readingOf(
  sha256: string,
  episodeId: string,
  splits: Splits,
  { said, standing, known }: Readings,
): NodeReading {
  const below = (node: string): NodeReading => {
    const split = splits.get(node)
    return {
      id: node,
      said: standing.get(node)?.get(episodeId) ?? null,
      known: known.get(node)?.get(episodeId) ?? null,
      rule: split === undefined ? null : (split.rule as SplitRule),
      parts: (split?.parts ?? []).map(below),
    }
  }
  return { ...below(sha256), said: said.get(sha256)?.get(episodeId) ?? null }
}

function nodeView(
  node: TreeNode,
  { question, guidance, scale, answeredBy }: Criterion,
  {
    splits,
    readings,
    traced,
    judges,
  }: {
    readonly splits: Splits
    readonly readings: Readings
    readonly traced: readonly SplitDifference[]
    readonly judges: ReadonlyMap<string, string>
  },
): SplitNode {
  const { sha256, depth, parent, answersWanted, judgeId } = node
  const split = splits.get(sha256)
  const said = (split === undefined ? readings.standing : readings.said).get(sha256) ?? new Map()
  const known = [...said].flatMap(([episode, holds]) => {
    const truth = readings.known.get(sha256)?.get(episode) ?? null
    return truth === null || holds === null ? [] : [truth === holds]
  })
  const compared = [...said].flatMap(([episode, holds]) => {
    const combined = combinationOf(readingOf(sha256, episode, splits, readings))
    return combined === null || holds === null ? [] : [combined === holds]
  })
  const blaming = traced.filter(({ nodes }) => nodes.includes(sha256))
  const isOne = ({ certain, nodes }: SplitDifference) => certain && nodes.length === 1
  return {
    sha256,
    question,
    guidance,
    good: scale.kind === 'yes-no' ? scale.good : 'yes',
    answeredBy: [...answeredBy],
    height: heightOf(sha256, splits),
    depth,
    parent,
    rule: split === undefined ? null : (split.rule as SplitRule),
    answersWanted,
    judge: judgeId === null ? null : (judges.get(judgeId) ?? null),
    answered: said.size,
    known: known.length,
    right: rateOf(known.filter(Boolean).length, known.length),
    compared: compared.length,
    agree: rateOf(compared.filter(Boolean).length, compared.length),
    blamed: blaming.filter(isOne).length,
    suspected: blaming.filter((one) => !isOne(one)).length,
  }
}

function heightOf(sha256: string, splits: Splits): number {
  const parts = splits.get(sha256)?.parts ?? []
  return parts.length === 0 ? 0 : 1 + Math.max(...parts.map((part) => heightOf(part, splits)))
}

async function judgeNames(executor: Executor, projectId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await executor
    .select({ id: raters.id, name: raters.name })
    .from(raters)
    .where(sql`${raters.projectId} = ${projectId} and ${raters.kind} = 'model'`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
