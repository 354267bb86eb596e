/** A contract in sentences, and what changed between two, for people who approve it. */
import { STAKES } from '../episodes/episode.ts'
import { isNamedTool } from '../episodes/tool-name.ts'
import { percent } from '../gate/describe-check.ts'
import { AUTONOMY } from '../ladder/ladder.ts'
import {
  type AutonomyContract,
  type ContractLimits,
  DEFAULT_LIMITS,
  type Grant,
  type Tells,
  type ToolTerms,
} from './contract.ts'
import { sameJson } from './same-json.ts'

type Limits = Required<ContractLimits>

const STAKES_WORDS = {
  read: 'reads',
  reversible: 'changes that can be undone',
  costly: 'costly changes',
  irreversible: 'changes that cannot be undone',
} as const
const TOLD_WORDS = {
  policy: 'which policy serves',
  stage: 'at which stage the release is',
} as const satisfies Record<Tells, string>

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

/**
 * What holds after and did not before, the loosest first. Empty: nothing but version and time. Null: there was no contract. Where it cannot
 * be told that less is allowed, such as other terms of a tool, it is 'other'.
 */
export function contractChanges(
  before: AutonomyContract | null,
  after: AutonomyContract,
): readonly ContractChange[] {
  if (before === null)
    return [
      { kind: 'looser', words: describeGrant('The baseline', after.baseline) },
      ...toolChanges([], after.tools),
      ...toldChanges([], after.tells),
    ]
  const changes: ContractChange[] = [
    ...grantChanges('The baseline', before.baseline, after.baseline),
    ...candidateChanges(before.candidate, after.candidate),
    ...toolChanges(before.tools, after.tools),
    ...toldChanges(before.tells, after.tells),
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
    changes.push({
      kind: amountOf(fresh, name) > amountOf(old, name) ? 'looser' : 'tighter',
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
      words: `It runs out ${ends(after.expiresAt, before.expiresAt)}, not ${ends(before.expiresAt, after.expiresAt)}.`,
    })
  const order = ['looser', 'other', 'tighter']
  return changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

/** The day; on the same day as the other, the time as well. */
function ends(at: string, other: string): string {
  const day = at.slice(0, 10)
  return day === other.slice(0, 10) ? `on ${day} at ${at.slice(11, 19)} UTC` : `on ${day}`
}

/** Without a limit of its own, calls beside the baseline are free where the agent's are, and none where they are not. */
function amountOf(limits: Limits, name: Exclude<keyof Limits, 'bestOfJudge'>): number {
  if (name === 'shadowUsdPerDay' && limits.shadowUsdPerDay === null)
    return limits.usdPerDay === null ? Number.POSITIVE_INFINITY : 0
  return limits[name] ?? Number.POSITIVE_INFINITY
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
      changes.push(
        before.some((other) => overlap(other.name, terms.name))
          ? { kind: 'other', words: `${terms.name} has terms of its own: ${describeTerms(terms)}.` }
          : { kind: 'looser', words: `${terms.name} may be called: ${describeTerms(terms)}.` },
      )
    else if (!sameJson(was, terms))
      changes.push({
        kind: 'other',
        words: `The terms of ${terms.name} are others. Now: ${describeTerms(terms)}. Before: ${describeTerms(was)}.`,
      })
  }
  for (const { name } of before) {
    if (after.some((terms) => terms.name === name)) continue
    const wider = after.find((terms) => overlap(terms.name, name))
    changes.push(
      wider === undefined
        ? { kind: 'tighter', words: `${name} may not be called any more.` }
        : { kind: 'other', words: `${name} has no terms of its own any more: those of ${wider.name} hold.` },
    )
  }
  const [was, is] = [orderOf(before, after), orderOf(after, before)]
  if (was !== is)
    changes.push({
      kind: 'other',
      words: 'The tools are in another order; the first that fits a call holds.',
    })
  return changes
}

/** To tell more is looser: the policy hears it, too. */
function toldChanges(before: readonly Tells[] = [], after: readonly Tells[] = []): readonly ContractChange[] {
  return [
    ...after
      .filter((told) => !before.includes(told))
      .map((told) => ({
        kind: 'looser' as const,
        words: `Answers tell ${TOLD_WORDS[told]}, and a policy that can read it can behave differently.`,
      })),
    ...before
      .filter((told) => !after.includes(told))
      .map((told) => ({
        kind: 'tighter' as const,
        words: `Answers do not tell any more ${TOLD_WORDS[told]}.`,
      })),
  ]
}

/** Whole, however long: somebody approves it. */
function describeTerms({ stakes, arguments: schema, set }: ToolTerms): string {
  return [
    STAKES_WORDS[stakes],
    schema === undefined ? 'any arguments' : `arguments ${JSON.stringify(schema)}`,
    ...(set === undefined ? [] : [`always set ${JSON.stringify(set)}`]),
  ].join(', ')
}

/** Of the names that both have. */
function orderOf(own: readonly ToolTerms[], other: readonly ToolTerms[]): string {
  return JSON.stringify(
    own.map(({ name }) => name).filter((name) => other.some((terms) => terms.name === name)),
  )
}

/** Whether one call could fit both names. */
function overlap(one: string, other: string): boolean {
  const start = (name: string) => (name.endsWith('*') ? name.slice(0, -1) : name)
  return isNamedTool(one, start(other)) || isNamedTool(other, start(one))
}
