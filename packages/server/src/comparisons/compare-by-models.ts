/**
 * Has models answer every pair they are asked about, in both orders, in the background. Driven by the tables alone: any
 * number of processes may do it at once, and any may be killed.
 */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, eq } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import type { AskEnvironment } from '../models/ask-model.ts'
import { requireJudge } from '../models/judge.ts'
import { providerKeyOf, whySilent } from '../models/resting.ts'
import { criteria } from '../rubrics/tables.ts'
import { modelComparison } from './model-comparison.ts'
import { type AskedModel, askedModels, openOrders } from './model-pairs.ts'

/** Asked at once of one model. */
const AT_ONCE = 4

/** Until nothing is left that a model can answer now. */
export async function compareByModels(
  effects: Effects,
  sealingKey: Uint8Array,
  environment: Omit<AskEnvironment, 'key'>,
): Promise<void> {
  for (const model of await askedModels(effects.db)) {
    let went = true
    while (went) {
      environment.stop.throwIfAborted()
      went = await goOn(effects, sealingKey, model, environment)
    }
  }
}

/** False: all is answered, or nothing can be for now. */
async function goOn(
  effects: Effects,
  sealingKey: Uint8Array,
  model: AskedModel,
  environment: Omit<AskEnvironment, 'key'>,
): Promise<boolean> {
  const open = await openOrders(effects.db, model, AT_ONCE)
  if (open.length === 0) return false
  const judge = await requireJudge(effects.db, model.projectId, model.raterId)
  if ((await whySilent(effects, judge)) !== null) return false
  const key = await providerKeyOf(effects, sealingKey, judge)
  const criterion = await requireStored(effects, model)
  const ended = await Promise.allSettled(
    open.map((ordered) => modelComparison(effects, judge, criterion, ordered, { ...environment, key })),
  )
  // All of them end before the failure of one is told: nothing goes on behind the caller's back.
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return ended.some((one) => one.status === 'fulfilled' && one.value === 'recorded')
}

async function requireStored(
  { db }: Pick<Effects, 'db'>,
  { projectId, criterionSha256 }: AskedModel,
): Promise<Criterion> {
  const [row] = await db
    .select({ definition: criteria.definition })
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, criterionSha256)))
  if (row === undefined) throw new Error(`the question ${criterionSha256} of a comparison is not there`)
  return row.definition as Criterion
}
