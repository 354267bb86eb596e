/**
 * Question  How many labels does a promotion take in each design, how close is that to what is possible, and does the planner
 *           foresee it?
 * World     Margin 3 points, alpha 5 %, baseline fails on 10 %. People label everything, or a judge right in 70, 80 or 90 % of the
 *           episodes chooses which to label (the planner says how many: a judge that knows little saves nothing when few are
 *           labelled); blocks at exposures of a half and a twentieth; pairs of which 80 % are identical;
 *           labels that err. The bet's prior is the planner's, for the difference that is true.
 * Oracle    ln(1/alpha) over the smallest divergence of the pair's law from any with the difference at the margin: no test of
 *           this error needs fewer pairs on average.
 * Simulated by the whole gate's own evidence on drawn units, apart from the planner's simulation and with other seeds.
 */
import { learnFailure, predictFailure, startCalibration } from '@leeway/core/gate/judge-calibration'
import { learnReaudit, predictTruth, startReaudits } from '@leeway/core/gate/reaudit-tally'
import { reauditedSummandOf } from '@leeway/core/gate/reaudited-summand'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fittedPrior, forecastUnits } from '@leeway/core/planner/forecast'
import { type Design, summandLaw } from '@leeway/core/planner/summand-law'
import { type BetPrior, playUnit, startBetting } from '@leeway/core/sequential/betting-process'

const MARGIN = 0.03
const ALPHA = 0.05
const BASE = 0.1
const FLOOR = 0.05
const UNITS_MAX = 30_000
const BUDGETS = [0.1, 0.2, 0.4, 0.6]
const SEED = 20_260_801

type PowerCell = {
  readonly name: string
  readonly design: Design
  /** Median labels measured earlier with another implementation, or the number to stay below; null: none. */
  readonly earlier: number | null
  /** Arrivals a pair takes. */
  readonly arrivals: number
}

export type PowerRow = {
  readonly name: string
  readonly runs: number
  /** Share of episodes that people label, as the planner chose it; null: all, or set by the design. */
  readonly budget: number | null
  readonly labels: number | null
  readonly labelsMean: number | null
  readonly labelsMost: number | null
  readonly pairs: number | null
  readonly arrivals: number | null
  readonly earlier: number | null
  readonly forecastPairs: number | null
}

const PLAIN: Design = {
  candidateFailure: 0.07,
  baselineFailure: BASE,
  judgeAccuracy: null,
  budget: 0.1,
  labelError: null,
  identicalShare: 0,
}
const EARLIER: Readonly<Record<string, number>> = {
  '0.1 people': 2294,
  '0.1 0.7': 2258,
  '0.1 0.8': 1992,
  '0.1 0.9': 950,
  '0.07 people': 555,
  '0.07 0.7': 419,
  '0.07 0.8': 351,
  '0.07 0.9': 274,
  '0.05 people': 363,
  '0.05 0.7': 228,
  '0.05 0.8': 205,
  '0.05 0.9': 177,
}

const CELLS: readonly PowerCell[] = [
  ...[0.1, 0.07, 0.05].flatMap((candidateFailure) =>
    [null, 0.7, 0.8, 0.9].map((judgeAccuracy) => ({
      name: `candidate fails on ${Math.round(candidateFailure * 100)} %, ${judgeAccuracy === null ? 'people label all' : `judge right in ${judgeAccuracy * 100} %`}`,
      design: { ...PLAIN, candidateFailure, judgeAccuracy },
      earlier: EARLIER[`${candidateFailure} ${judgeAccuracy ?? 'people'}`] ?? null,
      arrivals: 1,
    })),
  ),
  { name: '7 %, people label all, blocks at exposure 0.5', design: PLAIN, earlier: 615, arrivals: 2 },
  { name: '7 %, people label all, blocks at exposure 0.05', design: PLAIN, earlier: 615, arrivals: 20 },
  {
    name: '9 %, 80 % of the pairs identical (aim: 35 % of labelling all)',
    design: { ...PLAIN, candidateFailure: 0.09, identicalShare: 0.8 },
    earlier: null,
    arrivals: 1,
  },
  {
    name: '7 %, experts look again at one label in five',
    design: { ...PLAIN, labelError: { sensitivity: 0.85, specificity: 0.98, reaudit: 0.2 } },
    earlier: null,
    arrivals: 1,
  },
]

export function power(
  runs: { readonly people: number; readonly judged: number },
  only: (cell: { readonly design: Design }) => boolean = () => true,
): readonly PowerRow[] {
  return CELLS.filter(only).map((cell) => {
    const index = CELLS.indexOf(cell)
    const count = cell.design.judgeAccuracy === null ? runs.people : runs.judged
    const { design } = cell
    const found = measureDesign(design, MARGIN, {
      runs: count,
      forecastRuns: 2000,
      seed: SEED + index,
      forecastSeed: SEED + 2000 + index,
    })
    const { pairs } = found
    return {
      ...found,
      name: cell.name,
      arrivals: pairs === null ? null : pairs * cell.arrivals,
      earlier: design.identicalShare > 0 && pairs !== null ? Math.round(0.35 * 2 * pairs) : cell.earlier,
    }
  })
}

export type Measured = Omit<PowerRow, 'name' | 'arrivals' | 'earlier'>

/** What a design takes, with the share of episodes to label that the planner chooses, and what the planner foresees. */
export function measureDesign(
  asked: Design,
  margin: number,
  size: {
    readonly runs: number
    readonly forecastRuns: number
    readonly seed: number
    readonly forecastSeed: number
  },
): Measured {
  const random = seededRandom(size.seed)
  const { design, forecast } = withCheapestBudget(asked, margin, size)
  const prior = fittedPrior(summandLaw(design), margin)
  const ends = Array.from({ length: size.runs }, () => oneRun(design, margin, prior, random))
  const at = (share: number, of: (end: (typeof ends)[number]) => number) =>
    finite(quantile(ends.map(of), share))
  return {
    runs: size.runs,
    budget: asked.judgeAccuracy === null ? null : design.budget,
    labels: at(0.5, ({ labels }) => labels),
    labelsMean: finite(Math.round(ends.reduce((sum, { labels }) => sum + labels, 0) / size.runs)),
    labelsMost: at(0.9, ({ labels }) => labels),
    pairs: at(0.5, ({ pairs }) => pairs),
    forecastPairs: forecast.kind === 'units' ? forecast.median : null,
  }
}

/**
 * The share of episodes to label that needs the fewest labels, as the planner foresees it, and what it foresees; 1: all,
 * without the judge, which is among the choices because a judge that knows little may save nothing.
 */
function withCheapestBudget(
  design: Design,
  margin: number,
  { forecastRuns, forecastSeed }: { readonly forecastRuns: number; readonly forecastSeed: number },
) {
  const choices =
    design.judgeAccuracy === null
      ? [design]
      : [{ ...design, judgeAccuracy: null, budget: 1 }, ...BUDGETS.map((budget) => ({ ...design, budget }))]
  const tried = choices.map((one) => {
    const plan = { margin, alpha: ALPHA, betPrior: fittedPrior(summandLaw(one), margin) }
    const simulation = { runs: forecastRuns, unitsMax: UNITS_MAX, random: seededRandom(forecastSeed) }
    return { design: one, forecast: forecastUnits(one, plan, simulation) }
  })
  const labelsOf = ({ forecast }: (typeof tried)[number]) =>
    forecast.kind === 'units' ? forecast.labels : Number.POSITIVE_INFINITY
  return tried.reduce((best, one) => (labelsOf(one) < labelsOf(best) ? one : best))
}

export function powerTable(rows: readonly PowerRow[]): string {
  const oracle = 2 * oraclePairs(0.07, BASE, MARGIN, ALPHA)
  return [
    `Fewest labels any such test needs on average at 7 against 10 %: ${Math.round(oracle)} (oracle).`,
    '',
    '| design | runs | labelled share | labels, median | mean | 90th percentile | earlier, or aim | against it | pairs, median | arrivals | planner foresees | off by |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const against =
        row.labels === null || row.earlier === null ? '–' : percent(row.labels / row.earlier - 1)
      const off =
        row.pairs === null || row.forecastPairs === null ? '–' : percent(row.forecastPairs / row.pairs - 1)
      return `| ${row.name} | ${row.runs} | ${row.budget ?? '–'} | ${row.labels ?? '–'} | ${row.labelsMean ?? '–'} | ${row.labelsMost ?? '–'} | ${row.earlier ?? '–'} | ${against} | ${row.pairs ?? '–'} | ${row.arrivals ?? '–'} | ${row.forecastPairs ?? '–'} | ${off} |`
    }),
  ].join('\n')
}

/** ln(1/alpha) over the least Kullback-Leibler divergence, over null rates of the two arms that differ by the margin. */
export function oraclePairs(candidate: number, baseline: number, margin: number, alpha: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let step = 1; step < 100_000; step++) {
    const nullBaseline = (step / 100_000) * (1 - margin)
    least = Math.min(least, divergence(candidate, nullBaseline + margin) + divergence(baseline, nullBaseline))
  }
  return Math.log(1 / alpha) / least
}

function divergence(rate: number, other: number): number {
  return rate * Math.log(rate / other) + (1 - rate) * Math.log((1 - rate) / (1 - other))
}

type Arm = {
  readonly calibration: ReturnType<typeof startCalibration>
  readonly reaudits: ReturnType<typeof startReaudits>
  spreadSum: number
  episodes: number
}

/** Labels and pairs until promotion; infinite where it did not come. */
function oneRun(design: Design, margin: number, prior: BetPrior, random: () => number) {
  const start = (): Arm => ({
    calibration: startCalibration(),
    reaudits: startReaudits(),
    spreadSum: 0.3,
    episodes: 1,
  })
  const arms = { candidate: start(), baseline: start() }
  const process = startBetting()
  const differing = 1 - design.identicalShare
  const { baselineFailure } = design
  const candidateRate = baselineFailure + (design.candidateFailure - baselineFailure) / differing
  let labels = 0
  for (let pairs = 1; pairs <= UNITS_MAX; pairs++) {
    const policy = { candidate: policyOf(arms.candidate, design), baseline: policyOf(arms.baseline, design) }
    const unit: PairedUnit = {
      design: 'paired',
      unit: 'u',
      candidate: drawLabel(candidateRate, policy.candidate, design, random),
      baseline: drawLabel(baselineFailure, policy.baseline, design, random),
      probabilityMin: design.judgeAccuracy === null ? 1 : FLOOR,
    }
    const predicted = {
      candidate: predictFailure(arms.candidate.calibration, unit.candidate.judge, policy.candidate),
      baseline: predictFailure(arms.baseline.calibration, unit.baseline.judge, policy.baseline),
    }
    const reaudit = design.labelError?.reaudit ?? null
    const { value, max } =
      reaudit === null
        ? summandOf(unit, predicted, 'promote')
        : reauditedSummandOf(
            unit,
            predicted,
            {
              candidate: predictTruth(arms.candidate.reaudits),
              baseline: predictTruth(arms.baseline.reaudits),
            },
            { passed: reaudit, failed: reaudit },
            'promote',
          )
    const identical = random() < design.identicalShare
    playUnit(process, margin - (identical ? 0 : value), max - margin, prior)
    if (identical) labels += random() < FLOOR ? 2 : 0
    else {
      for (const arm of ['candidate', 'baseline'] as const) labels += learn(arms[arm], unit[arm])
    }
    if (process.logWealthMax >= Math.log(1 / ALPHA)) return { labels, pairs }
  }
  return { labels: Number.POSITIVE_INFINITY, pairs: Number.POSITIVE_INFINITY }
}

/** The audit probability of each score as things stand: of 0.1 and 0.9 with a judge, of no score without. */
function policyOf(arm: Arm, { judgeAccuracy, budget }: Design): readonly (number | null)[] {
  const probabilities: (number | null)[] = Array.from({ length: 11 }, () => null)
  if (judgeAccuracy === null) {
    probabilities[10] = 1
    return probabilities
  }
  for (const bin of [1, 9]) {
    const spread = spreadOf(predictFailure(arm.calibration, bin / 10).value)
    probabilities[bin] = Math.min(1, Math.max(FLOOR, (budget * spread * arm.episodes) / arm.spreadSum))
  }
  return probabilities
}

function drawLabel(
  rate: number,
  policy: readonly (number | null)[],
  design: Design,
  random: () => number,
): ArmLabel {
  const truth = random() < rate ? 1 : 0
  const right = design.judgeAccuracy !== null && random() < design.judgeAccuracy
  const judge = design.judgeAccuracy === null ? null : (truth === 1) === right ? 0.9 : 0.1
  const probability = policy[judge === null ? 10 : judge * 10] ?? 1
  if (random() >= probability) return { kind: 'unsampled', probability, judge }
  const { labelError } = design
  if (labelError?.reaudit == null) return { kind: 'observed', failure: truth, probability, judge }
  const failure = random() < (truth === 1 ? labelError.sensitivity : 1 - labelError.specificity) ? 1 : 0
  return {
    kind: 'observed',
    failure,
    probability,
    judge,
    reaudit:
      random() < labelError.reaudit
        ? { kind: 'observed', failure: truth, probability: labelError.reaudit }
        : { kind: 'unsampled', probability: labelError.reaudit },
  }
}

/** The labels that this episode took: people's and experts'. */
function learn(arm: Arm, label: ArmLabel): number {
  if (label.judge !== null) {
    arm.spreadSum += spreadOf(predictFailure(arm.calibration, label.judge).value)
    arm.episodes += 1
  }
  if (label.kind !== 'observed') return 0
  learnFailure(arm.calibration, label.judge, label.failure)
  learnReaudit(arm.reaudits, label)
  return label.reaudit?.kind === 'observed' ? 2 : 1
}

function spreadOf(rate: number): number {
  return Math.sqrt(rate * (1 - rate))
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.POSITIVE_INFINITY
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${Math.round(share * 100)} %`
}
