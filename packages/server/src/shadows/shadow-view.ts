/** How often a candidate that may not act chose what the baseline chose, on the same input. Tells nothing of which was right. */
import type { ComparedAnswers, ShadowEvidence, ShadowView } from '@leeway/contract/shadows'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { PAIRED_PREFIX, type PairedAs, readsPairedAnswers } from '@leeway/core/ladder/paired-answers'
import { clusteredShare } from '@leeway/core/numeric/clustered-share'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { standing } from '../releases/release-limits.ts'
import type { releases } from '../releases/tables.ts'
import { truthOf } from '../releases/truth.ts'
import { type AnswerMarks, agreementOf } from './answer-marks.ts'

/** The newest; more would say the same and take long. */
const COMPARED_MAX = 20_000
const DIFFERING_MAX = 20

type Pair = {
  turn_id: string
  conversation: string
  unit_key: string
  paired_as: 'first-turn' | 'step'
  baseline: AnswerMarks
  candidate: AnswerMarks
  at: string
}

type ReleaseRow = typeof releases.$inferSelect

export async function shadowView(executor: Executor, release: ReleaseRow): Promise<ShadowView> {
  const { projectId, id } = release
  const counted = await executor.execute<{ why: string | null; turns: number; usd: number | null }>(sql`
    select why_none as why, count(*)::int as turns, sum(usd) as usd from shadow_calls
    where project_id = ${projectId} and release_id = ${id} group by 1 order by 2 desc, 1`)
  const found = await executor.execute<Pair>(sql`
    select turn_id, conversation, unit_key, paired_as, baseline, candidate, at from shadow_calls
    where project_id = ${projectId} and release_id = ${id} and candidate is not null
    order by turn_id desc limit ${COMPARED_MAX}`)
  const known = counted.rows.flatMap(({ usd }) => usd ?? [])
  const pairs = found.rows
  return {
    turns: counted.rows.reduce((sum, { turns }) => sum + turns, 0),
    without: counted.rows.flatMap(({ why, turns }) => (why === null ? [] : [{ why, turns }])),
    firstTurns: compared(pairs.filter(({ paired_as: as }) => as === 'first-turn')),
    steps: compared(pairs.filter(({ paired_as: as }) => as === 'step')),
    evidence: await evidenceOf(executor, release),
    usd: known.length === 0 ? null : known.reduce((sum, usd) => sum + usd, 0),
    differing: pairs
      .filter(({ baseline, candidate }) => !agreementOf(baseline, candidate).tools)
      .slice(0, DIFFERING_MAX)
      .map(({ turn_id: turnId, conversation, paired_as: pairedAs, baseline, candidate, at }) => ({
        turnId,
        conversation,
        pairedAs,
        baselineTools: toolsOf(baseline),
        candidateTools: toolsOf(candidate),
        at: new Date(at).toISOString(),
      })),
  }
}

async function evidenceOf(executor: Executor, release: ReleaseRow): Promise<ShadowEvidence> {
  const { ladder, state } = await standing(executor, release)
  const stage = ladder.stages[state.stage]?.name ?? ''
  const found = await executor.execute<{ drawn_as: PairedAs; drawn: number; labelled: number }>(sql`
    select paired_as as drawn_as, count(*)::int as drawn, (count(*) filter (where 2 = (select count(*) from labels
      where labels.project_id = selections.project_id and labels.release_id = selections.release_id
        and labels.sequence = selections.sequence and labels.failure is not null)))::int as labelled
    from selections join shadow_calls calls on calls.project_id = selections.project_id
      and calls.release_id = selections.release_id
      and selections.unit_key = ${PAIRED_PREFIX} || calls.paired_as || ':' || calls.turn_id
    where selections.project_id = ${release.projectId} and selections.release_id = ${release.id} and audited
    group by 1`)
  const asked = (as: PairedAs) => {
    const { drawn = 0, labelled = 0 } = found.rows.find(({ drawn_as }) => drawn_as === as) ?? {}
    return { drawn, labelled }
  }
  return {
    stage,
    whyNone: whyNone(release, ladder, stage),
    firstTurns: asked('first-turn'),
    steps: asked('step'),
  }
}

function whyNone(release: ReleaseRow, ladder: Ladder, stage: string): ShadowEvidence['whyNone'] {
  if (release.unitSource !== 'stream') return 'units'
  if (truthOf(release).kind !== 'criterion') return 'truth'
  return readsPairedAnswers(ladder, stage) ? null : 'stage'
}

function compared(pairs: readonly Pair[]): ComparedAnswers {
  const units = new Map<string, { yes: number; of: number }>()
  const same = { tools: 0, calls: 0, text: 0 }
  for (const { unit_key: unit, baseline, candidate } of pairs) {
    const agreement = agreementOf(baseline, candidate)
    for (const part of ['tools', 'calls', 'text'] as const) same[part] += Number(agreement[part])
    const { yes, of } = units.get(unit) ?? { yes: 0, of: 0 }
    units.set(unit, { yes: yes + Number(agreement.tools), of: of + 1 })
  }
  return {
    compared: pairs.length,
    units: units.size,
    sameTools: same.tools,
    sameCalls: same.calls,
    sameText: same.text,
    agreement: clusteredShare([...units.values()]),
  }
}

const toolsOf = ({ calls }: AnswerMarks) => calls.map(({ tool }) => tool)
