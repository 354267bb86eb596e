import type { LastDay } from '@leeway/contract/review'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'

/** How a project comes on: "In 24 hours 12 answers by you, 57 by all." */
export function lastDayWords({ mine, everybody }: LastDay): string {
  if (everybody === null) return mine === 0 ? '' : `In 24 hours ${formatCountOf(mine, 'answer')} by you.`
  if (everybody === 0) return 'Nobody answered in the last 24 hours.'
  if (mine === 0) return `In 24 hours ${formatCountOf(everybody, 'answer')} by others, none by you.`
  if (mine === everybody) return `In 24 hours ${formatCountOf(mine, 'answer')}, all by you.`
  return `In 24 hours ${formatCountOf(mine, 'answer')} by you, ${formatCount(everybody)} by all.`
}
