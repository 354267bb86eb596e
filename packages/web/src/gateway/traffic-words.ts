/** Who served the conversations of the last 24 hours, in sentences. */
import type { AgentTraffic } from '@leeway/contract/gateway'
import { formatCount, formatCountOf, formatPercent } from '../numbers/format-number.ts'

/** What is to be expected of the split, before anything is said of how it came out. */
export function exposureWords({ candidate, stage, split }: AgentTraffic): string {
  if (candidate === null) return 'No release is open: the baseline serves every conversation.'
  if (split === null) return `At ${stage ?? 'its stage'} the candidate serves no conversation by itself.`
  return `At ${stage ?? 'its stage'}, ${formatPercent(split.exposure)} of the units are drawn for the candidate.`
}

type Drawn = NonNullable<NonNullable<AgentTraffic['split']>['drawn']>

/** What to think of the split, and what to do. */
export function standingWords({ standing }: Pick<Drawn, 'standing'>): string {
  switch (standing) {
    case 'as-drawn':
      return 'That is as it was drawn, as far as so many can tell.'
    case 'fewer':
      return 'The split is broken: fewer than were drawn, and chance does not explain it. Conversations fall to the baseline where the candidate cannot be reached, has no price under a spending limit, or wants what it may not do.'
    case 'more':
      return 'The split is broken: more than were drawn, and chance does not explain it. Nothing at this stage can be trusted as evidence. Halt, and look at who serves.'
  }
}

/** Empty where every conversation was drawn. */
export function notDrawnWords({ notDrawn }: Pick<NonNullable<AgentTraffic['split']>, 'notDrawn'>): string {
  if (notDrawn === 0) return ''
  return `${formatCountOf(notDrawn, 'more came', 'more came')} while nobody could draw, as during a halt; the baseline served ${notDrawn === 1 ? 'it' : 'them'}, and ${notDrawn === 1 ? 'it does' : 'they do'} not count.`
}

/** "1,204 turns in 480 conversations; 3 were refused, 2 got no answer." */
export function turnsWords({ turns, conversations, refused, failed }: AgentTraffic): string {
  if (turns === 0) return 'Nobody called it in the last 24 hours.'
  const many = `${formatCountOf(turns, 'turn')} in ${formatCountOf(conversations, 'conversation')}`
  const unanswered = failed === 0 ? '' : `, ${formatCount(failed)} got no answer`
  if (refused === 0) return `${many}; none was refused${unanswered}.`
  return `${many}; ${formatCount(refused)} ${refused === 1 ? 'was' : 'were'} refused${unanswered}.`
}
