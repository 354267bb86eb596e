/**
 * Question  Does the planner of question trees foretell when a split helps, and does our interval of a tree's accuracy cover?
 * World     A question of 1 to 32 parts that must all hold, half of the questions do; 1, 3 or 5 raters a part who with probability
 *           0, 0.3 or 0.6 share one answer. A rater's accuracy on the whole falls from 0.95 to 0.5 + 0.45 parts^-s, s = 0.15
 *           or 0.4. The planner is told a rater's mean accuracy on the whole and on a part, as gold would tell. Worlds: as
 *           the planner has it; parts of which the hardest is misread three times as often as the easiest; a quarter of the
 *           items misread twice as often in every part; and a needed part left out, which fails in 20 % (negative control).
 * Answer    Break-even of a rater on a part, simulated against foretold, for "every part right" (split-question) and for
 *           the right yes or no (rubric-tree-error). What following the advice does. Coverage from 100 gold answers a part.
 *           Fails where the two differ by more than 2 points, a split that is advised hurts, or coverage is below 93 %.
 * Loses     Items that are hard in every part at once: parts then err together, the interval lies too low, and
 *           only counting whole items covers. "Every part right" asks more than the right yes or no: advice from it refuses
 *           splits that rubric-tree-error would make.
 */
import { type RubricNode, rubricTreeError } from '@leeway/core/oversight/rubric-tree-error'
import { adviseSplit } from '@leeway/core/oversight/split-question'
import { COST_HEAD, costCells, PRICE_WORDS } from './cost-of-oversight.ts'
import { percent } from './percent.ts'
import { SPLITTING, splitCosts } from './question-tree-cost.ts'
import { type CoverageRow, coverageRow, GOLD } from './question-tree-coverage.ts'
import {
  type Cell,
  drawTrees,
  HARD,
  leastEnough,
  RATERS,
  SHARED,
  type Trees,
  type TreeWorld,
  WORLDS,
  wholeAccuracy,
} from './question-tree-world.ts'

const SEED = 20_261_201
const PARTS = [1, 2, 4, 8, 16, 32] as const
const STEEPNESS = [0.15, 0.4] as const
/** Where the advice is followed or not; 0.5 would be a coin. */
const ACCURACIES = [0.8, 0.9, 0.95, 0.98, 0.995] as const
/** Gains of less than this are called neither help nor harm: two standard errors of 20,000 trees. */
const POINT = 0.01

export type BreakEvenRow = {
  readonly world: string
  readonly parts: number
  /** Largest distance over raters, shared bias and steepness, simulated less foretold; null: no rater is good enough. */
  readonly everyPart: number | null
  readonly yesOrNo: number | null
}

export type AdviceRow = {
  readonly world: string
  readonly cells: number
  readonly split: number
  readonly splitHurt: number
  readonly refused: number
  readonly refusedHurt: number
  /** Refused, and the split would have had every part right, or the right yes or no, more often than the whole. */
  readonly refusedHelp: number
  readonly refusedYesOrNoHelp: number
}

export type QuestionTree = {
  readonly breakEven: readonly BreakEvenRow[]
  readonly advice: readonly AdviceRow[]
  readonly coverage: readonly CoverageRow[]
}

export function questionTree(
  size: { readonly trees: number; readonly runs: number },
  worlds: readonly TreeWorld[] = WORLDS,
  numbersOfParts: readonly number[] = PARTS,
): QuestionTree {
  const breakEven: BreakEvenRow[] = []
  const advice: AdviceRow[] = []
  for (const [index, world] of worlds.entries()) {
    const drawn = cells(numbersOfParts).map((cell, at) => ({
      cell,
      trees: drawTrees(world, cell, size.trees, SEED + 1000 * index + at),
    }))
    for (const parts of numbersOfParts) {
      const own = drawn.filter(({ cell }) => cell.parts === parts)
      breakEven.push({
        world: world.name,
        parts,
        everyPart: farthest(own.map(everyPartDistance)),
        yesOrNo: farthest(own.map(yesOrNoDistance)),
      })
    }
    advice.push(adviceRow(world.name, drawn, 0))
    if (world.missing > 0) advice.push(adviceRow(`${world.name}, as foreseen`, drawn, world.missing))
  }
  const coverage = worlds.flatMap((world, index) =>
    numbersOfParts.map((parts) => coverageRow(world, parts, size.runs, SEED - 100 * index - parts)),
  )
  return { breakEven, advice, coverage }
}

function cells(numbersOfParts: readonly number[]): readonly Cell[] {
  return numbersOfParts.flatMap((parts) =>
    RATERS.flatMap((raters) =>
      SHARED.flatMap((shared) => STEEPNESS.map((steepness) => ({ parts, raters, shared, steepness }))),
    ),
  )
}

type Drawn = { readonly cell: Cell; readonly trees: Trees }

function adviceOf(cell: Cell, part: number, missing: number) {
  const { parts, raters, shared } = cell
  return adviseSplit({ whole: wholeAccuracy(cell), part, parts, raters, shared, missing })
}

/** null stands for "no rater is good enough" on one side only. */
function everyPartDistance({ cell, trees }: Drawn): number | null {
  const simulated = leastEnough((at) => trees.everyPart(at) >= trees.whole, 0)
  const { breakEven } = adviceOf(cell, 1, 0)
  return simulated === null || breakEven === null ? null : simulated - breakEven
}

function yesOrNoDistance({ cell, trees }: Drawn): number | null {
  const simulated = leastEnough((at) => trees.yesOrNo(at) >= trees.whole, 0.5)
  const { wholeAccuracy: whole } = adviceOf(cell, 1, 0)
  const foretold = leastEnough((at) => rubricTreeError(treeOf(cell, at)).accuracy >= whole, 0.5)
  return simulated === null || foretold === null ? null : simulated - foretold
}

/** A tree of pairs: what is under a node does not depend on how the parts are nested. */
function treeOf({ parts, raters, shared }: Cell, accuracy: number): RubricNode {
  const leaf: RubricNode = {
    kind: 'leaf',
    prior: 0.5 ** (1 / parts),
    sensitivity: accuracy,
    specificity: accuracy,
    raters,
    shared,
  }
  let node: RubricNode = leaf
  for (let leaves = 1; leaves < parts; leaves *= 2) node = { kind: 'every', children: [node, node] }
  return node
}

function farthest(distances: readonly (number | null)[]): number | null {
  let far = 0
  for (const distance of distances) {
    if (distance === null) return null
    if (Math.abs(distance) > Math.abs(far)) far = distance
  }
  return far
}

function adviceRow(world: string, drawn: readonly Drawn[], missing: number): AdviceRow {
  // One part is the question itself.
  const decisions = drawn
    .filter(({ cell }) => cell.parts > 1)
    .flatMap(({ cell, trees }) =>
      ACCURACIES.map((part) => ({
        split: adviceOf(cell, part, missing).split,
        gain: trees.everyPart(part) - trees.whole,
        yesOrNoGain: trees.yesOrNo(part) - trees.whole,
      })),
    )
  const split = decisions.filter((one) => one.split)
  const refused = decisions.filter((one) => !one.split)
  return {
    world,
    cells: decisions.length,
    split: split.length,
    splitHurt: split.filter(({ gain }) => gain < -POINT).length,
    refused: refused.length,
    refusedHurt: refused.filter(({ gain }) => gain < -POINT).length,
    refusedHelp: refused.filter(({ gain }) => gain > POINT).length,
    refusedYesOrNoHelp: refused.filter(({ yesOrNoGain }) => yesOrNoGain > POINT).length,
  }
}

export function questionTreeTable({ breakEven, advice, coverage }: QuestionTree): string {
  const points = (distance: number | null) => (distance === null ? 'none' : (100 * distance).toFixed(1))
  const perParts = (name: string, value: (parts: number) => string) =>
    `| ${name} | ${PARTS.map(value).join(' | ')} |`
  const head = (first: string) => [
    perParts(first, (parts) => `${parts}`),
    `|---${PARTS.map(() => '|---').join('')}|`,
  ]
  const distanceOf = (name: string, of: 'everyPart' | 'yesOrNo') =>
    perParts(`${name}, ${of === 'everyPart' ? 'every part right' : 'right yes or no'}`, (parts) =>
      points(breakEven.find((row) => row.world === name && row.parts === parts)?.[of] ?? null),
    )
  const coverageOf = (name: string, of: 'ours' | 'partByPart' | 'counted', title: string) =>
    perParts(`${name}, ${title}`, (parts) =>
      percent(coverage.find((row) => row.world === name && row.parts === parts)?.[of] ?? 0),
    )
  return [
    `Simulated trees and raters. On hard items a part is misread ${HARD} times as often.`,
    '',
    'Break-even accuracy of a rater on a part, simulated less foretold, in points: the farthest of 18 settings. "none": in one of them or more nobody is good enough.',
    '',
    ...head('number of parts'),
    ...WORLDS.flatMap(({ name }) => [distanceOf(name, 'everyPart'), distanceOf(name, 'yesOrNo')]),
    '',
    'Following the advice, raters right on a part in 80 to 99.5 %. Hurt and help: by more than a point.',
    '',
    '| world | settings | split | of these hurt | refused | of these would hurt | would help | would help the yes or no |',
    '|---|---|---|---|---|---|---|---|',
    ...advice.map(
      (row) =>
        `| ${row.world} | ${row.cells} | ${row.split} | ${row.splitHurt} | ${row.refused} | ${row.refusedHurt} | ${row.refusedHelp} | ${row.refusedYesOrNoHelp} |`,
    ),
    '',
    `Coverage of 95 % intervals of "every part right", from ${GOLD} gold answers a part (counted: from ${GOLD} items with gold of all parts).`,
    '',
    ...head('number of parts'),
    ...WORLDS.flatMap(({ name }) => [
      coverageOf(name, 'ours', 'ours'),
      coverageOf(name, 'partByPart', 'Jeffreys of each part'),
      coverageOf(name, 'counted', 'counted'),
    ]),
    '',
    `Cost of one wrong answer less than by one rater on the whole: ${SPLITTING.wholeMinutes} minutes the whole, ${SPLITTING.partMinutes} a part, ${SPLITTING.draftTokens} tokens to draft the split once for ${SPLITTING.items} items, ${PRICE_WORDS}.`,
    '',
    `| parts | right on a part | ${COST_HEAD.map((what) => `split: ${what}`).join(' | ')} | ${COST_HEAD.map((what) => `three raters on the whole: ${what}`).join(' | ')} |`,
    '|---|---|---|---|---|---|---|---|',
    ...splitCosts().map(
      ({ parts, part, split, threeRaters }) =>
        `| ${parts} | ${percent(part)} | ${[...costCells(split), ...costCells(threeRaters)].join(' | ')} |`,
    ),
  ].join('\n')
}
