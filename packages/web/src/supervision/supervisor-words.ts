import type { DefaultSupervisor, SupervisorView } from '@leeway/contract/supervision'

/** What a rater may do that runs a policy. */
export const ROLES = {
  rater: 'Rater: supervises the next candidate, and predicts for its gate',
  critic: 'Critic: its claims are shown to people',
  debater: 'Debater: speaks for a side',
} as const satisfies Readonly<Record<SupervisorView['roles'][number], string>>

/** Who supervises where nobody is named, and why that one. */
export function defaultWords({ promoted, supervisor }: DefaultSupervisor, candidate: string): string {
  if (promoted === null)
    return 'Nobody by itself: no policy of this agent was promoted, and none is its anchor.'
  const last =
    promoted.by === 'anchor'
      ? `${promoted.name}, the anchor: nothing was promoted since`
      : `${promoted.name}, which was promoted last`
  if (promoted.name === candidate) return `Nobody by itself: the candidate is ${last}.`
  if (supervisor === null) return `Nobody by itself: no rater is registered that runs ${last}.`
  return `By itself ${supervisor.rater}, since it runs ${last}.`
}

export function rolesWords({ roles }: Pick<SupervisorView, 'roles'>): string {
  return roles.length === 0 ? 'may do nothing any more' : roles.join(', ')
}
