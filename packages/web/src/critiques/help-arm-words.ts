import type { HelpArm } from '@leeway/contract/critiques'
import type { z } from 'zod'
import { formatCountOf, formatDuration, formatPercent } from '../numbers/format-number.ts'

/** What became of answers in one arm of help. */
export function helpArmWords(who: string, arm: z.infer<typeof HelpArm>): string {
  const known =
    arm.known === 0 || arm.rightAtFirst === null || arm.rightAtLast === null
      ? 'none on a known item'
      : `on ${formatCountOf(arm.known, 'known item')} ${formatPercent(arm.rightAtFirst)} right at first, ${formatPercent(arm.rightAtLast)} in the end`
  const time = arm.seconds === null ? '' : `, ${formatDuration(arm.seconds * 1000)} each`
  return `${who}: ${formatCountOf(arm.answers, 'answer')}, ${arm.changed} changed; ${known}${time}.`
}
