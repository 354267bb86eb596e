/** Who looks at the questions of a release, in a sentence; for those who may read everything. */
import type { LookPlan } from './standing-plan.ts'

const GROUPS = {
  anyone: 'are for anyone who is trusted',
  vetted: 'are kept a day for vetted people',
  expert: 'are kept a day for experts',
} as const

export function planWords(plan: LookPlan): string {
  const groups = plan.groups
    .filter(({ probability }) => probability > 0)
    .map(({ name, probability }) => `${percent(probability)} of the questions ${GROUPS[name]}`)
  const help = plan.help === 'decomposition' ? 'the parts' : 'a critique'
  const helped =
    plan.helpShare === null
      ? ''
      : ` After a first answer ${help} may follow at ${percent(plan.helpShare)} of them.`
  return `By lot, whatever the episode, ${listed(groups)}.${helped}`
}

const percent = (share: number) => `${Math.round(100 * share)} %`

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
