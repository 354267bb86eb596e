/** A contract in sentences, and what changed between two, for people who approve it. */
import { STAKES } from '../episodes/episode.ts'
import { percent } from '../gate/describe-check.ts'
import { AUTONOMY } from '../ladder/ladder.ts'
import {
  type AutonomyContract,
  type ContractLimits,
  DEFAULT_LIMITS,
  type Grant,
  type ToolTerms,
} from './contract.ts'

type Limits = Required<ContractLimits>

const STAKES_WORDS = {
  read: 'reads',
  reversible: 'changes that can be undone',
  costly: 'costly changes',
  irreversible: 'changes that cannot be undone',
} as const

export function describeGrant(who: string, grant: Grant): string {
  const tools = grant.tools === 'all' ? 'all tools below' : grant.tools.join(', ') || 'no tools'
  const where = `in conversations of up to ${grant.horizonSteps} steps, with ${tools}, up to ${STAKES_WORDS[grant.stakes]}`
  if (grant.autonomy === 'shadow') return `${who} runs beside and acts on nothing.`
  if (grant.autonomy === 'suggest' || grant.policySha256 === '')
    return `${who} suggests; a person decides about every call that changes something, ${where}.`
  const share =
    grant.withoutReview === 1
      ? 'no call waits for a person'
      : grant.withoutReview === 0
        ? 'a person decides about every call that changes something'
        : `a person decides about ${percent(1 - grant.withoutReview)} of the calls that change something, drawn by lot`
  return `${who} acts ${where}; ${share}.${describeGivingWay(grant)}`
}

function describeGivingWay({ klNatsMax, falseStopMax }: Grant): string {
  const ways = [
    ...(klNatsMax === null ? [] : [`has spent more than ${klNatsMax} nats of KL`]),
    ...(falseStopMax === undefined
      ? []
      : [
          `uses words that the baseline would come to in at most ${percent(falseStopMax)} of its own conversations`,
        ]),
  ]
  return ways.length === 0
    ? ''
    : ` It gives way to the baseline in a conversation where it ${ways.join(', or ')}.`
}

export type ContractChange = {
  /** 'looser': more is allowed than before; 'tighter': less. */
  readonly kind: 'looser' | 'tighter' | 'other'
  readonly words: string
}

/** What holds after and did not before, the loosest first. Empty: nothing but version and time. */
export function contractChanges(
  before: AutonomyContract,
  after: AutonomyContract,
): readonly ContractChange[] {
  const changes: ContractChange[] = [
    ...grantChanges('The baseline', before.baseline, after.baseline),
    ...candidateChanges(before.candidate, after.candidate),
    ...toolChanges(before.tools, after.tools),
  ]
  // A contract that was signed before there was a limit has the one that holds without it.
  const [old, fresh] = [before, after].map(({ limits }) => ({ ...DEFAULT_LIMITS, ...limits })) as [
    Limits,
    Limits,
  ]
  for (const name of Object.keys(fresh) as (keyof Limits)[]) {
    const [was, is] = [old[name], fresh[name]]
    if (was === is) continue
    // A name is neither more nor less than another.
    if (name === 'bestOfJudge') {
      changes.push({
        kind: 'other',
        words: `The best answer is chosen by ${is ?? 'programs alone'}, not by ${was ?? 'programs alone'}.`,
      })
      continue
    }
    const up = (is ?? Number.POSITIVE_INFINITY) > (was ?? Number.POSITIVE_INFINITY)
    changes.push({
      kind: up ? 'looser' : 'tighter',
      words: `The limit ${name} goes from ${was ?? 'none'} to ${is ?? 'none'}.`,
    })
  }
  for (const stakes of after.failOpen)
    if (!before.failOpen.includes(stakes))
      changes.push({ kind: 'looser', words: `When nobody can decide, ${STAKES_WORDS[stakes]} are released.` })
  for (const stakes of before.failOpen)
    if (!after.failOpen.includes(stakes))
      changes.push({ kind: 'tighter', words: `When nobody can decide, ${STAKES_WORDS[stakes]} are denied.` })
  if (before.expiresAt !== after.expiresAt)
    changes.push({
      kind: after.expiresAt > before.expiresAt ? 'looser' : 'tighter',
      words: `It runs out on ${after.expiresAt.slice(0, 10)}, not on ${before.expiresAt.slice(0, 10)}.`,
    })
  const order = ['looser', 'other', 'tighter']
  return changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

function candidateChanges(before: Grant | null, after: Grant | null): readonly ContractChange[] {
  if (before === null && after === null) return []
  if (before === null && after !== null)
    return [{ kind: 'looser', words: describeGrant('A candidate', after) }]
  if (before !== null && after === null)
    return [{ kind: 'tighter', words: 'There is no candidate any more.' }]
  return grantChanges('The candidate', before as Grant, after as Grant)
}

function grantChanges(who: string, before: Grant, after: Grant): readonly ContractChange[] {
  const changes: ContractChange[] = []
  if (before.policyId !== after.policyId) changes.push({ kind: 'other', words: `${who} is another policy.` })
  const [was, is] = [describeGrant(who, before), describeGrant(who, after)]
  if (was === is) return changes
  const [looser, tighter] = [isLooser(before, after), isLooser(after, before)]
  const kind = looser === tighter ? 'other' : looser ? 'looser' : 'tighter'
  return [...changes, { kind, words: `Now: ${is} Before: ${was}` }]
}

/** Whether anything is allowed after that was not before. */
function isLooser(before: Grant, after: Grant): boolean {
  return (
    AUTONOMY.indexOf(after.autonomy) > AUTONOMY.indexOf(before.autonomy) ||
    STAKES.indexOf(after.stakes) > STAKES.indexOf(before.stakes) ||
    after.withoutReview > before.withoutReview ||
    after.horizonSteps > before.horizonSteps ||
    (after.klNatsMax ?? Number.POSITIVE_INFINITY) > (before.klNatsMax ?? Number.POSITIVE_INFINITY) ||
    (after.falseStopMax ?? 0) < (before.falseStopMax ?? 0) ||
    (before.tools !== 'all' &&
      (after.tools === 'all' || after.tools.some((tool) => !before.tools.includes(tool))))
  )
}

function toolChanges(before: readonly ToolTerms[], after: readonly ToolTerms[]): readonly ContractChange[] {
  const changes: ContractChange[] = []
  for (const terms of after) {
    const was = before.find(({ name }) => name === terms.name)
    if (was === undefined)
      changes.push({ kind: 'looser', words: `${terms.name} may be called: ${STAKES_WORDS[terms.stakes]}.` })
    else if (JSON.stringify(was) !== JSON.stringify(terms))
      changes.push({ kind: 'other', words: `The terms of ${terms.name} are others.` })
  }
  for (const { name } of before)
    if (!after.some((terms) => terms.name === name))
      changes.push({ kind: 'tighter', words: `${name} may not be called any more.` })
  return changes
}
