/**
 * What the work of a policy under supervision says of the policy alone: the label is of the calls that it proposed, not of what
 * people made of them.
 *
 * Estimand    whether a unit fails when the policy acts by itself.
 * Rules       `refused`: a person denied, edited or stopped a call that was held by a draw, or because all like it are. The unit
 *             failed, whatever came of it afterwards: a rescue is no success. `untold`: what the policy would have done by
 *             itself was not seen, because nobody answered, the baseline went on in its place, or a call was refused in a
 *             hold that nobody drew. The label is missing, and the gate resolves it against the claim under test. `own`: nothing
 *             stood in its way but the contract, which is there without people too; the trusted label counts. Refused wins
 *             over untold.
 * Assumes     people refuse what would have failed. Calls that they refuse without need count as failures, of both arms alike
 *             where both are held with the same probability; where the candidate is held more often this slows its promotion and can
 *             roll it back, never promote it.
 * Degenerate  a unit without conversations of this policy is `own`.
 * Source      docs/methods/gate.md, "Held calls".
 */
export type ProposalLabel = 'own' | 'untold' | 'refused'

export type ProposedRound = {
  readonly role: 'baseline' | 'candidate'
  /** By the contract; null where nothing was decided. */
  readonly outcome: string | null
  /** What people decided; null where nobody was asked, or where the agent left before they had decided. */
  readonly hold: string | null
  readonly calls: readonly {
    readonly outcome: string
    readonly rule: string
    readonly holdProbability: number
  }[]
}

export type ProposedTurn = {
  /** 'release' where the last round went to the client. */
  readonly outcome: string
  readonly rounds: readonly ProposedRound[]
}

/** `conversations`: those that the policy began, each with its turns in order. */
export function proposalLabel(conversations: readonly (readonly ProposedTurn[])[]): ProposalLabel {
  const labels = conversations.map(conversationLabel)
  return labels.find((one) => one === 'refused') ?? labels.find((one) => one === 'untold') ?? 'own'
}

function conversationLabel(turns: readonly ProposedTurn[]): ProposalLabel {
  const all = turns.flatMap(({ rounds }) => rounds)
  const began = all[0]?.role
  const labels = turns.flatMap(({ outcome, rounds }) =>
    rounds
      // What another policy proposed in its place says nothing of this one.
      .map((round, at) =>
        round.role === began
          ? roundLabel(round, outcome === 'release' && at === rounds.length - 1)
          : 'untold',
      ),
  )
  return labels.find((one) => one === 'refused') ?? labels.find((one) => one === 'untold') ?? 'own'
}

function roundLabel({ outcome, hold, calls }: ProposedRound, isReleased: boolean): ProposalLabel {
  // Nobody could be asked: an outage, no act of the policy.
  if (calls.some((call) => call.outcome === 'deny' && call.rule === 'out-of-touch')) return 'untold'
  if (outcome === 'replace') return 'untold'
  if (outcome !== 'hold') return 'own'
  if (hold === 'approved') return isReleased ? 'own' : 'untold'
  const isRefusal = hold === 'denied' || hold === 'edited' || hold === 'stopped'
  return isRefusal && isEvidence(calls) ? 'refused' : 'untold'
}

const DRAWN: ReadonlySet<string> = new Set(['drawn', 'not-acting'])

/**
 * Whether what people decide about a response may be evidence: each call that was held was held at a probability that was
 * fixed beforehand. What was held because a contract had run out came to people by accident.
 */
export function isEvidence(calls: ProposedRound['calls']): boolean {
  const held = calls.filter(({ outcome }) => outcome === 'hold')
  return held.length > 0 && held.every(({ rule, holdProbability }) => DRAWN.has(rule) && holdProbability > 0)
}
