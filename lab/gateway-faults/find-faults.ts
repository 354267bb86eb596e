/** Everything that was seen, held against what was proposed, approved and recorded. */
import { createHash } from 'node:crypto'
import { type Answer, owesRecord } from './agents.ts'
import type { Approvals } from './people.ts'
import type { Proposed } from './upstream.ts'
import { CONTRACT_DAYS, type Proposal } from './world.ts'

export type Recorded = {
  readonly turns: ReadonlyMap<string, TurnFacts>
  /** By the turn: the hold it waited for. */
  readonly holds: ReadonlyMap<string, string>
  /** Holds whose approval was used. */
  readonly used: readonly string[]
  /** Ids of calls that stand in episodes. */
  readonly calls: ReadonlySet<string>
}

export type TurnFacts = {
  readonly outcome: string
  readonly decisions: readonly {
    readonly outcome: string | null
    readonly calls: readonly { readonly tool: string; readonly argumentsSha256: string }[]
  }[]
}

export type Faults = {
  /** Calls released that the contract denies, or with other arguments than it lets pass. */
  readonly denied: readonly string[]
  /** Calls released that a person had to approve and nobody did. */
  readonly unapproved: readonly string[]
  /** Answers that a client saw the end of, and that are not written down as it saw them. */
  readonly unrecorded: readonly string[]
  readonly usedTwice: readonly string[]
}

type Origin = { readonly proposal: Proposal; readonly response: Proposed }

const DAY_MS = 86_400_000
/** What is enforced holds for 15 seconds from a reading that may have begun just before the way broke; a little more to notice. */
const OUT_OF_TOUCH_MS = 15_500

export function findFaults(
  proposed: readonly Proposed[],
  answers: readonly Answer[],
  approved: Approvals,
  recorded: Recorded,
): Faults {
  const origins = new Map<string, Origin>()
  for (const response of proposed)
    for (const proposal of response.calls) origins.set(proposal.id, { proposal, response })
  const denied: string[] = []
  const unapproved: string[] = []
  const unrecorded: string[] = []
  const usedBy = new Map<string, string>()
  const usedTwice = recorded.used
    .filter((hold) => !approved.has(hold))
    .map((hold) => `an approval of something else was used for ${hold}`)
  for (const answer of answers) {
    const facts = answer.turnId === null ? undefined : recorded.turns.get(answer.turnId)
    if (owesRecord(answer)) unrecorded.push(...lacking(answer, facts, origins, recorded.calls))
    if (answer.calls.length === 0) continue
    const where = `turn ${answer.turnId} at ${answer.replica}`
    const found = answer.calls.flatMap(({ id }) => origins.get(id) ?? [])
    if (found.length < answer.calls.length) {
      denied.push(`${where}: a call that nobody proposed`)
      continue
    }
    // A turn may wait more than once; only the last answer of the model was released.
    const isHeld = needsPerson(answer, found, facts)
    const hold = isHeld && answer.turnId !== null ? recorded.holds.get(answer.turnId) : undefined
    const approval = hold === undefined ? undefined : approved.get(hold)
    if (mayNotAct(answer, found)) denied.push(`${where}: ${mayNotAct(answer, found)}`)
    if (answer.finished) {
      const expected = approval ?? found.map(({ proposal }) => proposal.carried)
      const seen = answer.calls.map(({ argumentsText }) => argumentsText)
      // An answer is released whole: with every call that was proposed in it.
      if (
        JSON.stringify(seen) !== JSON.stringify(expected) ||
        found[0]?.response.calls.length !== seen.length
      )
        denied.push(`${where}: ${JSON.stringify(seen)} in place of ${JSON.stringify(expected)}`)
    }
    if (!isHeld) continue
    if (hold === undefined || approval === undefined || !recorded.used.includes(hold))
      unapproved.push(`${where}: ${answer.agent} ${found.map(({ proposal }) => proposal.tool).join(', ')}`)
    else if (usedBy.has(hold)) usedTwice.push(`${hold} by ${usedBy.get(hold)} and ${answer.turnId}`)
    else usedBy.set(hold, String(answer.turnId))
  }
  return { denied, unapproved, unrecorded, usedTwice }
}

/** Why nothing of this may be carried out, whoever approves. */
function mayNotAct(answer: Answer, found: readonly Origin[]): string | null {
  const never = found.flatMap(({ response }) => response.calls).find(({ verdict }) => verdict === 'never')
  if (never !== undefined) return `${never.tool} ${never.argumentsText} was released, or a call beside it`
  const changes = found.some(({ proposal }) => proposal.verdict === 'write')
  const byCandidate = found.some(({ response }) => response.by === 'candidate')
  if (isExpired(answer) && byCandidate) return 'a candidate acted after the contract had run out'
  if ((answer.awayMs ?? 0) > OUT_OF_TOUCH_MS && (changes || byCandidate))
    return `released ${answer.awayMs} ms after the replica had lost its database`
  return null
}

function needsPerson(answer: Answer, found: readonly Origin[], facts: TurnFacts | undefined): boolean {
  if (facts?.decisions.at(-1)?.outcome === 'hold') return true
  if (!found.some(({ proposal }) => proposal.verdict === 'write')) return false
  return answer.agent === 'careful' || isExpired(answer)
}

/** By the clock of the replica, from the question to the end of the answer. */
function isExpired({ clocks, lives }: Answer): boolean {
  return lives[0] === lives[1] && clocks.every((offset) => offset > CONTRACT_DAYS * DAY_MS)
}

function lacking(
  { turnId, replica, calls, finished }: Answer,
  facts: TurnFacts | undefined,
  origins: ReadonlyMap<string, Origin>,
  inEpisodes: ReadonlySet<string>,
): readonly string[] {
  const where = `turn ${turnId} at ${replica}`
  if (facts === undefined) return [`${where} is not written down`]
  if (facts.outcome !== 'release' && facts.outcome !== 'stop')
    return [`${where} is written down as ${facts.outcome}`]
  // Of one that broke off, some calls may not have come.
  if (calls.length === 0 || !finished) return []
  const written = facts.decisions
    .at(-1)
    ?.calls.map(({ tool, argumentsSha256 }) => `${tool} ${argumentsSha256}`)
  const proposed = calls.map(
    ({ id, tool }) => `${tool} ${sha256(origins.get(id)?.proposal.argumentsText ?? '')}`,
  )
  if (JSON.stringify(written) !== JSON.stringify(proposed)) return [`${where} is written down otherwise`]
  return calls.filter(({ id }) => !inEpisodes.has(id)).map(({ id }) => `${where}: no episode has ${id}`)
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
