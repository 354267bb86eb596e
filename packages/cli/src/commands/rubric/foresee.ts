/** `leeway rubric foresee`: how right the root of a rubric will be, given how right its answers are, with core alone. */
import {
  type RubricNode as ErringNode,
  type NodeError,
  rubricTreeError,
} from '@leeway/core/oversight/rubric-tree-error'
import type { RubricNode } from '@leeway/core/rubrics/rubric'
import type { Command } from 'commander'
import { plainText, printJson, printTable } from '../../output.ts'
import { share, wholeNumber } from '../oversight/share-option.ts'
import { percent } from '../print-interval.ts'
import { readRubricFile } from './rubric-file.ts'

type Options = {
  readonly holds: number
  readonly sensitivity: number
  readonly specificity: number
  readonly raters: number
  readonly shared: number
  readonly passMark: number
  readonly json?: boolean
}

export function registerRubricForesee(rubric: Command): void {
  rubric
    .command('foresee')
    .description('how right the whole will be, given how right the answers to its questions are')
    .argument('<rubric.yaml>')
    .option('--holds <share>', 'how often the answer to a question truly speaks for the agent', share, 0.9)
    .option('--sensitivity <share>', 'how often a rater says so where it does', share, 0.95)
    .option('--specificity <share>', 'how often a rater says that it does not where it does not', share, 0.8)
    .option('--raters <n>', 'raters for each question, decided by their majority', wholeNumber, 1)
    .option('--shared <share>', 'how often all raters give one common answer', share, 0)
    .option('--pass-mark <share>', 'what a weighted parent needs to count as passed', share, 0.5)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const file = await readRubricFile(path)
      const nodes = foreseen(file.rubric.root, options)
      if (options.json) return printJson({ rubric: file.rubric.name, nodes })
      printTable(
        ['node', 'right', 'false alarms', 'misses', 'value, true', 'reported'],
        nodes.map(({ id, depth, error }) => [
          `${'  '.repeat(depth)}${plainText(id)}`,
          percent(error.accuracy),
          percent(error.falseAlarm),
          percent(error.missed),
          error.trueMean.toFixed(3),
          error.reportedMean.toFixed(3),
        ]),
      )
    })
}

type Foreseen = { readonly id: string; readonly depth: number; readonly error: NodeError }

/** A false alarm: the rubric says that the agent did well, and it did not. Parents before their children. */
function foreseen(root: RubricNode, options: Options): readonly Foreseen[] {
  const visit = (node: RubricNode, depth: number): readonly Foreseen[] => [
    {
      id: node.kind === 'leaf' ? node.criterion.id : node.id,
      depth,
      error: rubricTreeError(erring(node, options)),
    },
    ...(node.kind === 'leaf' ? [] : node.children.flatMap((child) => visit(child, depth + 1))),
  ]
  return visit(root, 0)
}

function erring(node: RubricNode, options: Options): ErringNode {
  if (node.kind === 'leaf')
    return {
      kind: 'leaf',
      prior: options.holds,
      sensitivity: options.sensitivity,
      specificity: options.specificity,
      raters: options.raters,
      shared: options.shared,
    }
  const children = node.children.map((child) => ({
    weight: child.weight,
    node: erring(child, options),
    required: child.required,
  }))
  if (node.combine === 'all') return { kind: 'every', children: children.map((child) => child.node) }
  // Children of `any` weigh 1 each: one of them is enough.
  const passMark = node.combine === 'any' ? 1 / children.length : options.passMark
  return { kind: 'weighted', passMark, children }
}
