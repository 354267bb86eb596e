/**
 * Question  Can ten releases, each worse than the last by two thirds of the margin, add up to a fall?
 * World     Each release compares the newest promoted policy with one that fails 3.3 points more often, at a margin of 5
 *           points, through shadow and one stage that acts; a person approves whatever is proposed. The anchor fails on
 *           5 %. Every step alone is within its margin, so the gate is right to promote it. What a promotion spends is its
 *           upper bound, at most the margin; here it is taken to be the margin, from which it differs by a grid step.
 * Answer    How many releases get through, and how far the failure rate has risen since the anchor: with no budget, with
 *           the default budget of 10 points, and with the comparison with the anchor itself that the barrier asks for.
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
const STEP = (2 / 3) * MARGIN
const UNITS_MAX = 60_000

type Policing = 'no budget' | 'budget' | 'budget, then against the anchor'

export type ChainRow = {
  readonly policing: Policing
  readonly chains: number
  /** Releases that got through, in each chain. */
  readonly through: readonly number[]
  readonly stoppedByBudget: number
  /** Largest rise of the failure rate since the anchor over all chains. */
  readonly riseMax: number
}

export function marginBudget(size: {
  readonly chains: number
  readonly releases?: number
}): readonly ChainRow[] {
  return (['no budget', 'budget', 'budget, then against the anchor'] as const).map((policing, index) => {
    const random = seededRandom(SEED + index)
    const ends = Array.from({ length: size.chains }, () =>
      playChain(policing, size.releases ?? RELEASES, random),
    )
    return {
      policing,
      chains: size.chains,
      through: ends.map((end) => end.through),
      stoppedByBudget: ends.filter((end) => end.stoppedByBudget).length,
      riseMax: Math.max(...ends.map((end) => end.through * STEP)),
    }
  })
}

export function chainTable(rows: readonly ChainRow[]): string {
  return [
    '| chain of ten, each 3.3 points worse | chains | releases through: least, median, most | met the budget | largest rise since the anchor |',
    '|---|---|---|---|---|',
    ...rows.map((row) => {
      const through = [...row.through].sort((a, b) => a - b)
      const spread = `${through[0]}, ${through[Math.floor(through.length / 2)]}, ${through.at(-1)}`
      return `| ${row.policing} | ${row.chains} | ${spread} | ${row.stoppedByBudget} | ${(row.riseMax * 100).toFixed(1)} points |`
    }),
  ].join('\n')
}

/** A release that is held or rolled back leaves the baseline as it was; the next one is tried against it. */
function playChain(policing: Policing, releases: number, random: () => number) {
  const ladder = policing === 'no budget' ? { ...SHORT_LADDER, marginBudget: 1_000 } : SHORT_LADDER
  const earlier: number[] = []
  let through = 0
  let ordinal = 0
  let stoppedByBudget = false
  for (let attempt = 0; attempt < releases; attempt++) {
    const baseline = ANCHOR_FAILURE + through * STEP
    ordinal += 1
    let end = release(ladder, {
      ordinal,
      baseline,
      candidate: baseline + STEP,
      baselineIsAnchor: through === 0,
      earlier,
      random,
    })
    if (end === 'spent') {
      stoppedByBudget = true
      if (policing === 'budget, then against the anchor') {
        ordinal += 1
        end = release(ladder, {
          ordinal,
          baseline: ANCHOR_FAILURE,
          candidate: baseline + STEP,
          baselineIsAnchor: true,
          earlier,
          random,
        })
      }
    }
    if (end === 'through') {
      earlier.push(MARGIN)
      through += 1
    }
    // Whatever is tried next is as bad: the same barrier meets it.
    if (stoppedByBudget && end !== 'through') break
  }
  return { through, stoppedByBudget }
}

type ReleaseEnd = 'through' | 'spent' | 'stopped'

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
    marginSpent: marginSpent({ baselineIsAnchor, earlier, own: MARGIN }),
  }
  let state: ReleaseState = { kind: 'climbing', stage: 0 }
  for (;;) {
    const stage: Stage | undefined = ladder.stages[state.stage]
    if (!stage) throw new Error('a release stands on a stage its ladder lacks')
    const alpha = alphaOfRelease(stage.gate.alpha, world.ordinal, ladder.alphaAcrossReleases)
    const { check } = playStage({
      plan: planOfGate(stage.gate, alpha),
      draw: () => ({
        design: 'paired',
        unit: 'u',
        candidate: drawLabel(world.candidate, 1, random),
        baseline: drawLabel(world.baseline, 1, random),
      }),
      unitsMax: UNITS_MAX,
    })
    if (check.verdict !== 'promote') return 'stopped'
    const checkId: string = stage.name
    const proposal: Transition = nextState(state, { kind: 'checked', checkId, check }, ladder, limits)
    if (proposal.kind !== 'moved') return 'spent'
    const approval = { actor: 'person:ada', at: '2026-01-15T09:00:00.000Z', reason: 'read it' }
    const approved: ReleaseEvent = { kind: 'approved', checkId, approval }
    const moved: Transition = nextState(proposal.state, approved, ladder, limits)
    if (moved.kind !== 'moved') return 'spent'
    if (moved.state.kind === 'completed') return 'through'
    state = moved.state
  }
}
