/** What a grant says, line by line, so that two can stand beside each other. */
import type { AutonomyContract, Grant } from '@leeway/core/autonomy/contract'
import { formatBytes, formatCount, formatDuration, formatPercent } from '../numbers/format-number.ts'

const AUTONOMY_WORDS = {
  shadow: 'runs beside, acts on nothing',
  suggest: 'suggests, a person decides',
  act: 'acts',
} as const satisfies Record<Grant['autonomy'], string>

const STAKES_WORDS = {
  read: 'reads',
  reversible: 'changes that can be undone',
  costly: 'costly changes',
  irreversible: 'changes that cannot be undone',
} as const satisfies Record<Grant['stakes'], string>

type Line = { readonly label: string; readonly words: (grant: Grant) => string }

export const GRANT_LINES: readonly Line[] = [
  { label: 'What it does', words: ({ autonomy }) => AUTONOMY_WORDS[autonomy] },
  { label: 'Up to', words: ({ stakes }) => STAKES_WORDS[stakes] },
  { label: 'Tools', words: ({ tools }) => (tools === 'all' ? 'all below' : tools.join(', ') || 'none') },
  { label: 'Steps of a conversation', words: ({ horizonSteps }) => `at most ${formatCount(horizonSteps)}` },
  { label: 'Changes without a person', words: withoutReviewWords },
  {
    label: 'Divergence from the baseline',
    words: ({ klNatsMax }) => (klNatsMax === null ? 'no budget' : `at most ${klNatsMax} nats a conversation`),
  },
]

function withoutReviewWords({ autonomy, withoutReview }: Grant): string {
  if (autonomy !== 'act') return 'none'
  if (withoutReview === 0) return 'none'
  if (withoutReview === 1) return 'all'
  return `${formatPercent(withoutReview)}, drawn by lot`
}

type LimitLine = { readonly label: string; readonly value: string }

/** Limits of all policies together, and what happens when nobody can decide. */
export function limitLines({
  limits,
  tells = [],
  failOpen,
}: Pick<AutonomyContract, 'limits' | 'tells' | 'failOpen'>): readonly LimitLine[] {
  const { shadowUsdPerDay: shadow = null, bestOfMax = 1, bestOf = 1, bestOfJudge = null } = limits
  return [
    { label: 'Spent a day', value: limits.usdPerDay === null ? 'no limit' : `at most $${limits.usdPerDay}` },
    {
      label: 'Spent a day beside the baseline',
      value: shadow !== null ? `at most $${shadow}` : limits.usdPerDay === null ? 'no limit' : 'nothing',
    },
    {
      label: 'Answers to choose from',
      value: bestOfMax === 1 ? 'one' : searchWords(bestOfMax, bestOf, bestOfJudge !== null),
    },
    { label: 'Requests a minute', value: `at most ${formatCount(limits.requestsPerMinute)}` },
    { label: 'Calls in one answer', value: `at most ${formatCount(limits.callsMax)}` },
    {
      label: 'Refusals before a conversation is stopped',
      value: formatCount(limits.denialsMax),
    },
    { label: 'Calls that wait at once', value: `at most ${formatCount(limits.holdsMax)}` },
    { label: 'A call waits for a person', value: `${formatDuration(limits.holdSeconds * 1_000)} at most` },
    {
      label: 'Size of a request',
      value: `at most ${formatBytes(limits.bodyBytesMax)}`,
    },
    {
      label: 'What answers tell of who serves',
      value: tells.length === 0 ? 'nothing' : `the ${tells.join(' and the ')}, in headers`,
    },
    {
      label: 'When Leeway cannot decide',
      value:
        failOpen.length === 0
          ? 'no call is released'
          : `${failOpen.map((stakes) => STAKES_WORDS[stakes]).join(' and ')} are released, all others are not`,
    },
  ]
}

function searchWords(most: number, always: number, judged: boolean): string {
  const unasked = always === 1 ? '' : `, ${formatCount(always)} where the client says nothing`
  return `at most ${formatCount(most)}${unasked}, chosen by ${judged ? 'a model and programs' : 'programs'}`
}
