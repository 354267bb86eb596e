/**
 * The simulated trees of the study `question-tree`. A draw fixes everything but how good the raters are: a rater is right
 * where a uniform number is below its accuracy, so that one draw answers for every accuracy and a break-even is read off
 * it without a search over new draws.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'

export type TreeWorld = {
  readonly name: string
  /** By how much the errors of a part are more frequent than the average, from this to its mirror image above 1. */
  readonly errorLeast: number
  /** Share of items on which every part is misread `HARD` times as often; the others make up for it. */
  readonly hardShare: number
  /** How often a needed part, which the split left out, fails. */
  readonly missing: number
}

export const HARD = 2

export const RATERS = [1, 3, 5] as const
export const SHARED = [0, 0.3, 0.6] as const

export const WORLDS: readonly TreeWorld[] = [
  { name: 'as modelled', errorLeast: 1, hardShare: 0, missing: 0 },
  { name: 'uneven parts', errorLeast: 0.5, hardShare: 0, missing: 0 },
  { name: 'hard items', errorLeast: 1, hardShare: 0.25, missing: 0 },
  { name: 'a part is missing', errorLeast: 1, hardShare: 0, missing: 0.2 },
]

export type Cell = {
  readonly parts: number
  readonly raters: number
  readonly shared: number
  /** Accuracy of one rater on the whole question falls from 0.95 with parts^-steepness. */
  readonly steepness: number
}

export function wholeAccuracy({ parts, steepness }: Pick<Cell, 'parts' | 'steepness'>): number {
  return 0.5 + 0.45 * parts ** -steepness
}

/** How often each part of an item is misread, as a multiple of the average. */
export function errorFactors(world: TreeWorld, parts: number, hard: boolean): readonly number[] {
  const ofItem = hard ? HARD : (1 - HARD * world.hardShare) / (1 - world.hardShare)
  return Array.from({ length: parts }, (_, part) => {
    const place = parts === 1 ? 0 : (2 * part) / (parts - 1) - 1
    return ofItem * (1 + (1 - world.errorLeast) * place)
  })
}

export type Trees = {
  /** Share of trees with every part right, and with the right yes or no, where one rater has this accuracy on a part. */
  readonly everyPart: (accuracy: number) => number
  readonly yesOrNo: (accuracy: number) => number
  /** The same raters on the question as a whole. */
  readonly whole: number
}

export function drawTrees(world: TreeWorld, cell: Cell, trees: number, seed: number): Trees {
  const random = seededRandom(seed)
  const { parts, raters, shared } = cell
  // Half of all questions hold as a whole.
  const prior = 0.5 ** (1 / parts)
  const factors = [false, true].map((hard) => errorFactors(world, parts, hard))
  const edge = () => majorityEdge(raters, shared, random)
  const holds = new Uint8Array(trees)
  const everyEdge = new Float64Array(trees)
  const holdingEdge = new Float64Array(trees)
  const failingEdge = new Float64Array(trees)
  const accuracy = wholeAccuracy(cell)
  let wholeRight = 0
  for (let tree = 0; tree < trees; tree++) {
    const hard = random() < world.hardShare
    const left = random() < world.missing
    let all = true
    let holding = 0
    let failing = Number.POSITIVE_INFINITY
    let every = 0
    for (const factor of factors[hard ? 1 : 0] as readonly number[]) {
      const at = 1 - (1 - edge()) / factor
      if (at > every) every = at
      if (random() < prior) holding = Math.max(holding, at)
      else {
        all = false
        failing = Math.min(failing, at)
      }
    }
    holds[tree] = all && !left ? 1 : 0
    everyEdge[tree] = left ? Number.POSITIVE_INFINITY : every
    holdingEdge[tree] = holding
    failingEdge[tree] = failing
    if (accuracy > edge()) wholeRight += 1
  }
  return {
    everyPart: (at) => shareOf(trees, (tree) => at > (everyEdge[tree] as number)),
    yesOrNo: (at) =>
      shareOf(trees, (tree) => {
        const heldSaidToHold = at > (holdingEdge[tree] as number)
        const failingSeen = at > (failingEdge[tree] as number)
        return holds[tree] === 1 ? heldSaidToHold : failingSeen || !heldSaidToHold
      }),
    whole: wholeRight / trees,
  }
}

function shareOf(trees: number, right: (tree: number) => boolean): number {
  let count = 0
  for (let tree = 0; tree < trees; tree++) if (right(tree)) count += 1
  return count / trees
}

/** Kept between draws: tens of millions of them would each leave an array behind. */
const numbers = new Float64Array(5)

/** The accuracy above which the majority of up to five raters is right: the middle one of their numbers. */
function majorityEdge(raters: number, shared: number, random: () => number): number {
  if (raters === 1 || random() < shared) return random()
  for (let rater = 0; rater < raters; rater++) {
    const own = random()
    let at = rater
    for (; at > 0 && (numbers[at - 1] as number) > own; at--) numbers[at] = numbers[at - 1] as number
    numbers[at] = own
  }
  return numbers[(raters - 1) / 2] as number
}

/** The least accuracy from `from` up that is enough, or null where none is. */
export function leastEnough(enough: (accuracy: number) => boolean, from: number): number | null {
  if (!enough(1)) return null
  let low = from
  let high = 1
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}
