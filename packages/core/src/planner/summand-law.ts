/**
 * The law of one unit's summand under a plan: what it can be, and how likely. For forecasts; no evidence comes from here.
 *
 * Model       pairs alike and independent; the two policies fail independently of each other on pairs that differ. The judge is
 *             right with the same probability on failed and on sound episodes. Predictions of the gate are at their best.
 * Audits      with a judge, an episode is labelled with a probability in proportion to sqrt(f (1 - f)), on average `budget`,
 *             at least FLOOR.
 * Output      `atoms` (probabilities sum to 1), the range the stakes must allow for, and labels a pair.
 */
export type Design = {
  /** True failure rates, in [0, 1]. */
  readonly candidateFailure: number
  readonly baselineFailure: number
  /** Share of episodes on which the judge is right, in [0.5, 1); null: people label every episode. */
  readonly judgeAccuracy: number | null
  /** Share of episodes that people label, in (0, 1]; without meaning where there is no judge. */
  readonly budget: number
  /** Errors of the labels; null: none. */
  readonly labelError: {
    readonly sensitivity: number
    readonly specificity: number
    /** Probability that experts look at a label again; null in `shared` mode. */
    readonly reaudit: number | null
  } | null
  /** Share of pairs on which both policies did the same, as far as it matters: one in twenty of them is labelled. */
  readonly identicalShare: number
}

export type SummandLaw = {
  readonly atoms: readonly { readonly value: number; readonly probability: number }[]
  readonly max: number
  readonly min: number
  /** Labels a pair takes on average, both arms; and expert looks. */
  readonly labels: number
  readonly reaudits: number
}

/** Smallest audit probability: below it the stakes must stay so small that nothing is gained. */
export const FLOOR = 0.05

type Outcome = { readonly value: number; readonly probability: number }

export function summandLaw(design: Design): SummandLaw {
  const { identicalShare, candidateFailure, baselineFailure } = design
  const differing = 1 - identicalShare
  // The whole difference arises on pairs that are not identical.
  const rate = Math.min(
    1,
    Math.max(0, baselineFailure + (candidateFailure - baselineFailure) / Math.max(differing, 1e-9)),
  )
  const candidate = armLaw(rate, design)
  const baseline = armLaw(baselineFailure, design)
  const atoms: Outcome[] = identicalShare > 0 ? [{ value: 0, probability: identicalShare }] : []
  for (const c of candidate.outcomes) {
    for (const b of baseline.outcomes)
      atoms.push({ value: c.value - b.value, probability: differing * c.probability * b.probability })
  }
  const labelled = differing + identicalShare * FLOOR
  return {
    atoms,
    max: candidate.max - baseline.min,
    min: candidate.min - baseline.max,
    labels: labelled * (candidate.labels + baseline.labels),
    reaudits: labelled * (candidate.labels + baseline.labels) * (design.labelError?.reaudit ?? 0),
  }
}

/** Mean and variance of the summand. */
export function momentsOf(law: SummandLaw): { readonly mean: number; readonly variance: number } {
  let mean = 0
  let squares = 0
  for (const { value, probability } of law.atoms) {
    mean += probability * value
    squares += probability * value * value
  }
  return { mean, variance: Math.max(0, squares - mean * mean) }
}

type ArmLaw = {
  readonly outcomes: readonly Outcome[]
  readonly min: number
  readonly max: number
  readonly labels: number
}

function armLaw(failure: number, design: Design): ArmLaw {
  const labelled = labelLaw(failure, design.labelError)
  if (design.judgeAccuracy === null) return { outcomes: labelled, ...rangeOf(labelled), labels: 1 }
  return auditedLaw(failure, labelled, design.judgeAccuracy, design.budget)
}

/** What a label says, corrected by the experts' second look where there is one. */
function labelLaw(failure: number, labelError: Design['labelError']): readonly Outcome[] {
  if (labelError === null)
    return [
      { value: 1, probability: failure },
      { value: 0, probability: 1 - failure },
    ]
  const { sensitivity, specificity, reaudit } = labelError
  const found = failure * sensitivity
  const alarms = (1 - failure) * (1 - specificity)
  if (reaudit === null)
    return [
      { value: 1, probability: found + alarms },
      { value: 0, probability: 1 - found - alarms },
    ]
  return [
    ...secondLook(found, alarms, reaudit),
    ...secondLook(failure - found, 1 - failure - alarms, reaudit),
  ]
}

function secondLook(failed: number, sound: number, reaudit: number): readonly Outcome[] {
  const share = failed + sound === 0 ? 0 : failed / (failed + sound)
  return [
    { value: share, probability: (failed + sound) * (1 - reaudit) },
    { value: share + (1 - share) / reaudit, probability: failed * reaudit },
    { value: share - share / reaudit, probability: sound * reaudit },
  ]
}

function auditedLaw(failure: number, labelled: readonly Outcome[], accuracy: number, budget: number): ArmLaw {
  const mean = labelled.reduce((sum, { value, probability }) => sum + value * probability, 0)
  const scores = [accuracy, 1 - accuracy].map((right) => {
    const seen = failure * right + (1 - failure) * (1 - right)
    const truth = seen === 0 ? 0 : (failure * right) / seen
    return { seen, truth, spread: Math.sqrt(truth * (1 - truth)) }
  })
  const spreadMean = scores.reduce((sum, { seen, spread }) => sum + seen * spread, 0)
  const outcomes: Outcome[] = []
  let min = 0
  let max = 1
  let labels = 0
  for (const { seen, truth, spread } of scores) {
    const probability = Math.min(
      1,
      Math.max(FLOOR, spreadMean === 0 ? FLOOR : (budget * spread) / spreadMean),
    )
    // Failing labels are as likely as the score says; each keeps its share of what failing and passing labels can be.
    const prediction = failure === 0 || failure === 1 ? mean : truth
    labels += seen * probability
    outcomes.push({ value: prediction, probability: seen * (1 - probability) })
    for (const label of labelled) {
      const weight = labelWeight(label, failure, truth)
      outcomes.push({
        value: prediction + (label.value - prediction) / probability,
        probability: seen * probability * weight,
      })
      min = Math.min(min, prediction + (label.value - prediction) / probability)
      max = Math.max(max, prediction + (label.value - prediction) / probability)
    }
  }
  return { outcomes, min, max, labels }
}

/** Label outcomes at or above a half are those of failing episodes, near enough: scaled to the failure rate of the score. */
function labelWeight(label: Outcome, failure: number, truth: number): number {
  if (failure === 0 || failure === 1) return label.probability
  return label.value >= 0.5
    ? (label.probability * truth) / failure
    : (label.probability * (1 - truth)) / (1 - failure)
}

function rangeOf(outcomes: readonly Outcome[]): { readonly min: number; readonly max: number } {
  return {
    min: Math.min(0, ...outcomes.map(({ value }) => value)),
    max: Math.max(1, ...outcomes.map(({ value }) => value)),
  }
}
