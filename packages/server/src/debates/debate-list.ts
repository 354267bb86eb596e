/** Debates for whoever may read: how they stand, what they were worth, and who is persuasive on which side. */
import type { DebateList, DebateRecord, DebateSummary, Strength } from '@leeway/contract/debates'
import { type EndedDebate, rateJudges, rateSpeakers } from '@leeway/core/debates/debate-ratings'
import { judgeScore } from '@leeway/core/debates/judge-score'
import type { Side } from '@leeway/core/debates/protocol'
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'
import { betaInterval } from '@leeway/core/raters/beta-interval'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { whyModelWaits } from './advance-debates.ts'
import { judgmentView, settingOf, speechView, textsOf } from './room.ts'
import { kindOf, newestDebates, roundOf, type StoredDebate, seatsAwaited } from './stored-debate.ts'

const DEBATES_MAX = 200
const LEVEL = 0.95
/** Longer than this over one speech or judgment, and the person was away. */
const IDLE_SECONDS = 1_800

type Told = { readonly debate: StoredDebate; readonly summary: DebateSummary }

export async function debateList(effects: Effects, projectId: string): Promise<DebateList> {
  const found = await newestDebates(effects.db, projectId, DEBATES_MAX)
  const names = await namesOf(effects.db, projectId)
  const known = await knownAnswers(effects.db, projectId, found)
  const told: Told[] = []
  for (const debate of found)
    told.push({ debate, summary: await summaryOf(effects, debate, names, known.get(debate.row.id)) })
  const ended = told.flatMap((one) => endedDebate(one))
  return {
    debates: told.map(({ summary }) => summary),
    kinds: (['debate', 'consultancy'] as const).map((kind) =>
      kindView(
        kind,
        told.filter(({ summary }) => summary.kind === kind),
      ),
    ),
    speakers: rateSpeakers(ended).map(({ speaker, debates, honest, dishonest }) => ({
      name: speaker,
      debates,
      honest: strengthOf(honest),
      dishonest: strengthOf(dishonest),
    })),
    judges: rateJudges(ended).map(({ judge, debates, rating }) => ({
      name: judge,
      debates,
      rating: strengthOf(rating),
    })),
  }
}

export async function debateRecord(effects: Effects, debate: StoredDebate): Promise<DebateRecord> {
  const { row } = debate
  const known = await knownAnswers(effects.db, row.projectId, [debate])
  const texts = await textsOf(effects.db, debate)
  return {
    ...settingOf(debate),
    summary: await summaryOf(effects, debate, await namesOf(effects.db, row.projectId), known.get(row.id)),
    episodeId: row.episodeId,
    speeches: debate.speeches.map((speech) => speechView(speech, texts)),
    judgments: debate.judgments.map(judgmentView),
  }
}

async function summaryOf(
  effects: Effects,
  debate: StoredDebate,
  names: ReadonlyMap<string, string>,
  known: Side | undefined,
): Promise<DebateSummary> {
  const { row, next, seats } = debate
  const nameOf = (seat: Side | 'judge') => names.get(seats.get(seat) ?? '') ?? null
  const probabilityA = debate.judgments.at(-1)?.probabilityA ?? null
  const right =
    known === undefined || next.kind !== 'over' || probabilityA === null
      ? null
      : known === 'a'
        ? probabilityA
        : 1 - probabilityA
  return {
    id: row.id,
    kind: kindOf(debate),
    question: debate.criterion.question,
    answers: { a: row.answerA, b: row.answerB },
    seats: { a: nameOf('a'), b: nameOf('b'), judge: nameOf('judge') },
    round: roundOf(debate),
    rounds: row.rounds,
    state: next.kind === 'over' ? 'over' : 'waiting',
    waitsFor: [...seatsAwaited(debate)],
    resting: next.kind === 'over' ? null : await whyModelWaits(effects, debate),
    probabilityA,
    known: known ?? null,
    score: right === null ? null : judgeScore(right, roundOf(debate), row.roundCost),
    at: row.at.toISOString(),
  }
}

/** Of the half of the known answers that may be told: the other half measures the check, and nothing else reads it. */
async function knownAnswers(
  executor: Executor,
  projectId: string,
  found: readonly StoredDebate[],
): Promise<ReadonlyMap<string, Side>> {
  if (found.length === 0) return new Map()
  const { rows } = await executor.execute<{ id: string; side: Side }>(sql`
    select debates.id, case when gold.value = answer_a then 'a' else 'b' end as side
    from debates join gold_answers gold on gold.project_id = debates.project_id
      and gold.episode_id = debates.episode_id and gold.criterion_sha256 = debates.criterion_sha256
    where debates.project_id = ${projectId} and gold.part = 'fit' and gold.value in (answer_a, answer_b)
      and debates.id = any(${`{${found.map(({ row }) => row.id).join(',')}}`}::uuid[])`)
  return new Map(rows.map(({ id, side }) => [id, side]))
}

async function namesOf(executor: Executor, projectId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await executor.execute<{ id: string; name: string }>(
    sql`select id, name from raters where project_id = ${projectId}
      and id in (select rater_id from debate_seats where project_id = ${projectId})`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function endedDebate({ debate, summary }: Told): readonly EndedDebate[] {
  const { known, seats, probabilityA, state } = summary
  if (known === null || seats.judge === null || probabilityA === null || state !== 'over') return []
  const other = known === 'a' ? 'b' : 'a'
  return [
    {
      question: `${debate.row.episodeId} ${debate.row.criterionSha256}`,
      judge: seats.judge,
      rightSpeaker: seats[known],
      wrongSpeaker: seats[other],
      right: known === 'a' ? probabilityA : 1 - probabilityA,
    },
  ]
}

function kindView(kind: DebateSummary['kind'], told: readonly Told[]): DebateList['kinds'][number] {
  const over = told.filter(({ summary }) => summary.state === 'over')
  const scores = over.flatMap(({ summary }) => (summary.score === null ? [] : [summary.score]))
  const ended = over.flatMap((one) => endedDebate(one))
  const right = ended.reduce((sum, one) => sum + (one.right === 0.5 ? 0.5 : Number(one.right > 0.5)), 0)
  const { low, high } = betaInterval(right + 0.5, ended.length - right + 0.5, LEVEL)
  const costs = over.map(({ debate }) => costOf(debate)).filter((cost) => cost !== null)
  return {
    kind,
    over: over.length,
    known: ended.length,
    right: ended.length === 0 ? null : { share: right / ended.length, low, high },
    meanScore: meanOf(scores),
    minutesPerVerdict: meanOf(over.map(({ debate }) => minutesOf(debate))),
    usdPerVerdict: meanOf(costs),
  }
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length

/** Of people and models together. */
function minutesOf({ speeches, judgments }: StoredDebate): number {
  return [...speeches, ...judgments].reduce(
    (sum, { startedAt, at }) =>
      sum + Math.min(IDLE_SECONDS, Math.max(0, (at.getTime() - startedAt.getTime()) / 1_000)) / 60,
    0,
  )
}

/** Null where no model took part or no price is known. */
function costOf({ speeches, judgments }: StoredDebate): number | null {
  const costs = [...speeches, ...judgments].flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]))
  return costs.length === 0 ? null : costs.reduce((sum, one) => sum + one, 0)
}

function strengthOf(rating: IntervalEstimate | Insufficient): Strength {
  if (rating.kind === 'insufficient') return { value: null, low: null, high: null, why: rating.reason }
  const { interval } = rating
  return interval.kind === 'insufficient'
    ? { value: rating.value, low: null, high: null, why: interval.reason }
    : { value: rating.value, low: interval.low, high: interval.high, why: null }
}
