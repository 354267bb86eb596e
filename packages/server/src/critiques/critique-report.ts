/** What critiques did: first answers beside those that stand, in both arms, and what raters said of the claims. */
import type { CritiqueReport } from '@leeway/contract/critiques'
import type { Severity } from '@leeway/core/critiques/claim'
import { JUDGED_MIN, operatingCurve } from '@leeway/core/critiques/operating-point'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import type { ClaimAuthor } from './claims-about.ts'
import { critiqueRulesOf } from './critique-rules.ts'
import { helpArms, rateOf } from './help-arms.ts'
import { judgedClaims, type MarkedClaim } from './judged-claims.ts'
import { curveClaims, shownBy } from './measured-curve.ts'

const AUTHORS = ['model', 'person'] as const

export async function critiqueReport(executor: Executor, projectId: string): Promise<CritiqueReport> {
  const rules = await critiqueRulesOf(executor, projectId)
  const { arms, difference } = await helpArms(executor, projectId, 'critique')
  const judged = await judgedClaims(executor, projectId)
  const planted = judged.filter((one) => one.planted)
  const believed = planted.filter(({ mark }) => mark !== 'invalid').length
  const shown = await claimsShown(executor, projectId)
  return {
    rules:
      rules === null
        ? null
        : {
            share: rules.share,
            missedCost: rules.missedCost,
            shownFrom: rules.shownFrom as Severity,
            most: rules.claimsMax,
            at: rules.at.toISOString(),
          },
    arms: [...arms],
    difference,
    claims: AUTHORS.map((author) =>
      claimsView(
        author,
        shown.get(author) ?? 0,
        judged.filter((one) => !one.planted && one.author === author),
      ),
    ),
    planted: { judged: planted.length, believed: rateOf(believed, planted.length) },
    curve: curveView(judged),
  }
}

function claimsView(
  author: ClaimAuthor,
  shown: number,
  judged: readonly MarkedClaim[],
): CritiqueReport['claims'][number] {
  const marked = (mark: string) => judged.filter((one) => one.mark === mark).length
  const [valid, seen, invalid] = [marked('valid'), marked('seen'), marked('invalid')]
  return { author, shown, valid, seen, invalid, precision: rateOf(valid + seen, judged.length) }
}

function curveView(judged: readonly MarkedClaim[]): CritiqueReport['curve'] {
  const claims = curveClaims(judged)
  return {
    judged: claims.length,
    needed: JUDGED_MIN,
    points: operatingCurve(claims).map(({ recall, precision, missed, alarms, ...point }) => {
      const { shownFrom: severity, claimsMax: most } = shownBy(claims, point)
      return { severity, most, recall, precision, missed, alarms }
    }),
  }
}

async function claimsShown(executor: Executor, projectId: string): Promise<ReadonlyMap<ClaimAuthor, number>> {
  const { rows } = await executor.execute<{ author: ClaimAuthor; shown: number }>(sql`
    select coalesce(claim->>'author', 'model') as author, count(*)::int as shown
    from critique_reveals reveals
    join ratings first on first.project_id = reveals.project_id and first.id = reveals.rating_id
    cross join jsonb_array_elements(reveals.claims) as claim
    where reveals.project_id = ${projectId} and arm = 'critique' and not (claim->>'planted')::boolean
      and ${isNotPlanted(projectId, sql`first.episode_id`)}
    group by 1`)
  return new Map(rows.map(({ author, shown }) => [author, shown]))
}
