/**
 * Watches a policy after its promotion: alarms when failures rise above what was promised, whenever that begins.
 *
 * Tests       before the change, E[G_t | past] <= 0 for the payoff G_t of every unit (for example failure minus the rate
 *             that was promised); after it, above 0 from a time nobody knows.
 * Method      Shiryaev-Roberts e-detector: R_t = (R_{t-1} + 1) * (1 + stake * G_t), averaged over FRACTIONS of the largest
 *             stake. An average of e-detectors is one again.
 * Guarantee   without a change the alarm at R >= 1/alpha comes after 1/alpha units or more on average. It is a rate of false
 *             alarms per unit, NOT a chance that one ever happens: watched for ever, every detector alarms.
 * Assumes     G_t >= -lossMax_t with lossMax_t known beforehand; units in selection order.
 * Degenerate  no units: minus infinity (R = 0), no alarm. A payoff below its bound throws.
 * Cost        O(1) per unit.
 * Source      Shin, Ramdas & Rinaldo 2023 (arXiv 2203.03532), Def. 2.1 and eq. 8.
 * Evidence    sequential/change-detector.test.ts (average run length simulated)
 */
import { BET_CAP, FRACTIONS } from './betting-process.ts'
import { averageLogEValue } from './e-values.ts'

export type ChangeDetector = {
  readonly logParts: number[]
  units: number
  /** Log of the detector's value now. */
  logValue: number
}

export function startDetector(): ChangeDetector {
  return {
    logParts: FRACTIONS.map(() => Number.NEGATIVE_INFINITY),
    units: 0,
    logValue: Number.NEGATIVE_INFINITY,
  }
}

/** Watches one unit and says whether the detector stands at 1/alpha or above now. Restart it after an alarm. */
export function watchUnit(detector: ChangeDetector, payoff: number, lossMax: number, alpha: number): boolean {
  if (!(lossMax > 0) || !(payoff >= -lossMax - 1e-9))
    throw new RangeError(`payoff ${payoff} is below its declared bound -${lossMax}`)
  for (const [k, share] of FRACTIONS.entries()) {
    const before = detector.logParts[k] ?? Number.NEGATIVE_INFINITY
    detector.logParts[k] = logOnePlusExp(before) + Math.log1p(((share * BET_CAP) / lossMax) * payoff)
  }
  detector.units += 1
  detector.logValue = averageLogEValue(detector.logParts)
  return detector.logValue >= Math.log(1 / alpha)
}

function logOnePlusExp(value: number): number {
  return value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value))
}
