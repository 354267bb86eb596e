/**
 * Question  How far do weak labels carry a student that could know better? Does who learned to check short sums check long ones better than
 *           who learned to write short ones writes long ones? And does a gate that has seen only short ones let the long ones go?
 * World     Nothing is drawn in place of a result: small models are trained and run. Weak labels: `weak-to-strong.ts`. Sums: each world draws
 *           3 or 4 digits to learn from, 300 to 1,200 sums, and 0 to 5 % wrong labels; tested at k and at k + 3 digits (`digit-sums.ts`).
 * Oracle    The student taught the truth, and for sums the right answer; naive: the weak labels themselves, the written answer, and a gate
 *           that counts evidence of all regions.
 * Gate      The core's own: `unitPlace` says which sums a stage is about, `checkGate` judges them and `nextState` moves the release. After
 *           the shadow one stage acts on sums of k digits, the next on k + 3 under full review, the last reviews half of those. The baseline fails on 15 %
 *           whatever the length; the margin is 5 points. A person approves whatever is proposed.
 * Control   A verifier taught verdicts at random; weak labels that tell nothing.
 * Loses     Weak labels that follow a simpler rule exactly: the student learns the rule, and the confidence loss with it. Answers that hide
 *           their way: a verifier who may not look at the digit before.
 * Simulated Small models on toy tasks: the mechanisms, not evidence about large ones.
 */
import { checkGate } from '@leeway/core/gate/check'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { DEFAULT_GATE } from '@leeway/core/ladder/default-ladder'
import { planOfGate } from '@leeway/core/ladder/gate-plan'
import type { Ladder, Stage } from '@leeway/core/ladder/ladder'
import { nextState, type ReleaseState } from '@leeway/core/ladder/release-state'
import { unitPlace } from '@leeway/core/ladder/unit-region'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { bestOf, drawSum, isRight, type Learning, learnSums, type Sum, type SumModels } from './digit-sums.ts'
import { type Mean, meanOf, type WeakToStrongRow, weakToStrong } from './weak-to-strong.ts'

const SEED = 20_261_201
const FURTHER = 3
const ANSWERS = 8
const TESTED = 300
const BASELINE_FAILURE = 0.15
const UNITS_MAX = 1_200
const LOOK_EVERY = 100
const ALPHA = 0.05
/** Place of the stage that acts on short sums, where a climb begins here; before it nothing acts. */
const SHORT = 1

export const POLICIES = ['writer', 'checked writer'] as const
export const EVIDENCE = ['short sums only', 'by region', 'all regions counted'] as const
export type Transfer = {
  readonly verifier: Learning['verifier']
  readonly worlds: number
  /** Right at k and at k + 3 digits. */
  readonly writes: readonly [Mean, Mean]
  /** Chance that a right written answer is scored above a wrong one. */
  readonly ranks: readonly [Mean, Mean]
  /** Right when the best of eight by its score is kept. */
  readonly keeps: readonly [Mean, Mean]
}
export type GateRow = {
  readonly policy: (typeof POLICIES)[number]
  readonly evidence: (typeof EVIDENCE)[number]
  /** Releases promoted on short sums to the stage of long ones, and what became of them there. */
  readonly reached: number
  readonly loosened: number
  readonly rolledBack: number
  readonly noUnits: number
  readonly held: number
  /** Of those loosened: truly worse on long sums by the margin or more. */
  readonly loosenedWrongly: number
}
export type EasyToHard = {
  readonly weak: readonly WeakToStrongRow[]
  readonly transfer: readonly Transfer[]
  readonly gate: readonly GateRow[]
}

export function easyToHard(worlds: number): EasyToHard {
  const kinds = ['sees the digit before', 'blind', 'labels at random'] as const
  const learned = kinds.map((verifier) =>
    Array.from({ length: worlds }, (_, at) => oneWorld(verifier, seededRandom(SEED + at))),
  )
  const transfer = learned.map((found, place) => {
    const both = (of: (one: Measured) => number): readonly [Mean, Mean] => [
      meanOf(found.map(({ easy }) => of(easy))),
      meanOf(found.map(({ hard }) => of(hard))),
    ]
    return {
      verifier: kinds[place] as Learning['verifier'],
      worlds,
      writes: both(({ writes }) => writes),
      ranks: both(({ ranks }) => ranks),
      keeps: both(({ keeps }) => keeps),
    }
  })
  const gate = POLICIES.flatMap((policy) =>
    EVIDENCE.map((evidence, place): GateRow => {
      const ends = (learned[0] ?? []).map((world, at) => ({
        end: climb(world, policy, evidence, seededRandom(SEED + 10_000 * (place + 1) + at)),
        isWorse:
          1 - (policy === 'writer' ? world.hard.writes : world.hard.keeps) - BASELINE_FAILURE >=
          DEFAULT_GATE.margin,
      }))
      const count = (kind: End) => ends.filter(({ end }) => end === kind).length
      return {
        policy,
        evidence,
        reached: ends.length - count('stopped short'),
        loosened: count('loosened'),
        rolledBack: count('rolled back'),
        noUnits: count('no units'),
        held: count('held'),
        loosenedWrongly: ends.filter(({ end, isWorse }) => end === 'loosened' && isWorse).length,
      }
    }),
  )
  return { weak: weakToStrong(worlds), transfer, gate }
}

type Measured = { readonly writes: number; readonly ranks: number; readonly keeps: number }
type World = {
  readonly digits: number
  readonly models: SumModels
  readonly easy: Measured
  readonly hard: Measured
}

function oneWorld(verifier: Learning['verifier'], random: () => number): World {
  const digits = random() < 0.5 ? 3 : 4
  const sums = 300 + Math.floor(900 * random())
  const labelNoise = 0.05 * random()
  const models = learnSums({ digits, sums, labelNoise, verifier }, random)
  return {
    digits,
    models,
    easy: measure(models, digits, random),
    hard: measure(models, digits + FURTHER, random),
  }
}

function measure(models: SumModels, digits: number, random: () => number): Measured {
  const sums = Array.from({ length: TESTED }, () => drawSum(digits, random))
  const share = (answer: (sum: Sum) => readonly number[]) =>
    sums.filter((sum) => isRight(answer(sum), sum)).length / TESTED
  const drawn = sums.map((sum) => ({ ...sum, answer: models.write(sum, random), truth: sum }))
  const scored = drawn.map((one) => ({ right: isRight(one.answer, one.truth), score: models.score(one) }))
  return {
    writes: share((sum) => models.guess(sum)),
    ranks: rankingOf(
      scored.filter(({ right }) => right).map(({ score }) => score),
      scored.filter(({ right }) => !right).map(({ score }) => score),
    ),
    keeps: share((sum) => bestOf(models, sum, ANSWERS, random)),
  }
}

/** Of the pairs of a right and a wrong one; ties count half. Half where there is no pair. */
function rankingOf(right: readonly number[], wrong: readonly number[]): number {
  if (right.length === 0 || wrong.length === 0) return 0.5
  let above = 0
  for (const one of right) for (const other of wrong) above += one > other ? 1 : one === other ? 0.5 : 0
  return above / (right.length * wrong.length)
}

type End = 'stopped short' | 'loosened' | 'rolled back' | 'no units' | 'held'

export function ladderOf(digits: number): Ladder {
  const stage = (name: string, horizonSteps: number, exposure: number, reviewed: number): Stage => ({
    name,
    autonomy: name === 'shadow' ? 'shadow' : 'act',
    exposure,
    reviewed,
    region: { horizonSteps, stakes: 'reversible', tools: 'all', klNatsMax: null },
    gate: { ...DEFAULT_GATE, alpha: ALPHA },
  })
  return {
    name: 'sums',
    marginBudget: 1,
    approvals: 1,
    alphaAcrossReleases: 'count',
    stages: [
      stage('shadow', digits, 0, 1),
      stage('short', digits, 0.05, 1),
      stage('long-review-all', digits + FURTHER, 0.05, 1),
      stage('long-sample-50', digits + FURTHER, 0.1, 0.5),
    ],
  }
}

const LIMITS = {
  candidateDeclared: true,
  anchorDeclared: true,
  labelError: 'trusted',
  chain: null,
  referenceScores: true,
  marginSpent: 0,
} as const

/** One release by the state machine, until it leaves the stage of long sums or its work ends. */
function climb(
  { digits, models }: World,
  policy: GateRow['policy'],
  evidence: GateRow['evidence'],
  random: () => number,
): End {
  const ladder = ladderOf(digits)
  let state: ReleaseState = { kind: 'climbing', stage: SHORT }
  const everything: PairedUnit[] = []
  for (;;) {
    const index = state.stage
    const plan = planOfGate(DEFAULT_GATE, ALPHA)
    const read: PairedUnit[] = evidence === 'all regions counted' ? everything.slice() : []
    let end: End = index === SHORT ? 'stopped short' : 'held'
    for (let arrived = 1; arrived <= UNITS_MAX; arrived++) {
      const isLong = index > SHORT && evidence !== 'short sums only' && random() < 0.5
      const sum = drawSum(isLong ? digits + FURTHER : digits, random)
      const answer = policy === 'writer' ? models.guess(sum) : bestOf(models, sum, ANSWERS, random)
      const unit: PairedUnit = {
        design: 'paired',
        unit: 'block',
        candidate: observed(isRight(answer, sum) ? 0 : 1),
        baseline: observed(random() < BASELINE_FAILURE ? 1 : 0),
      }
      everything.push(unit)
      const place = unitPlace(ladder, index, { steps: sum.a.length, stakes: 'reversible' })
      if (place.kind === 'inside' || evidence === 'all regions counted') read.push(unit)
      if (arrived % LOOK_EVERY !== 0) continue
      const check = checkGate(read, plan, { seen: 0, audited: read.length })
      if (check.reason === 'no-units') end = 'no units'
      const moved = decide(state, ladder, `${index}-${arrived}`, check)
      if (moved.kind === 'rolled-back') return index === SHORT ? 'stopped short' : 'rolled back'
      if (moved.stage > index) {
        if (index > SHORT) return 'loosened'
        state = moved
        break
      }
    }
    if (state.stage === index) return end
  }
}

/** What is proposed, a person approves. */
function decide(
  state: ReleaseState,
  ladder: Ladder,
  checkId: string,
  check: ReturnType<typeof checkGate>,
): ReleaseState {
  const proposed = nextState(state, { kind: 'checked', checkId, check }, ladder, LIMITS)
  if (proposed.kind !== 'moved') return state
  if (proposed.state.kind !== 'proposed') return proposed.state
  const approval = { actor: 'person:ada', at: '2026-01-15T09:00:00.000Z', reason: 'read it' }
  const approved = nextState(proposed.state, { kind: 'approved', checkId, approval }, ladder, LIMITS)
  return approved.kind === 'moved' ? approved.state : state
}

const observed = (failure: number): ArmLabel => ({ kind: 'observed', failure, probability: 1, judge: null })

export function easyToHardTable({ weak, transfer, gate }: EasyToHard): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  const mean = ({ value, error }: Mean) => `${value.toFixed(2)} ± ${error.toFixed(2)}`
  const shares = ([easy, hard]: readonly [Mean, Mean]) => `${percent(easy.value)}, ${percent(hard.value)}`
  return [
    `Simulated: small models on toy tasks, ${weak[0]?.worlds ?? 0} worlds in each row. ± is twice the standard error over worlds.`,
    '',
    '| weak labels are wrong | weak labels right | student | with confidence loss | taught the truth | PGR | PGR with confidence loss |',
    '|---|---|---|---|---|---|---|',
    ...weak.map(
      (row) =>
        `| ${WEAK_WORDS[row.errors]} | ${percent(row.weak)} | ${percent(row.plain)} | ${percent(row.confident)} | ${percent(row.ceiling)} | ${mean(row.pgrPlain)} | ${mean(row.pgrConfident)} |`,
    ),
    '',
    '| verifier, taught at k digits | writer right at k, k + 3 | right answer scored above a wrong one | best of eight right |',
    '|---|---|---|---|',
    ...transfer.map(
      ({ verifier, writes, ranks, keeps }) =>
        `| ${verifier} | ${shares(writes)} | ${ranks.map((one) => mean(one)).join(', ')} | ${shares(keeps)} |`,
    ),
    '',
    '| policy | evidence at the stage of long sums | reached it | loosened | of them worse by the margin | rolled back | no unit counted | held |',
    '|---|---|---|---|---|---|---|---|',
    ...gate.map(
      (row) =>
        `| ${row.policy} | ${row.evidence} | ${row.reached} | ${row.loosened} | ${row.loosenedWrongly} | ${row.rolledBack} | ${row.noUnits} | ${row.held} |`,
    ),
  ].join('\n')
}

const WEAK_WORDS = {
  scattered: 'anywhere',
  region: 'half of them in a part that the student can see',
  rule: 'where a simpler rule says otherwise (loses)',
  nothing: 'in every other item (control)',
} as const
