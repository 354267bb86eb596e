/** Answers as `leeway compare` reads them, and pairs as trainers on preferences do. */
import type { ComparisonRow, PreferenceRow } from '@leeway/contract/comparisons'
import { preferencePair, probabilityOfFirst, type Vote } from '@leeway/core/pairwise/preference-pair'
import { preferenceReport } from '@leeway/core/pairwise/preference-report'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import {
  isOfQuestion,
  isUnknown,
  type Question,
  type RecordedAnswer,
  recordedAnswers,
} from './recorded-answers.ts'

/** `after` is the id of the last answer of the page before. */
export async function answerRows(
  executor: Executor,
  question: Question,
  by: 'people' | 'models',
  page: { readonly limit: number; readonly after: string | null },
): Promise<readonly { readonly id: string; readonly row: ComparisonRow }[]> {
  const kind = by === 'people' ? 'human' : 'model'
  const behind: SQL = page.after === null ? sql`true` : sql`said.id > ${page.after}`
  const answers = await recordedAnswers(executor, question, {
    which: sql`raters.kind = ${kind} and ${behind}`,
    limit: page.limit,
  })
  return answers.map(({ id, left, right, value, raterName, unit, pair, committedAt }) => ({
    id,
    row: {
      left: left.policy,
      right: right.policy,
      winner: value === 'equal' ? 'tie' : value,
      rater: raterName,
      unit,
      length_left: left.length,
      length_right: right.length,
      pair,
      at: committedAt.toISOString(),
    },
  }))
}

export type PreferencePart = {
  readonly rows: readonly PreferenceRow[]
  readonly reserved: number
  readonly leftOut: number
  /** The last pair looked at; null when there are no more. */
  readonly last: string | null
}

/** Reliability where the answers of all do not tell one: the mode of the prior (rater-reliability.ts). */
const RELIABILITY_UNKNOWN = 0.8

/**
 * By pair, from behind `after`. A unit that a release of the agent has drawn stays out: what a gate measures must not be
 * trained on.
 */
export async function preferenceRows(
  executor: Executor,
  question: Question,
  page: { readonly limit: number; readonly after: string | null },
): Promise<PreferencePart> {
  const { rows: pairs } = await executor.execute<{
    id: string
    first: string
    second: string
    reserved: boolean
  }>(sql`
    select pairs.id, pairs.first_episode_id as first, pairs.second_episode_id as second, exists (
        select 1 from episodes
        join selections on selections.project_id = episodes.project_id and selections.unit_key = episodes.unit_key
        join releases on releases.project_id = selections.project_id and releases.id = selections.release_id
          and releases.agent_id = episodes.agent_id
        where episodes.project_id = pairs.project_id
          and episodes.id in (pairs.first_episode_id, pairs.second_episode_id)) as reserved
    from comparison_pairs pairs
    where ${isOfQuestion(question)} and ${isUnknown} and ${page.after === null ? sql`true` : sql`pairs.id > ${page.after}`}
    order by pairs.id limit ${page.limit + 1}`)
  const shown = pairs.slice(0, page.limit)
  const free = shown.filter(({ reserved }) => !reserved)
  const votes = await votesOf(executor, question)
  const rows: PreferenceRow[] = []
  for (const { id, first, second } of free) {
    const own = votes.get(id) ?? []
    const p = probabilityOfFirst(own)
    if (own.length === 0 || Math.abs(p - 0.5) < 1e-9) continue
    const stored = new Map(
      (await storedEpisodes(executor, question.projectId, [first, second])).map((one) => [
        one.id,
        one.episode,
      ]),
    )
    const [one, other] = [stored.get(first), stored.get(second)]
    const pair =
      one === undefined || other === undefined
        ? null
        : p > 0.5
          ? preferencePair(one, other)
          : preferencePair(other, one)
    if (pair === null) continue
    const sure = Math.max(p, 1 - p)
    rows.push({
      prompt: pair.prompt.map(message),
      chosen: pair.chosen.map(message),
      rejected: pair.rejected.map(message),
      weight: 2 * sure - 1,
      p: sure,
      raters: own.length,
      pair: id,
    })
  }
  return {
    rows,
    reserved: shown.length - free.length,
    leftOut: free.length - rows.length,
    last: pairs.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

type PairMessage = NonNullable<ReturnType<typeof preferencePair>>['prompt'][number]

function message({ tool_calls, ...said }: PairMessage): PreferenceRow['prompt'][number] {
  return { ...said, ...(tool_calls === undefined ? {} : { tool_calls: [...tool_calls] as never[] }) }
}

/** People's, by pair, each with how reliable the answers of all show the rater to be. */
async function votesOf(
  executor: Executor,
  question: Question,
): Promise<ReadonlyMap<string, readonly Vote[]>> {
  const answers = await recordedAnswers(executor, question)
  const { strengths } = preferenceReport(answers)
  const reliability = new Map(
    strengths.kind === 'fit' ? strengths.raters.map(({ name, value }) => [name, value]) : [],
  )
  const votes = new Map<string, Vote[]>()
  for (const one of answers) {
    if (one.kind !== 'human') continue
    const vote = { prefers: preferredOf(one), reliability: reliability.get(one.rater) ?? RELIABILITY_UNKNOWN }
    votes.set(one.pair, [...(votes.get(one.pair) ?? []), vote])
  }
  return votes
}

/** The first episode of a pair is the one with the smaller id. */
function preferredOf({ left, right, value }: RecordedAnswer): Vote['prefers'] {
  if (value === 'equal') return 'neither'
  return left.episode < right.episode === (value === 'left') ? 'first' : 'second'
}
