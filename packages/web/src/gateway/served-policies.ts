/** Every policy that the gateway serves or would have to, with how. */
import type { GatewayView, ServingView } from '@leeway/contract/gateway'

export type ServedPolicy = {
  readonly agent: string
  readonly policy: string
  /** What its contract makes of it; null: neither, at present. */
  readonly role: 'baseline' | 'candidate' | null
  /** Null: nobody said how, so it serves nothing. */
  readonly serving: ServingView | null
}

/** By agent; first what its contract names, then the rest. */
export function servedPolicies({
  agents,
  servings,
}: Pick<GatewayView, 'agents' | 'servings'>): readonly ServedPolicy[] {
  const find = (agent: string, policy: string) =>
    servings.find((serving) => serving.agent === agent && serving.policy === policy) ?? null
  const named = agents.flatMap(({ agent, baseline, candidate }) =>
    [
      { agent, policy: baseline, role: 'baseline' as const },
      ...(candidate === null ? [] : [{ agent, policy: candidate, role: 'candidate' as const }]),
    ].map((one) => ({ ...one, serving: find(one.agent, one.policy) })),
  )
  const others = servings
    .filter(({ agent, policy }) => !named.some((one) => one.agent === agent && one.policy === policy))
    .map((serving) => ({ agent: serving.agent, policy: serving.policy, role: null, serving }))
  return [...named, ...others].sort((a, b) => a.agent.localeCompare(b.agent))
}

/** "gpt-4o at openai, else at other; sets temperature to 0; $2.5 in and $10 out a million tokens". */
export function servingWords({ model, upstream, fallback, set, usdPerMillion }: ServingView): string {
  const where = `${model} at ${upstream}${fallback === null ? '' : `, else at ${fallback}`}`
  const members = Object.entries(set).map(([name, value]) => `${name} to ${JSON.stringify(value)}`)
  const sets = members.length === 0 ? '' : `; sets ${members.join(', ')}`
  const price =
    usdPerMillion === null
      ? 'price unknown'
      : `$${usdPerMillion.input} in and $${usdPerMillion.output} out a million tokens`
  return `${where}${sets}; ${price}`
}
