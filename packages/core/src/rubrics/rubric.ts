/** A rubric: a tree of criteria. Data only; see `contract/rubrics` for how people write it. */
import type { ProgramCheck } from './program-check.ts'
import type { Scale } from './scale.ts'

/** Who may answer a criterion. */
export const RATER_KINDS = ['program', 'model', 'human'] as const
export type RaterKind = (typeof RATER_KINDS)[number]

/** One question. Its content hash is over exactly these fields but `id`; ratings point at that hash. */
export type Criterion = {
  /** Stable name within the rubric: lower-case letters, digits and dashes. */
  readonly id: string
  readonly question: string
  readonly scale: Scale
  /** What to look at and how to decide; '' when there is none. */
  readonly guidance: string
  readonly answeredBy: readonly RaterKind[]
}

/** How a parent is made of its children. */
export const COMBINATIONS = ['all', 'any', 'weighted', 'points'] as const
export type Combination = (typeof COMBINATIONS)[number]

type InParent = {
  /** Share beside its siblings (`weighted`, above 0), or signed points (`points`, not 0). Elsewhere 1. */
  readonly weight: number
  /** A required child that fails makes its parent fail, however good the others are. */
  readonly required: boolean
  /**
   * Words of the instruction that its question checks, verbatim; absent where none are named. Beside the criterion and not
   * in it: which words led to a question is not part of what raters are asked.
   */
  readonly checks?: readonly string[]
}

export type RubricLeaf = InParent & {
  readonly kind: 'leaf'
  readonly criterion: Criterion
  /** The program that answers it, when one may. */
  readonly check: ProgramCheck | null
}

export type RubricParent = InParent & {
  readonly kind: 'parent'
  readonly id: string
  /** The same question put as a whole: people may answer it directly, and a release may take that for its truth. */
  readonly criterion: Criterion | null
  readonly combine: Combination
  readonly children: readonly RubricNode[]
}

export type RubricNode = RubricLeaf | RubricParent

export type Rubric = {
  readonly name: string
  /** What the agent was told, in the words that `checks` quotes; absent where it was not written down. */
  readonly instruction?: string
  readonly root: RubricNode
}

/** Every criterion of the tree, parents before their children. */
export function criteriaOf(rubric: Rubric): readonly Criterion[] {
  const found: Criterion[] = []
  const visit = (node: RubricNode) => {
    if (node.criterion) found.push(node.criterion)
    if (node.kind === 'parent') for (const child of node.children) visit(child)
  }
  visit(rubric.root)
  return found
}

/** Every leaf, from left to right. */
export function leavesOf(rubric: Rubric): readonly RubricLeaf[] {
  const visit = (node: RubricNode): readonly RubricLeaf[] =>
    node.kind === 'leaf' ? [node] : node.children.flatMap(visit)
  return visit(rubric.root)
}
