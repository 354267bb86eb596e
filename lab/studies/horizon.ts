/**
 * Question  Is a candidate that is good on short tasks and bad on long ones ever loosened on the long ones?
 * World     The default ladder. The baseline fails on 30 % of all tasks, the candidate on 2 % of the short ones and on
 *           the long ones as each world says; one world draws that anew in each climb. Up to the stage that widens the horizon
 *           it acts on short tasks only; there the gate reads the tasks that were stated as long when they were assigned. A
 *           person approves whatever the gate proposes.
 * Oracle    Knows how often the candidate fails on truly long tasks: loosens at once where it is worse by less than the margin.
 * Naive     Counts the evidence of short tasks in the stage of long ones, too; in the same climbs.
 * Loses     Every other task stated as long is short: what people state is believed.
 * Answer    How many climbs reached that stage, what became of them there after at most 2,000 blocks, and how many were
 *           loosened that the oracle would not: at most alpha of the climbs where lengths are stated as they are.
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

/** How one climb's candidate does on long tasks. */
type Candidate = {
  /** How much more often than the baseline it fails on long tasks. */
  readonly longDifference: number
  /** Share of truly long tasks among those stated as long: below 1 when somebody states lengths wrongly. */
  readonly longShare: number
}
type World = { readonly name: string; readonly draw: (random: () => number) => Candidate }
/** What the gate of the widening stage reads. */
type Counts = 'region' | 'everything'

const alike = (name: string, longDifference: number, longShare = 1): World => ({
  name,
  draw: () => ({ longDifference, longShare }),
})

const WORLDS: readonly World[] = [
  alike('25 points worse on long tasks', 0.25),
  alike('10 points worse', 0.1),
  alike('5 points worse: the margin itself', 0.05),
  alike('as good as the baseline', 0),
  alike('15 points better', -0.15),
  {
    name: '30 points worse to 20 better, drawn in each climb',
    draw: (random) => ({ longDifference: 0.3 - 0.5 * random(), longShare: 1 }),
  },
  alike('25 points worse, one task in four is short and stated as long', 0.25, 0.75),
  alike('25 points worse, every other task is short and stated as long', 0.25, 0.5),
]

export type HorizonRow = {
  readonly world: string
  readonly climbs: number
  /** Climbs that were promoted up to the stage that widens the horizon. */
  readonly reached: number
  readonly loosenedByOracle: number
  readonly loosened: number
  /** Loosened, and not by the oracle. */
  readonly wrongly: number
  readonly rolledBack: number
  readonly held: number
  /** Median blocks read in the widening stage; null when no climb reached it. */
  readonly blocksMedian: number | null
  /** With the evidence of all regions counted. */
  readonly naive: { readonly loosened: number; readonly wrongly: number }
}

export function horizon(size: {
  readonly climbs: number
  readonly longBlocksMax: number
}): readonly HorizonRow[] {
  return WORLDS.map((world, index) => {
    const play = (counts: Counts) =>
      Array.from({ length: size.climbs }, (_, at) => {
        // Both rules meet the same candidates.
        const random = seededRandom(SEED + 10_000 * index + at)
        return climb(world.draw(random), counts, size.longBlocksMax, random)
      })
    const ends = play('region')
    const naive = play('everything')
    const count = (kind: End['kind']) => ends.filter((end) => end.kind === kind).length
    const wrongly = (of: readonly End[]) =>
      of.filter((end) => end.kind === 'loosened' && !end.harmless).length
    const blocks = ends
      .flatMap((end) => (end.kind === 'stopped short' ? [] : [end.blocks]))
      .sort((a, b) => a - b)
    return {
      world: world.name,
      climbs: size.climbs,
      reached: blocks.length,
      loosenedByOracle: ends.filter((end) => end.kind !== 'stopped short' && end.harmless).length,
      loosened: count('loosened'),
      wrongly: wrongly(ends),
      rolledBack: count('rolled back'),
      held: count('held'),
      blocksMedian: blocks[Math.floor(blocks.length / 2)] ?? null,
      naive: { loosened: naive.filter(({ kind }) => kind === 'loosened').length, wrongly: wrongly(naive) },
    }
  })
}

export function horizonTable(rows: readonly HorizonRow[]): string {
  return [
    '| candidate on long tasks | climbs | promoted on short tasks | oracle loosens on long | loosened on long | of them not by the oracle | rolled back | held | blocks, median | loosened, evidence of all regions counted | of them not by the oracle |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.world} | ${row.climbs} | ${row.reached} | ${row.loosenedByOracle} | ${row.loosened} | ${row.wrongly} | ${row.rolledBack} | ${row.held} | ${row.blocksMedian ?? '–'} | ${row.naive.loosened} | ${row.naive.wrongly} |`,
    ),
  ].join('\n')
}

type End =
  | { readonly kind: 'stopped short' }
  | {
      readonly kind: 'loosened' | 'rolled back' | 'held'
      readonly blocks: number
      /** On truly long tasks worse by less than the margin. */
      readonly harmless: boolean
    }

/** One release by the state machine, until it leaves the first stage that allows long tasks. */
function climb(candidate: Candidate, counts: Counts, longBlocksMax: number, random: () => number): End {
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
      draw: () => drawBlock(stage, widens ? candidate : null, random),
      unitsMax: widens ? longBlocksMax : SHORT_BLOCKS_MAX,
      carried: counts === 'everything' ? before : [],
    })
    before = [...before, ...units]
    const limits = {
      candidateDeclared: true,
      anchorDeclared: true,
      labelError: 'trusted' as const,
      chain: null,
      referenceScores: true,
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
      return { kind, blocks: units.length, harmless: candidate.longDifference < plan.margin }
    }
    if (moved.kind !== 'moved' || !promoted) return { kind: 'stopped short' }
    state = moved.state
  }
}

/** Below `act` both policies answer the same task; above, one task of a block goes to each. `candidate` null: short tasks. */
function drawBlock(stage: Stage, candidate: Candidate | null, random: () => number): PairedUnit {
  const probability = stage.autonomy === 'act' ? stage.reviewed : 1
  const long = candidate !== null && random() < candidate.longShare
  const candidateFailure = long ? BASELINE_FAILURE + candidate.longDifference : SHORT_FAILURE
  return {
    design: 'paired',
    unit: 'block',
    candidate: drawLabel(candidateFailure, probability, random),
    baseline: drawLabel(BASELINE_FAILURE, probability, random),
  }
}
