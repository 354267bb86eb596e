import type { Insufficient } from '@leeway/core/numeric/insufficient'
import type { DetectionDifference } from '@leeway/core/planted-faults/detection-difference'

/** Whether planted faults are caught as often as natural ones, in a sentence. */
export function detectionWords(compared: DetectionDifference | Insufficient): string {
  const points = (share: number) => (100 * share).toFixed(0)
  if (compared.kind === 'insufficient')
    return `Planted faults cannot be compared with natural ones yet: ${compared.reason}.`
  const { low, high } = compared.difference
  if (low > 0)
    return `Planted faults are found more often than natural ones, by ${points(low)} to ${points(high)} points: what raters catch here says too much of them.`
  if (high < 0)
    return `Planted faults are found less often than natural ones, by ${points(-high)} to ${points(-low)} points: what raters miss here says too much of them.`
  return `Planted and natural faults may be found equally often: the difference is between ${points(low)} and ${points(high)} points.`
}
