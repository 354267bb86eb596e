/**
 * What becomes of the tool calls of one response: each is judged by the contract, then all are decided together.
 *
 * Together    the strictest outcome of any call is that of the response: stop, then replace, then deny, then hold. A response is
 *             one act: a model that asks for two calls at once planned them together, so none of them is carried out
 *             unless all of them may be. Where nothing stands in the way, calls are released as they are or as modified.
 * Draws       `uniform` in [0, 1) decides whether a call above `read` needs a person: held when it is at least
 *             `withoutReview`. The probability is part of the answer, so that it can be recorded before anybody is asked.
 * No touch    without a current contract or people to ask, what the contract lets fail open is released, the rest denied.
 * Expired     a contract that has run out lets only the baseline act, and holds whatever is above `read`.
 * Hostile     names and arguments come from a model. Reasons name the tool, never its arguments.
 */
import { Validator } from '@cfworker/json-schema'
import { type Json, STAKES, type Stakes } from '../episodes/episode.ts'
import { isNamedTool } from '../episodes/tool-name.ts'
import { type AutonomyContract, type Grant, type ToolTerms, termsOf } from './contract.ts'
import { hasDuplicateNames } from './duplicate-names.ts'

/** `argumentsText` is what the model wrote, JSON or not. */
export type ProposedCall = { readonly tool: string; readonly argumentsText: string }

export type CallRule =
  | 'unknown-tool'
  | 'malformed-arguments'
  | 'arguments-outside'
  | 'tool-not-granted'
  | 'stakes-above'
  | 'too-many-calls'
  | 'horizon'
  | 'not-acting'
  | 'expired'
  | 'out-of-touch'
  | 'drawn'
  | 'read'
  | 'granted'

export type CallDecision = {
  readonly outcome: 'allow' | 'modify' | 'hold' | 'deny' | 'replace'
  readonly rule: CallRule
  /** For the model and for people: one sentence. */
  readonly reason: string
  readonly stakes: Stakes | null
  /** Of the arguments to carry out; null where they are as the model wrote them. */
  readonly argumentsText: string | null
  /** Probability with which a call like this is held for a person: 0 and 1 are certain. */
  readonly holdProbability: number
}

export type ResponseDecision = {
  readonly outcome: 'release' | 'hold' | 'deny' | 'replace' | 'stop'
  readonly calls: readonly CallDecision[]
}

export type Circumstances = {
  readonly role: 'baseline' | 'candidate'
  /** Steps of the conversation with this response. */
  readonly steps: number
  /** Responses of the conversation that were refused before. */
  readonly denials: number
  readonly now: Date
  /** Leeway has lost touch with what it enforces, or cannot ask people: only stakes that fail open are released. */
  readonly outOfTouch: boolean
  /** One for each call, in [0, 1). */
  readonly uniforms: readonly number[]
}

/** Throws RangeError when a call has no draw, and for a candidate without a grant. */
export function decideCalls(
  contract: AutonomyContract,
  proposed: readonly ProposedCall[],
  circumstances: Circumstances,
): ResponseDecision {
  const grant = contract[circumstances.role]
  if (grant === null) throw new RangeError('the contract grants a candidate nothing')
  const calls = proposed.map((call, index) => {
    const uniform = circumstances.uniforms[index]
    if (uniform === undefined) throw new RangeError(`call ${index} has no draw`)
    return decideCall(contract, grant, call, circumstances, { uniform, count: proposed.length })
  })
  return { outcome: together(calls, circumstances.denials >= contract.limits.denialsMax), calls }
}

/** The rule by which a grant leaves a tool out; null where it does not. */
function outsideGrant(
  grant: Grant,
  tool: string,
  stakes: Stakes,
): 'tool-not-granted' | 'stakes-above' | null {
  if (grant.tools !== 'all' && !grant.tools.some((name) => isNamedTool(name, tool))) return 'tool-not-granted'
  return STAKES.indexOf(stakes) > STAKES.indexOf(grant.stakes) ? 'stakes-above' : null
}

/** Whether some call of the tool may be released or held for this role: what it may be told of. */
export function mayBeCalled(
  contract: AutonomyContract,
  role: Circumstances['role'],
  tool: string,
  now: Date,
): boolean {
  const grant = contract[role]
  const stakes = termsOf(contract, tool)?.stakes
  if (grant === null || grant.autonomy === 'shadow' || stakes === undefined) return false
  if (role === 'candidate' && now.getTime() >= Date.parse(contract.expiresAt)) return false
  return outsideGrant(grant, tool, stakes) === null
}

/** `count`: of the calls that came together. */
type Draw = { readonly uniform: number; readonly count: number }

function decideCall(
  contract: AutonomyContract,
  grant: Grant,
  { tool, argumentsText }: ProposedCall,
  at: Circumstances,
  { uniform, count }: Draw,
): CallDecision {
  const terms = termsOf(contract, tool)
  const stakes = terms?.stakes ?? null
  const refuse = (rule: CallRule, reason: string): CallDecision => ({
    outcome: 'deny',
    rule,
    reason,
    stakes,
    argumentsText: null,
    holdProbability: 0,
  })
  /** What the candidate may not do, the baseline does in its place; what the baseline may not do, nobody does. */
  const beyond = (rule: CallRule, reason: string): CallDecision => ({
    ...refuse(rule, reason),
    outcome: at.role === 'candidate' ? 'replace' : 'deny',
  })
  if (terms === undefined || stakes === null)
    return refuse('unknown-tool', `There is no tool ${quoted(tool)} that may be called.`)
  if (count > contract.limits.callsMax)
    return refuse('too-many-calls', `${count} calls at once are more than ${contract.limits.callsMax}.`)
  const given = readArguments(argumentsText)
  if (given === null)
    return refuse('malformed-arguments', `The arguments of ${quoted(tool)} are not a JSON object.`)
  if (hasDuplicateNames(argumentsText))
    return refuse('malformed-arguments', `The arguments of ${quoted(tool)} name something twice.`)
  const { value, text } = withSet(given, terms)
  if (terms.arguments !== undefined && !validatorOf(terms.arguments).validate(value).valid)
    return refuse('arguments-outside', `The arguments of ${quoted(tool)} are outside what is allowed.`)
  if (at.steps > grant.horizonSteps)
    return beyond('horizon', `This conversation is longer than ${grant.horizonSteps} steps.`)
  const outside = outsideGrant(grant, tool, stakes)
  if (outside !== null) return beyond(outside, `${quoted(tool)} may not be called at this stage.`)
  const { outcome, rule, reason, holdProbability } = release(contract, grant, stakes, at, uniform)
  return {
    outcome: outcome === 'allow' && text !== null ? 'modify' : outcome,
    rule,
    reason,
    stakes,
    argumentsText: text,
    holdProbability,
  }
}

/** Made once for each schema: that takes longer than all else here. */
const validators = new WeakMap<object, Validator>()

function validatorOf(schema: Json): Validator {
  if (typeof schema !== 'object' || schema === null) return new Validator(schema as boolean, '2020-12')
  const known = validators.get(schema)
  if (known !== undefined) return known
  const made = new Validator(schema, '2020-12')
  validators.set(schema, made)
  return made
}

function release(
  contract: AutonomyContract,
  grant: Grant,
  stakes: Stakes,
  at: Circumstances,
  uniform: number,
): Pick<CallDecision, 'outcome' | 'rule' | 'reason' | 'holdProbability'> {
  const hold = (rule: CallRule, reason: string, holdProbability: number) =>
    ({ outcome: 'hold', rule, reason, holdProbability }) as const
  const expired = at.now.getTime() >= Date.parse(contract.expiresAt)
  if (expired && at.role === 'candidate')
    return { outcome: 'replace', rule: 'expired', reason: 'The contract has run out.', holdProbability: 0 }
  if (at.outOfTouch)
    return contract.failOpen.includes(stakes)
      ? {
          outcome: 'allow',
          rule: 'out-of-touch',
          reason: 'The contract lets it pass when nobody can decide.',
          holdProbability: 0,
        }
      : {
          outcome: 'deny',
          rule: 'out-of-touch',
          reason: 'Nobody can decide about it at present.',
          holdProbability: 0,
        }
  if (stakes === 'read')
    return { outcome: 'allow', rule: 'read', reason: 'It only reads.', holdProbability: 0 }
  if (expired) return hold('expired', 'The contract has run out, so a person decides.', 1)
  if (grant.autonomy !== 'act' || grant.policySha256 === '')
    return hold('not-acting', 'A person decides at this stage.', 1)
  const holdProbability = 1 - grant.withoutReview
  if (uniform >= grant.withoutReview)
    return hold('drawn', 'It was drawn for a person to decide.', holdProbability)
  return { outcome: 'allow', rule: 'granted', reason: 'The contract allows it.', holdProbability }
}

function together(calls: readonly CallDecision[], exhausted: boolean): ResponseDecision['outcome'] {
  const some = (outcome: CallDecision['outcome']) => calls.some((call) => call.outcome === outcome)
  if (some('replace')) return 'replace'
  if (some('deny')) return exhausted ? 'stop' : 'deny'
  return some('hold') ? 'hold' : 'release'
}

function readArguments(text: string): Readonly<Record<string, Json>> | null {
  // Tools without parameters are called with nothing at all by some models.
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, Json>>)
      : null
  } catch {
    return null
  }
}

function withSet(
  given: Readonly<Record<string, Json>>,
  { set }: ToolTerms,
): { readonly value: Readonly<Record<string, Json>>; readonly text: string | null } {
  if (set === undefined) return { value: given, text: null }
  const value = { ...given, ...set }
  return { value, text: JSON.stringify(value) }
}

const NAME_MAX = 64
const quoted = (tool: string) => `"${tool.replace(/[^\w./:-]/g, '?').slice(0, NAME_MAX)}"`
