/**
 * Question  Can ten releases, each worse than the last by two thirds of the margin, add up to a fall?
 * World     Each release compares the newest promoted policy with one that fails so much more often as its world says, at a
 *           margin of 5 points, through shadow and one stage that acts; a person approves whatever is proposed. The anchor
 *           fails on 5 %. Every step of two thirds alone is within its margin, so the gate is right to promote it. One world
 *           draws the anchor's rate and how much worse or better each chain's releases are anew. What a promotion spends is its
 *           upper bound, at most the margin; here it is taken to be the margin, from which it differs by a grid step.
 * Oracle    Knows all failure rates: lets a release through whose own step is within the margin, and whose rise since the anchor
 *           is within the budget.
 * Naive     No budget.
 * Loses     Releases that are all a little better: what each may have lost adds up all the same, and the budget stops them; the
 *           comparison with the anchor that is asked for then lets them through, and costs labels once more.
 * Answer    How many releases get through, how far the failure rate has risen since the anchor, and labels: with no budget,
 *           with the default budget of 10 points, and with the comparison with the anchor itself that the barrier asks for.
 */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { planOfGate } from '@leeway/core/ladder/gate-plan'
import type { Ladder, Stage } from '@leeway/core/ladder/ladder'
import { marginSpent } from '@leeway/core/ladder/margin-budget'
import {
  alphaOfRelease,
  nextState,
  type ReleaseEvent,
  type ReleaseState,
  type Transition,
} from '@leeway/core/ladder/release-state'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { drawLabel, playStage } from './simulated-stage.ts'

const SEED = 20_260_301
const RELEASES = 10
const ANCHOR_FAILURE = 0.05
const SHORT_LADDER: Ladder = {
  ...DEFAULT_LADDER,
  name: 'shadow, then act under full review',
  stages: DEFAULT_LADDER.stages.filter(({ name }) => name === 'shadow' || name === 'review-all'),
}
const MARGIN = SHORT_LADDER.stages[0]?.gate.margin ?? 0
const UNITS_MAX = 60_000

/** One chain: how often its anchor fails, and how much more often each release fails than the one before. */
type Chain = { readonly anchor: number; readonly step: number }
type World = { readonly name: string; readonly draw: (random: () => number) => Chain }

const WORLDS: readonly World[] = [
  {
    name: 'each 3.3 points worse',
    draw: () => ({ anchor: ANCHOR_FAILURE, step: (2 / 3) * MARGIN }),
  },
  {
    name: 'drawn: 4 points worse to 1 better, anchor 5 to 20 %',
    draw: (random) => ({ anchor: 0.05 + 0.15 * random(), step: 0.04 - 0.05 * random() }),
  },
  { name: 'each half a point better, anchor 10 %', draw: () => ({ anchor: 0.1, step: -0.005 }) },
]
const POLICING = ['no budget', 'budget', 'budget, then against the anchor'] as const
type Policing = (typeof POLICING)[number]

export type ChainRow = {
  readonly world: string
  readonly policing: Policing | 'oracle'
  readonly chains: number
  /** Releases that got through, in each chain. */
  readonly through: readonly number[]
  /** Null for the oracle, which has no need of any. */
  readonly stoppedByBudget: number | null
  /** Largest rise of the failure rate since the anchor over all chains. */
  readonly riseMax: number
  /** Chains that rose by more than the budget. */
  readonly overBudget: number
  /** Median of a chain. */
  readonly labels: number | null
}

export function marginBudget(size: {
  readonly chains: number
  readonly releases?: number
}): readonly ChainRow[] {
  const releases = size.releases ?? RELEASES
  return WORLDS.flatMap((world, index) => {
    // All rules meet the same chains.
    const play = (rule: (chain: Chain, random: () => number) => ChainEnd) =>
      Array.from({ length: size.chains }, (_, at) => {
        const random = seededRandom(SEED + 10_000 * index + at)
        const chain = world.draw(random)
        const end = rule(chain, random)
        return { ...end, rise: Math.max(0, end.through * chain.step) }
      })
    const oracle = play(({ step }) => ({
      through: throughOracle(step, releases),
      stoppedByBudget: false,
      labels: 0,
    }))
    return [
      ...POLICING.map((policing) => {
        const ends = play((chain, random) => playChain(policing, chain, releases, random))
        return {
          ...rowOf(world.name, policing, ends),
          stoppedByBudget: ends.filter((end) => end.stoppedByBudget).length,
          labels: middle(ends.map(({ labels }) => labels)),
        }
      }),
      rowOf(world.name, 'oracle', oracle),
    ]
  })
}

type ChainEnd = { readonly through: number; readonly stoppedByBudget: boolean; readonly labels: number }

function rowOf(
  world: string,
  policing: ChainRow['policing'],
  ends: readonly { readonly through: number; readonly rise: number }[],
): ChainRow {
  return {
    world,
    policing,
    chains: ends.length,
    through: ends.map(({ through }) => through),
    stoppedByBudget: null,
    riseMax: Math.max(...ends.map(({ rise }) => rise)),
    overBudget: ends.filter(({ rise }) => rise > SHORT_LADDER.marginBudget).length,
    labels: null,
  }
}

function throughOracle(step: number, releases: number): number {
  if (step >= MARGIN) return 0
  return step <= 0 ? releases : Math.min(releases, Math.floor(SHORT_LADDER.marginBudget / step))
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

export function chainTable(rows: readonly ChainRow[]): string {
  return [
    '| chain of ten | rule | chains | releases through: least, median, most | met the budget | largest rise since the anchor | rose by more than the budget | labels, median |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const through = [...row.through].sort((a, b) => a - b)
      const spread = `${through[0]}, ${middle(through)}, ${through.at(-1)}`
      return `| ${row.world} | ${row.policing} | ${row.chains} | ${spread} | ${row.stoppedByBudget ?? '–'} | ${(row.riseMax * 100).toFixed(1)} points | ${row.overBudget} | ${row.labels ?? '–'} |`
    }),
  ].join('\n')
}

/** A release that is held or rolled back leaves the baseline as it was; the next one is tried against it. */
function playChain(
  policing: Policing,
  { anchor, step }: Chain,
  releases: number,
  random: () => number,
): ChainEnd {
  const ladder = policing === 'no budget' ? { ...SHORT_LADDER, marginBudget: 1_000 } : SHORT_LADDER
  const earlier: number[] = []
  let through = 0
  let ordinal = 0
  let labels = 0
  let stoppedByBudget = false
  for (let attempt = 0; attempt < releases; attempt++) {
    const baseline = Math.max(0, anchor + through * step)
    ordinal += 1
    const candidate = Math.max(0, baseline + step)
    const first = release(ladder, {
      ordinal,
      baseline,
      candidate,
      baselineIsAnchor: through === 0,
      earlier,
      random,
    })
    labels += first.labels
    let { end } = first
    if (end === 'spent') {
      stoppedByBudget = true
      if (policing === 'budget, then against the anchor') {
        ordinal += 1
        const again = release(ladder, {
          ordinal,
          baseline: anchor,
          candidate,
          baselineIsAnchor: true,
          earlier,
          random,
        })
        labels += again.labels
        end = again.end
      }
    }
    if (end === 'through') {
      earlier.push(MARGIN)
      through += 1
    }
    // Whatever is tried next is as bad: the same barrier meets it.
    if (stoppedByBudget && end !== 'through') break
  }
  return { through, stoppedByBudget, labels }
}

type ReleaseEnd = { readonly end: 'through' | 'spent' | 'stopped'; readonly labels: number }

function release(
  ladder: Ladder,
  world: {
    readonly ordinal: number
    readonly baseline: number
    readonly candidate: number
    readonly baselineIsAnchor: boolean
    readonly earlier: readonly number[]
    readonly random: () => number
  },
): ReleaseEnd {
  const { baselineIsAnchor, earlier, random } = world
  const limits = {
    candidateDeclared: true,
    anchorDeclared: true,
    labelError: 'trusted' as const,
    chain: null,
    referenceScores: true,
    marginSpent: marginSpent({ baselineIsAnchor, earlier, own: MARGIN }),
  }
  let state: ReleaseState = { kind: 'climbing', stage: 0 }
  let labels = 0
  for (;;) {
    const stage: Stage | undefined = ladder.stages[state.stage]
    if (!stage) throw new Error('a release stands on a stage its ladder lacks')
    const alpha = alphaOfRelease(stage.gate.alpha, world.ordinal, ladder.alphaAcrossReleases)
    const { check, units } = playStage({
      plan: planOfGate(stage.gate, alpha),
      draw: () => ({
        design: 'paired',
        unit: 'u',
        candidate: drawLabel(world.candidate, 1, random),
        baseline: drawLabel(world.baseline, 1, random),
      }),
      unitsMax: UNITS_MAX,
    })
    labels += 2 * units.length
    if (check.verdict !== 'promote') return { end: 'stopped', labels }
    const checkId: string = stage.name
    const proposal: Transition = nextState(state, { kind: 'checked', checkId, check }, ladder, limits)
    if (proposal.kind !== 'moved') return { end: 'spent', labels }
    const approval = { actor: 'person:ada', at: '2026-01-15T09:00:00.000Z', reason: 'read it' }
    const approved: ReleaseEvent = { kind: 'approved', checkId, approval }
    const moved: Transition = nextState(proposal.state, approved, ladder, limits)
    if (moved.kind !== 'moved') return { end: 'spent', labels }
    if (moved.state.kind === 'completed') return { end: 'through', labels }
    state = moved.state
  }
}
