/**
 * What experts found when they looked again, per arm: hidden faults among passed episodes, false alarms among failed ones.
 *
 * The predictions are shrunk rates of earlier re-audits; any value is valid, a good one is fast.
 */
import { countsAsFailed, type TruthPrediction } from './reaudited-summand.ts'
import type { ArmLabel } from './unit.ts'

export type ReauditTally = {
  /** Labels, by what they said. */
  passed: number
  failed: number
  /** Passed episodes looked at again, and those that had failed in truth. */
  passedSeen: number
  hidden: number
  /** Failed episodes looked at again, and those that had failed in truth. */
  failedSeen: number
  confirmed: number
}

export function startReaudits(): ReauditTally {
  return { passed: 0, failed: 0, passedSeen: 0, hidden: 0, failedSeen: 0, confirmed: 0 }
}

export function learnReaudit(tally: ReauditTally, label: ArmLabel): void {
  if (label.kind !== 'observed') return
  const failed = countsAsFailed(label.failure)
  if (failed) tally.failed += 1
  else tally.passed += 1
  if (label.reaudit?.kind !== 'observed') return
  if (failed) {
    tally.failedSeen += 1
    tally.confirmed += label.reaudit.failure
  } else {
    tally.passedSeen += 1
    tally.hidden += label.reaudit.failure
  }
}

/** Starts at 2 % hidden among passed, 90 % confirmed among failed; each worth ten re-audits. */
export function predictTruth(tally: ReauditTally): TruthPrediction {
  return {
    passed: (0.2 + tally.hidden) / (10 + tally.passedSeen),
    failed: (9 + tally.confirmed) / (10 + tally.failedSeen),
  }
}

/** Share of the arm's true faults that the labels found; null when there is nothing to tell it from. */
export function sensitivityOf(tally: ReauditTally, confirmedShare: number): number | null {
  if (tally.passedSeen === 0 || tally.passed + tally.failed === 0) return null
  const confirmed = tally.failedSeen > 0 ? tally.confirmed / tally.failedSeen : confirmedShare
  const found = tally.failed * confirmed
  const missed = (tally.passed * tally.hidden) / tally.passedSeen
  return found + missed === 0 ? null : found / (found + missed)
}
