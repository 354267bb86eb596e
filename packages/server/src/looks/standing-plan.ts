import type { DrawnWay } from '@leeway/core/gate/choose-way'
import { and, desc, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { lookPlans } from './tables.ts'

export type RaterGroup = 'anyone' | 'vetted' | 'expert'
export type LookPlan = Omit<typeof lookPlans.$inferSelect, 'groups'> & {
  readonly groups: readonly DrawnWay<RaterGroup>[]
}

/** Of a question; undefined: anybody who is trusted, and help as its own rules say. */
export async function standingPlan(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<LookPlan | undefined> {
  const [row] = await executor
    .select()
    .from(lookPlans)
    .where(and(eq(lookPlans.projectId, projectId), eq(lookPlans.criterionSha256, criterionSha256)))
    .orderBy(desc(lookPlans.id))
    .limit(1)
  return row as LookPlan | undefined
}

/** How likely a help is shown after a first answer: as the plan of the question says, else as the rules of that help do. */
export function helpShare(
  plan: LookPlan | undefined,
  help: 'critique' | 'decomposition',
  rules: { readonly share: number },
): { readonly share: number; readonly planId: string | null } {
  return plan?.help === help && plan.helpShare !== null
    ? { share: plan.helpShare, planId: plan.id }
    : { share: rules.share, planId: null }
}
