/** What people made of planted requests, for admins. They decide about held calls themselves: nothing of the last hours is in it. */
import type { PlantedRequestReport } from '@leeway/contract/planted-requests'
import { exactDetection } from '@leeway/core/planted-faults/exact-detection'
import { testRubberStamp } from '@leeway/core/planted-faults/rubber-stamp'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { readActorNames } from '../ledger/actor-names.ts'
import { type RequestAnswer, requestAnswers, toldUntil } from './request-answers.ts'
import { plantedRequestRulesOf } from './rules.ts'

export async function requestReport(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
): Promise<PlantedRequestReport> {
  const until = toldUntil(now())
  const answers = await requestAnswers(db, projectId, until)
  const ranOut = await thoseThatRanOut(db, projectId, until)
  const names = await readActorNames(
    db,
    projectId,
    answers.map(({ actor }) => actor),
  )
  const people = new Map<string, RequestAnswer[]>()
  for (const answer of answers) people.set(answer.actor, [...(people.get(answer.actor) ?? []), answer])
  return {
    share: (await plantedRequestRulesOf(db, projectId))?.share ?? null,
    countedUntil: until.toISOString(),
    planted: answers.length + ranOut,
    ranOut,
    people: [...people].map(([actor, own]) => {
      const { fastMisses, verdict } = testRubberStamp(own)
      return {
        name: names.get(actor) ?? 'somebody',
        ...exactDetection(own),
        fastMisses,
        verdict,
        medianSeconds: medianOf(own.flatMap(({ seconds }) => seconds ?? [])),
      }
    }),
  }
}

async function thoseThatRanOut(executor: Executor, projectId: string, until: Date): Promise<number> {
  const { rows } = await executor.execute<{ count: number }>(sql`
    select count(*)::int as count from planted_requests planted
    join holds on holds.project_id = planted.project_id and holds.id = planted.hold_id
    where planted.project_id = ${projectId} and expires_at < ${until.toISOString()}::timestamptz
      and not exists (select 1 from hold_answers answers where answers.project_id = holds.project_id
        and answers.hold_id = holds.id)`)
  return rows[0]?.count ?? 0
}

function medianOf(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null
}
