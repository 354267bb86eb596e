/**
 * What the two policies of a release did in conversations of a stage: which tool, after which. For where the KL of words cannot be
 * had, and for a budget of its own. Another quantity: nats a choice, at most a part of that KL, for whose budget it never answers.
 */
import type { CheckView } from '@leeway/contract/checks'
import {
  type ActedConversation,
  type BehaviouralStanding,
  behaviouralStanding,
} from '@leeway/core/divergence/behavioural-budget'
import { behaviouralKl, type ChoicesOf } from '@leeway/core/divergence/behavioural-kl'
import { describeBehaviouralKl } from '@leeway/core/divergence/describe-behavioural-kl'
import type { Stage } from '@leeway/core/ladder/ladder'
import { type SQL, sql } from 'drizzle-orm'
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

/**
 * Where the stage's budget for what is done stands; null where it has none, and where the candidate does not act in it. Read are all
 * conversations of the stage that have ended, the first ones too: a budget forgets nothing.
 */
export async function behaviourStanding(
  executor: Executor,
  release: ReleaseRow,
  stage: Stage,
  alpha: number,
): Promise<BehaviouralStanding | null> {
  const { behaviourNatsMax } = stage.region
  if (behaviourNatsMax === undefined || stage.autonomy !== 'act') return null
  const acted = await actedAt(executor, release, stage, sql`order by ended_at, conversation`)
  return behaviouralStanding(acted, { natsMax: behaviourNatsMax, alpha })
}

async function choicesAt(
  executor: Executor,
  release: ReleaseRow,
  stage: Pick<Stage, 'name'>,
): Promise<{ readonly candidate: ChoicesOf; readonly baseline: ChoicesOf }> {
  const newest = sql`order by ended_at desc, conversation limit ${CONVERSATIONS_MAX}`
  const acted = await actedAt(executor, release, stage, newest)
  const of = (role: ActedConversation['role']) =>
    acted.flatMap((one) => (one.role === role ? [one.choices] : []))
  return { candidate: of('candidate'), baseline: of('baseline') }
}

/** Of the candidate's conversations its own choices, and those of conversations in which only the baseline answered. */
async function actedAt(
  executor: Executor,
  release: ReleaseRow,
  stage: Pick<Stage, 'name'>,
  order: SQL,
): Promise<readonly ActedConversation[]> {
  const found = await executor.execute<{ rounds: readonly Round[] }>(sql`
    with answers as (${endedAnswers(release, stage)})
    select json_agg(json_build_object('role', answer->>'role', 'tools', (
        select coalesce(json_agg(call->>'tool'), '[]'::json) from jsonb_array_elements(answer->'calls') call))
      order by turn_id, round) as rounds
    from answers group by conversation, ended_at ${order}`)
  return found.rows.map(({ rounds }) => {
    const own = rounds.filter(({ role }) => role === 'candidate')
    return own.length > 0
      ? { role: 'candidate', choices: choicesIn(own) }
      : { role: 'baseline', choices: choicesIn(rounds) }
  })
}

/** Each tool with what came before it, since the same tool at another place is another choice. */
function choicesIn(rounds: readonly Round[]): string[] {
  const done = rounds.flatMap(({ tools }) => (tools.length === 0 ? ['an answer'] : tools))
  return done.map((one, at) => `${done[at - 1] ?? 'the beginning'}, ${one}`)
}
