/** The questions below a split one, as they stand. */
import type { SplitRow } from './stored-splits.ts'

export type Split = Pick<SplitRow, 'parts' | 'answersWanted' | 'judgeId'>
export type Standing = ReadonlyMap<string, Split>
export type TreeNode = {
  readonly sha256: string
  /** 0 for the whole. */
  readonly depth: number
  /** Null for the whole. */
  readonly parent: string | null
  /** People who shall answer it, and the model rater that does, as a part of `parent`. */
  readonly answersWanted: number
  readonly judgeId: string | null
}

/** Level by level, the whole first. A question that is a part in two places is one node, at the first. */
export function treeOf(root: string, standing: Standing): readonly TreeNode[] {
  const nodes: TreeNode[] = [{ sha256: root, depth: 0, parent: null, answersWanted: 0, judgeId: null }]
  const seen = new Set([root])
  for (const node of nodes) {
    const split = standing.get(node.sha256)
    for (const sha256 of split?.parts ?? []) {
      if (split === undefined || seen.has(sha256)) continue
      seen.add(sha256)
      nodes.push({
        sha256,
        depth: node.depth + 1,
        parent: node.sha256,
        answersWanted: split.answersWanted,
        judgeId: split.judgeId,
      })
    }
  }
  return nodes
}

/** Split questions that are a part of no other one. */
export function rootsOf(standing: Standing): readonly string[] {
  const parts = new Set([...standing.values()].flatMap((split) => split.parts))
  return [...standing.keys()].filter((sha256) => !parts.has(sha256))
}
