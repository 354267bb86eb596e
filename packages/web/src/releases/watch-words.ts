import type { WatchView } from '@leeway/contract/watches'
import { formatCount, formatCountOf, formatPercent, formatPercentInterval } from '../numbers/format-number.ts'

/** "Of 194 audited units 21 % (15 to 28) failed; 30 % was promised at most. 3 labels did not come, and counted for the policy." */
export function watchWords({
  failure,
  audited,
  units,
  promisedRate,
  missing,
  waiting,
}: Pick<WatchView, 'failure' | 'audited' | 'units' | 'promisedRate' | 'missing' | 'waiting'>): string {
  const promised = `${formatPercent(promisedRate)} was promised at most.`
  return [
    failure === null
      ? `Of ${formatCountOf(units, 'unit')} none was audited yet; ${promised}`
      : `Of ${formatCount(audited)} audited units ${formatPercentInterval(failure)} failed; ${promised}`,
    ...(missing === 0
      ? []
      : [`${formatCountOf(missing, 'label')} did not come, and counted for the policy.`]),
    ...(waiting === 0
      ? []
      : [`${formatCountOf(waiting, 'unit')} ${waiting === 1 ? 'waits' : 'wait'} for labels.`]),
  ].join(' ')
}
