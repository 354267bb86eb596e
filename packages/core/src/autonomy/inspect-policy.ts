/**
 * A contract as an approval policy of Inspect (`inspect eval --approval policy.yaml`), so that an evaluation gives an agent the
 * leeway that it has in production, or less.
 *
 * Order      Inspect asks its approvers in turn, and the first that decides holds; so do a contract's terms.
 * Names      Inspect matches a pattern against the whole call, `tool(arguments)`, by its beginning. A name is written with its
 *            bracket, or `refund` would mean `refund_all` too.
 * Stricter   what Inspect's own approvers cannot say is asked of a person: a share without review between 0 and 1, ranges of
 *            arguments, members that are set, a number of calls at once. Horizon, limits and expiry have no place in it.
 */
import { STAKES } from '../episodes/episode.ts'
import { isNamedTool } from '../episodes/tool-name.ts'
import type { AutonomyContract, Grant, ToolTerms } from './contract.ts'

export type InspectApprover =
  | { readonly name: 'auto'; readonly tools: string; readonly decision: 'approve' | 'reject' }
  | { readonly name: 'human'; readonly tools: string; readonly choices: readonly ['approve', 'reject'] }

export type InspectPolicy = {
  readonly approvers: readonly InspectApprover[]
  /** Sentences: what the policy leaves to a person because Inspect cannot decide it. */
  readonly stricter: readonly string[]
}

/** Throws RangeError for a candidate without a grant. */
export function inspectPolicy(contract: AutonomyContract, role: 'baseline' | 'candidate'): InspectPolicy {
  const grant = contract[role]
  if (grant === null) throw new RangeError('the contract grants a candidate nothing')
  const stricter: string[] = []
  const approvers = contract.tools.flatMap((terms) => approversOf(terms, grant, stricter))
  // The last word on what the contract does not know.
  return { approvers: [...approvers, { name: 'auto', tools: '*', decision: 'reject' }], stricter }
}

function approversOf(terms: ToolTerms, grant: Grant, stricter: string[]): readonly InspectApprover[] {
  const reject = { name: 'auto', tools: patternOf(terms.name), decision: 'reject' } as const
  if (STAKES.indexOf(terms.stakes) > STAKES.indexOf(grant.stakes)) return [reject]
  const granted = grantedNames(terms.name, grant)
  // Only some of the tools that the terms stand for are granted: those first, the rest of them not.
  const rest = granted.length === 1 && granted[0] === terms.name ? [] : [reject]
  return [...granted.map((name) => approverOf({ ...terms, name }, grant, stricter)), ...rest]
}

/** The narrower of the terms' pattern and each that is granted. */
function grantedNames(name: string, { tools }: Grant): readonly string[] {
  if (tools === 'all') return [name]
  const stem = (pattern: string) => pattern.replace(/\*$/, '')
  if (
    tools.some((granted) => granted === name || (granted.endsWith('*') && isNamedTool(granted, stem(name))))
  )
    return [name]
  return tools.filter((granted) => isNamedTool(name, stem(granted)))
}

function approverOf(terms: ToolTerms, grant: Grant, stricter: string[]): InspectApprover {
  const tools = patternOf(terms.name)
  const why = whyAsked(terms, grant)
  if (why === null) return { name: 'auto', tools, decision: 'approve' }
  if (why !== 'asked in production too') stricter.push(`${terms.name}: ${why}`)
  return { name: 'human', tools, choices: ['approve', 'reject'] }
}

function whyAsked({ stakes, arguments: schema, set }: ToolTerms, grant: Grant): string | null {
  if (set !== undefined) return 'the contract sets members of its arguments, which Inspect cannot'
  if (schema !== undefined) return 'the contract has terms for its arguments, which Inspect cannot check'
  if (stakes === 'read') return null
  if (grant.autonomy !== 'act' || grant.policySha256 === '' || grant.withoutReview === 0)
    return 'asked in production too'
  if (grant.withoutReview < 1)
    return `in production ${Math.round(grant.withoutReview * 100)} % of its calls need no person`
  return null
}

/** `fnmatch` reads these characters as patterns unless they stand in brackets. */
function patternOf(name: string): string {
  const isBeginning = name.endsWith('*')
  const literal = (isBeginning ? name.slice(0, -1) : name).replace(/[*?[]/g, (character) => `[${character}]`)
  return isBeginning ? literal : `${literal}(`
}
