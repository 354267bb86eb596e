/**
 * What the two policies of a release did in conversations of a stage: which tool, after which. For where the KL of words cannot be
 * had. Another quantity: nats a choice, at most a part of that KL, and it answers for no budget.
 */
import type { CheckView } from '@leeway/contract/checks'
import { behaviouralKl, type ChoicesOf } from '@leeway/core/divergence/behavioural-kl'
import { describeBehaviouralKl } from '@leeway/core/divergence/describe-behavioural-kl'
import type { Stage } from '@leeway/core/ladder/ladder'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { endedAnswers } from './ended-answers.ts'
import { policyById, type ReleaseRow } from './release-store.ts'

/** Newest first; what was long ago says less of what is now. */
const CONVERSATIONS_MAX = 1_000
const REPLICATES = 400

type Round = { readonly role: 'candidate' | 'baseline'; readonly tools: readonly string[] }

/** Undefined where one of the two did nothing yet. */
export async function behaviouralEvidence(
  executor: Executor,
  release: ReleaseRow,
  stage: Pick<Stage, 'name'>,
  alpha: number,
): Promise<CheckView['behaviouralKl']> {
  const { candidate, baseline } = await choicesAt(executor, release, stage)
  const found = behaviouralKl(candidate, baseline, { alpha, replicates: REPLICATES, seed: 1 })
  if (found.kind === 'insufficient') return undefined
  const { value, interval } = found
  const names = {
    candidate: (await policyById(executor, release.projectId, release.candidatePolicyId)).name,
    baseline: (await policyById(executor, release.projectId, release.baselinePolicyId)).name,
  }
  return {
    value,
    low: interval.kind === 'interval' ? interval.low : null,
    high: interval.kind === 'interval' ? interval.high : null,
    candidate: candidate.flat().length,
    baseline: baseline.flat().length,
    words: describeBehaviouralKl(found, names),
  }
}

/** Of the candidate's conversations its own choices, and those of conversations in which only the baseline answered. */
async function choicesAt(
  executor: Executor,
  release: ReleaseRow,
  stage: Pick<Stage, 'name'>,
): Promise<{ readonly candidate: ChoicesOf; readonly baseline: ChoicesOf }> {
  const found = await executor.execute<{ rounds: readonly Round[] }>(sql`
    with answers as (${endedAnswers(release, stage)})
    select json_agg(json_build_object('role', answer->>'role', 'tools', (
        select coalesce(json_agg(call->>'tool'), '[]'::json) from jsonb_array_elements(answer->'calls') call))
      order by turn_id, round) as rounds
    from answers group by conversation, ended_at order by ended_at desc, conversation limit ${CONVERSATIONS_MAX}`)
  const candidate: string[][] = []
  const baseline: string[][] = []
  for (const { rounds } of found.rows) {
    const own = rounds.filter(({ role }) => role === 'candidate')
    if (own.length > 0) candidate.push(choicesIn(own))
    else baseline.push(choicesIn(rounds))
  }
  return { candidate, baseline }
}

/** Each tool with what came before it, since the same tool at another place is another choice. */
function choicesIn(rounds: readonly Round[]): string[] {
  const done = rounds.flatMap(({ tools }) => (tools.length === 0 ? ['an answer'] : tools))
  return done.map((one, at) => `${done[at - 1] ?? 'the beginning'}, ${one}`)
}
