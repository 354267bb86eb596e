/** What critiques did: first answers beside those that stand, in both arms, and what raters said of the claims. */
import type { CritiqueReport } from '@leeway/contract/critiques'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { critiqueRulesOf } from './critique-rules.ts'
import { helpArms, rateOf } from './help-arms.ts'
import { judgedClaims } from './judged-claims.ts'
import { shownFrom } from './shown-from.ts'

export async function critiqueReport(executor: Executor, projectId: string): Promise<CritiqueReport> {
  const rules = await critiqueRulesOf(executor, projectId)
  const { arms, difference } = await helpArms(executor, projectId, 'critique')
  const judged = await judgedClaims(executor, projectId)
  const own = judged.filter(({ planted }) => !planted)
  const planted = judged.filter((one) => one.planted)
  const marked = (mark: string) => own.filter((one) => one.mark === mark).length
  const held = marked('valid') + marked('seen')
  const believed = planted.filter(({ mark }) => mark !== 'invalid').length
  return {
    rules: rules === null ? null : { share: rules.share, missedCost: rules.missedCost },
    arms: [...arms],
    difference,
    claims: {
      shown: await claimsShown(executor, projectId),
      valid: marked('valid'),
      seen: marked('seen'),
      invalid: marked('invalid'),
      precision: rateOf(held, own.length),
    },
    planted: { judged: planted.length, believed: rateOf(believed, planted.length) },
    shownFrom: rules === null ? 'minor' : await shownFrom(executor, rules),
  }
}

async function claimsShown(executor: Executor, projectId: string): Promise<number> {
  const { rows } = await executor.execute<{ shown: number }>(sql`
    select count(*)::int as shown from critique_reveals, jsonb_array_elements(claims) as claim
    where project_id = ${projectId} and arm = 'critique' and not (claim->>'planted')::boolean`)
  return rows[0]?.shown ?? 0
}
