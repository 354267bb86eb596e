/** How often a candidate that may not act chose what the baseline chose, on the same input. Tells nothing of which was right. */
import type { ComparedAnswers, ShadowView } from '@leeway/contract/shadows'
import { clusteredShare } from '@leeway/core/numeric/clustered-share'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
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

export async function shadowView(
  executor: Executor,
  { projectId, id }: { readonly projectId: string; readonly id: string },
): Promise<ShadowView> {
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
