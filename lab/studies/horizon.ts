/**
 * Question  Is a candidate that is good on short tasks and bad on long ones ever loosened on the long ones?
 * World     The default ladder. The baseline fails on 30 % of all tasks, the candidate on 2 % of the short ones and on
 *           more than 30 % of the long ones. Up to the stage that widens the horizon it acts on short tasks only; there
 *           the gate reads the tasks that were stated as long when they were assigned. A person approves whatever the gate proposes.
 * Answer    How many climbs reached that stage, and what became of them there after at most 2,000 blocks. Where the
 *           candidate is worse by the margin or more, at most alpha of the climbs may be loosened.
 */
import type { PairedUnit } from '@leeway/core/gate/unit'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { planOfGate } from '@leeway/core/ladder/gate-plan'
import type { Stage } from '@leeway/core/ladder/ladder'
import { marginSpent } from '@leeway/core/ladder/margin-budget'
import {
  alphaOfRelease,
  nextState,
  type ReleaseState,
  type Transition,
} from '@leeway/core/ladder/release-state'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { drawLabel, playStage } from './simulated-stage.ts'

const SEED = 20_260_201
const BASELINE_FAILURE = 0.3
const SHORT_FAILURE = 0.02
const SHORT_BLOCKS_MAX = 20_000
const SHORT_STEPS = 100

type World = {
  readonly name: string
  /** How much more often than the baseline the candidate fails on long tasks. */
  readonly longDifference: number
  /** Share of truly long tasks among those stated as long: below 1 when somebody states lengths wrongly. */
  readonly longShare: number
  readonly counts: 'region' | 'everything'
}

const WORLDS: readonly World[] = [
  { name: '25 points worse on long tasks', longDifference: 0.25, longShare: 1, counts: 'region' },
  { name: '10 points worse', longDifference: 0.1, longShare: 1, counts: 'region' },
  { name: '5 points worse: the margin itself', longDifference: 0.05, longShare: 1, counts: 'region' },
  {
    name: '25 points worse, evidence of all regions counted',
    longDifference: 0.25,
    longShare: 1,
    counts: 'everything',
  },
  {
    name: '25 points worse, one task in four is short and stated as long',
    longDifference: 0.25,
    longShare: 0.75,
    counts: 'region',
  },
  {
    name: '25 points worse, every other task is short and stated as long',
    longDifference: 0.25,
    longShare: 0.5,
    counts: 'region',
  },
]

export type HorizonRow = {
  readonly world: string
  readonly climbs: number
  /** Climbs that were promoted up to the stage that widens the horizon. */
  readonly reached: number
  readonly loosened: number
  readonly rolledBack: number
  readonly held: number
  /** Median blocks read in the widening stage; null when no climb reached it. */
  readonly blocksMedian: number | null
}

export function horizon(size: {
  readonly climbs: number
  readonly longBlocksMax: number
}): readonly HorizonRow[] {
  return WORLDS.map((world, index) => {
    const random = seededRandom(SEED + index)
    const ends = Array.from({ length: size.climbs }, () => climb(world, size.longBlocksMax, random))
    const count = (kind: End['kind']) => ends.filter((end) => end.kind === kind).length
    const blocks = ends
      .flatMap((end) => (end.kind === 'stopped short' ? [] : [end.blocks]))
      .sort((a, b) => a - b)
    return {
      world: world.name,
      climbs: size.climbs,
      reached: blocks.length,
      loosened: count('loosened'),
      rolledBack: count('rolled back'),
      held: count('held'),
      blocksMedian: blocks[Math.floor(blocks.length / 2)] ?? null,
    }
  })
}

export function horizonTable(rows: readonly HorizonRow[]): string {
  return [
    '| candidate on long tasks | climbs | promoted on short tasks | loosened on long | rolled back on long | held | blocks, median |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.world} | ${row.climbs} | ${row.reached} | ${row.loosened} | ${row.rolledBack} | ${row.held} | ${row.blocksMedian ?? '–'} |`,
    ),
  ].join('\n')
}

type End =
  | { readonly kind: 'stopped short' }
  | { readonly kind: 'loosened' | 'rolled back' | 'held'; readonly blocks: number }

/** One release by the state machine, until it leaves the first stage that allows long tasks. */
function climb(world: World, longBlocksMax: number, random: () => number): End {
  const ladder = DEFAULT_LADDER
  let state: ReleaseState = { kind: 'climbing', stage: 0 }
  let before: readonly PairedUnit[] = []
  for (;;) {
    const index: number = state.stage
    const stage: Stage | undefined = ladder.stages[index]
    if (!stage) throw new Error('the ladder ended before it widened')
    const widens = stage.region.horizonSteps > SHORT_STEPS
    const plan = planOfGate(stage.gate, alphaOfRelease(stage.gate.alpha, 1, ladder.alphaAcrossReleases))
    const { check, units } = playStage({
      plan,
      draw: () => drawBlock(stage, widens ? world : null, random),
      unitsMax: widens ? longBlocksMax : SHORT_BLOCKS_MAX,
      carried: world.counts === 'everything' ? before : [],
    })
    before = [...before, ...units]
    const limits = {
      candidateDeclared: true,
      anchorDeclared: true,
      labelError: 'trusted' as const,
      chain: null,
      marginSpent: marginSpent({
        baselineIsAnchor: true,
        earlier: [],
        own: plan.margin,
      }),
    }
    const checkId: string = stage.name
    const proposal: Transition = nextState(state, { kind: 'checked', checkId, check }, ladder, limits)
    const approval = { actor: 'person:ada', at: '2026-01-15T09:00:00.000Z', reason: 'read it' }
    const moved: Transition =
      proposal.kind === 'moved' && proposal.state.kind === 'proposed'
        ? nextState(proposal.state, { kind: 'approved', checkId, approval }, ladder, limits)
        : proposal
    const promoted = moved.kind === 'moved' && moved.state.kind === 'climbing' && moved.state.stage > index
    if (widens) {
      const kind = promoted ? 'loosened' : check.verdict === 'rollback' ? 'rolled back' : 'held'
      return { kind, blocks: units.length }
    }
    if (moved.kind !== 'moved' || !promoted) return { kind: 'stopped short' }
    state = moved.state
  }
}

/** Below `act` both policies answer the same task; above, one task of a block goes to each. `world` null: short tasks. */
function drawBlock(stage: Stage, world: World | null, random: () => number): PairedUnit {
  const probability = stage.autonomy === 'act' ? stage.reviewed : 1
  const long = world !== null && random() < world.longShare
  const candidateFailure = long ? BASELINE_FAILURE + world.longDifference : SHORT_FAILURE
  return {
    design: 'paired',
    unit: 'block',
    candidate: drawLabel(candidateFailure, probability, random),
    baseline: drawLabel(BASELINE_FAILURE, probability, random),
  }
}
