/** The rules of vetting as an admin sees them, and how many known answers each question has. */
import type { VettingView } from '@leeway/contract/vetting'
import { answersToVet } from '@leeway/core/raters/skill-test'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isRetired } from './retired.ts'
import { VETTING_ALPHA, vettingRulesOf } from './rules.ts'

export async function vettingView(executor: Executor, projectId: string): Promise<VettingView> {
  const rules = await vettingRulesOf(executor, projectId)
  const { rows } = await executor.execute<{
    criterion_sha256: string
    question: string
    value: string
    items: number
    for_round: number
    retired: number
  }>(sql`
    with shown as (
      select criterion_sha256, episode_id, count(*) as times from vetting_draws
      where project_id = ${projectId} group by criterion_sha256, episode_id
    )
    select gold.criterion_sha256, criteria.definition->>'question' as question, gold.value, count(*)::int as items,
      (count(*) filter (where part = 'fit'))::int as for_round,
      (count(*) filter (where shown.times >= ${rules?.exposuresMax ?? null}::int
        or ${isRetired(projectId, { episodeId: sql`gold.episode_id`, sha256: sql`gold.criterion_sha256` })}))::int as retired
    from gold_answers gold
    join criteria on criteria.project_id = gold.project_id and criteria.sha256 = gold.criterion_sha256
      and criteria.definition->'answeredBy' ? 'human'
    left join shown on shown.criterion_sha256 = gold.criterion_sha256 and shown.episode_id = gold.episode_id
    where gold.project_id = ${projectId}
    group by gold.criterion_sha256, question, gold.value order by question, gold.criterion_sha256, gold.value`)
  const known = new Map<string, VettingView['known'][number]>()
  for (const row of rows) {
    const one = known.get(row.criterion_sha256) ?? {
      criterionSha256: row.criterion_sha256,
      question: row.question,
      answers: [],
    }
    one.answers.push({ value: row.value, items: row.items, forRound: row.for_round, retired: row.retired })
    known.set(row.criterion_sha256, one)
  }
  return {
    rules:
      rules === null
        ? null
        : {
            bar: rules.bar,
            floor: rules.floor,
            hiddenShare: rules.hiddenShare,
            roundQuestions: rules.roundQuestions,
            exposuresMax: rules.exposuresMax,
            at: rules.at.toISOString(),
          },
    answersToVet: rules === null ? null : answersToVet({ bar: rules.bar, alpha: VETTING_ALPHA }),
    known: [...known.values()],
  }
}
