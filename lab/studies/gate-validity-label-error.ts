/**
 * Question  What does each way of counting label error let through, and what does it cost?
 * World     Paired units, baseline fails on 10 %, margin 3 points, alpha 5 %. Labels find 85 % of the faults and pass 98 % of
 *           the sound episodes (J = 0.83); a candidate that hides its faults has only 60 % of them found. Experts look again
 *           at one labelled episode in five, of both arms. Gold: 400 faults and 1,000 sound items, drawn anew in each run.
 * Modes     none; J known; shared (J bounded from gold, inside alpha); differential.
 * Answer    Share of runs promoted at a true difference of the margin (an error), and the median pairs to promotion of a
 *           candidate that fails on 7 %. Promotion is read from the one process at the margin in force, which promotes no
 *           less often than the grid of margins does.
 */
import type { GoldCounts } from '@leeway/core/gate/label-error-plan'
import { labelQuality } from '@leeway/core/gate/label-quality'
import { defaultBetPrior } from '@leeway/core/gate/plan'
import { learnReaudit, predictTruth, startReaudits } from '@leeway/core/gate/reaudit-tally'
import { reauditedSummandOf } from '@leeway/core/gate/reaudited-summand'
import { summandOf } from '@leeway/core/gate/summand'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { playUntil, startBetting } from '@leeway/core/sequential/betting-process'

const BASE = 0.1
const MARGIN = 0.03
const ALPHA = 0.05
const ALPHA_SHARE = 0.2
const SENSITIVITY = 0.85
const SPECIFICITY = 0.98
const HIDING = 0.6
const REAUDIT = 0.2
const FLOOR = { passed: REAUDIT, failed: REAUDIT }
const UNJUDGED = { value: 0, min: 0, max: 0 }

export const LABEL_MODES = ['none', 'J known', 'shared', 'differential'] as const
export type LabelMode = (typeof LABEL_MODES)[number]
export type Candidate = 'honest, at the margin' | 'hides faults, at the margin' | 'honest, better'

const CANDIDATES: Readonly<Record<Candidate, { readonly rate: number; readonly found: number }>> = {
  'honest, at the margin': { rate: BASE + MARGIN, found: SENSITIVITY },
  'hides faults, at the margin': { rate: BASE + MARGIN, found: HIDING },
  'honest, better': { rate: 0.07, found: SENSITIVITY },
}
export const LABEL_CANDIDATES = Object.keys(CANDIDATES) as readonly Candidate[]

/** Pairs until promotion in each run; infinite where it did not come. */
export function simulateLabels(
  mode: LabelMode,
  candidate: Candidate,
  size: { readonly runs: number; readonly pairs: number },
  seed: number,
): readonly number[] {
  const random = seededRandom(seed)
  return Array.from({ length: size.runs }, () =>
    promotedAfter(mode, CANDIDATES[candidate], size.pairs, random),
  )
}

function promotedAfter(
  mode: LabelMode,
  candidate: { readonly rate: number; readonly found: number },
  pairs: number,
  random: () => number,
): number {
  const { margin, alpha } = inForce(mode, random)
  if (margin <= 0) return Number.POSITIVE_INFINITY
  const threshold = Math.log(1 / alpha)
  const prior = defaultBetPrior(margin)
  const process = startBetting()
  const reaudits = { candidate: startReaudits(), baseline: startReaudits() }
  for (let pair = 1; pair <= pairs; pair++) {
    const unit: PairedUnit = {
      design: 'paired',
      unit: 'u',
      candidate: drawLabel(candidate.rate, candidate.found, random),
      baseline: drawLabel(BASE, SENSITIVITY, random),
    }
    const predicted = { candidate: UNJUDGED, baseline: UNJUDGED }
    const { value, max } =
      mode === 'differential'
        ? reauditedSummandOf(
            unit,
            predicted,
            { candidate: predictTruth(reaudits.candidate), baseline: predictTruth(reaudits.baseline) },
            FLOOR,
            'promote',
          )
        : summandOf(unit, predicted, 'promote')
    if (playUntil(process, margin - value, max - margin, prior, threshold)) return pair
    learnReaudit(reaudits.candidate, unit.candidate)
    learnReaudit(reaudits.baseline, unit.baseline)
  }
  return Number.POSITIVE_INFINITY
}

function inForce(mode: LabelMode, random: () => number): { readonly margin: number; readonly alpha: number } {
  if (mode === 'J known') return { margin: MARGIN * (SENSITIVITY + SPECIFICITY - 1), alpha: ALPHA }
  if (mode !== 'shared') return { margin: MARGIN, alpha: ALPHA }
  const { informedness } = labelQuality(drawGold(random), ALPHA * ALPHA_SHARE)
  // Down to the grid of a fortieth of the margin, as the gate does.
  return { margin: (MARGIN * Math.floor(informedness.low * 40)) / 40, alpha: ALPHA * (1 - ALPHA_SHARE) }
}

function drawGold(random: () => number): GoldCounts {
  const count = (items: number, rate: number) => {
    let hits = 0
    for (let item = 0; item < items; item++) if (random() < rate) hits += 1
    return hits
  }
  return { faults: 400, found: count(400, SENSITIVITY), sound: 1000, passed: count(1000, SPECIFICITY) }
}

function drawLabel(rate: number, found: number, random: () => number): ArmLabel {
  const truth = random() < rate ? 1 : 0
  const failure = random() < (truth === 1 ? found : 1 - SPECIFICITY) ? 1 : 0
  return {
    kind: 'observed',
    failure,
    probability: 1,
    judge: null,
    reaudit:
      random() < REAUDIT
        ? { kind: 'observed', failure: truth, probability: REAUDIT }
        : { kind: 'unsampled', probability: REAUDIT },
  }
}
