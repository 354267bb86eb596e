/**
 * A comparison as a row for training on preferences: what both were asked, what was preferred, and how much to trust it.
 *
 * Form     TRL's conversational preference with an explicit prompt: messages of roles user, assistant and tool; arguments of
 *          calls are objects. Instructions of the makers and thoughts are no messages: they are the policy.
 * Prompt   what both runs have in common from the start, up to where both go on with words or calls of the agent.
 * Weight   2 p - 1, p the probability that the preferred one is better: even odds before, each rater right with the
 *          probability `reliability`, independently; a tie says nothing. Raters worse than chance count nothing, and nobody
 *          more than RELIABILITY_MAX.
 * Degenerate  null where the runs have no beginning in common, or say and do the same.
 */
import type { Episode, Json, Step } from '../episodes/episode.ts'

export type Message = { readonly role: 'user' | 'assistant' | 'tool'; readonly content: string } & {
  readonly name?: string
  readonly tool_calls?: readonly Json[]
}
export type PreferencePair = {
  readonly prompt: readonly Message[]
  readonly chosen: readonly Message[]
  readonly rejected: readonly Message[]
}

/** One rater's word on which of the two is better. */
export type Vote = { readonly prefers: 'first' | 'second' | 'neither'; readonly reliability: number }

const RELIABILITY_MAX = 0.95

/** Probability that the first one is better. */
export function probabilityOfFirst(votes: readonly Vote[]): number {
  const logOdds = votes.reduce((sum, { prefers, reliability }) => {
    const trusted = Math.min(RELIABILITY_MAX, Math.max(0.5, reliability))
    const weight = Math.log(trusted / (1 - trusted))
    return sum + (prefers === 'neither' ? 0 : prefers === 'first' ? weight : -weight)
  }, 0)
  return 1 / (1 + Math.exp(-logOdds))
}

type Run = Pick<Episode, 'instructions' | 'steps'>

export function preferencePair(chosen: Run, rejected: Run): PreferencePair | null {
  const [one, other] = [messagesOf(chosen), messagesOf(rejected)]
  let common = 0
  while (common < one.length && common < other.length && isSame(one[common], other[common])) common += 1
  if (common === one.length && common === other.length) return null
  const isAgents = (at: number) => one[at]?.role === 'assistant' && other[at]?.role === 'assistant'
  while (common > 0 && !isAgents(common)) common -= 1
  if (common === 0) return null
  return { prompt: one.slice(0, common), chosen: one.slice(common), rejected: other.slice(common) }
}

function messagesOf({ instructions, steps }: Run): readonly Message[] {
  const said = steps.flatMap(messageOf)
  return instructions === '' || said[0]?.role === 'user'
    ? said
    : [{ role: 'user', content: instructions }, ...said]
}

function messageOf({ kind, name, content }: Step): readonly Message[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  switch (kind) {
    case 'user':
    case 'assistant':
      return [{ role: kind, content: text }]
    case 'tool_call':
      return [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ type: 'function', function: { name: name ?? '', arguments: content } }],
        },
      ]
    case 'tool_result':
      return [{ role: 'tool', content: text, ...(name === null ? {} : { name }) }]
    default:
      return []
  }
}

const isSame = (one: Message | undefined, other: Message | undefined) =>
  JSON.stringify(one) === JSON.stringify(other)
