/**
 * Has the programs of a rubric answer what they can on episodes that lack their answers.
 *
 * Each check is a rater of its own, named by its hash: a changed check answers anew and what the old one said stays.
 */
import { hash } from 'node:crypto'
import { runCheck } from '@leeway/core/checks/run-check'
import type { Json } from '@leeway/core/episodes/episode'
import { leavesOf, type RubricLeaf } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import { canonicalJson } from '../episodes/canonical-json.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings, type NewRating } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from './criterion-hash.ts'
import { type RubricRow, rubricOf } from './stored-rubrics.ts'
import { textReader } from './text-reader.ts'

/** Episodes in memory at once: one may have 64 MiB. */
const EPISODES_AT_ONCE = 20

type Program = {
  readonly leaf: RubricLeaf
  readonly check: NonNullable<RubricLeaf['check']>
  readonly sha256: string
  readonly raterId: string
}

export type Applied = { readonly episodes: number; readonly remaining: number }

/** Works through at most `limit` episodes, oldest first. Safe to repeat and to run twice at once. */
export async function applyPrograms(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  rubric: RubricRow,
  limit: number,
): Promise<Applied> {
  const programs = await programsOf(effects, rubric)
  if (programs.length === 0) return { episodes: 0, remaining: 0 }
  let done = 0
  while (done < limit) {
    const ids = await episodesWithout(effects, rubric, programs, Math.min(EPISODES_AT_ONCE, limit - done))
    if (ids.length === 0) return { episodes: done, remaining: 0 }
    const found = await storedEpisodes(effects.db, rubric.projectId, ids)
    const at = effects.now()
    const rows = found.flatMap(({ id, episode }) =>
      programs.map(({ leaf, check, sha256, raterId }): NewRating => {
        const { answer, steps, why } = runCheck(check, leaf.criterion.scale, episode, textReader)
        return {
          projectId: rubric.projectId,
          id: effects.newId(),
          episodeId: id,
          criterionSha256: sha256,
          raterId,
          kind: answer.kind,
          value: answer.kind === 'answered' ? answer.value : null,
          reason: answer.kind === 'abstained' ? answer.reason : null,
          probability: null,
          comment: why.slice(0, 4_000),
          evidence: [...steps],
          flagged: false,
          assistance: 'none',
          supersedes: null,
          commitKey: `${id}:${sha256}`,
          startedAt: null,
          committedAt: at,
        }
      }),
    )
    await insertRatings(effects.db, rows)
    // An episode that was erased meanwhile is no longer in the list either.
    done += ids.length
  }
  return { episodes: done, remaining: await countWithout(effects, rubric, programs) }
}

/** Episodes of the agent that still lack an answer of one of the rubric's programs. */
export async function remainingEpisodes(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  rubric: RubricRow,
): Promise<number> {
  const programs = await programsOf(effects, rubric)
  return programs.length === 0 ? 0 : countWithout(effects, rubric, programs)
}

async function programsOf(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  rubric: RubricRow,
): Promise<readonly Program[]> {
  const programs: Program[] = []
  for (const leaf of leavesOf(rubricOf(rubric))) {
    const { check, criterion } = leaf
    if (check === null || !criterion.answeredBy.includes('program')) continue
    const sha256 = criterionSha256(criterion)
    const definition = { check, criterionSha256: sha256 } as unknown as Json
    const rater = await ensureRater(effects.db, effects, rubric.projectId, {
      kind: 'program',
      name: criterion.id,
      family: `program ${hash('sha256', canonicalJson(definition)).slice(0, 12)}`,
      definition,
    })
    programs.push({ leaf, check, sha256, raterId: rater.id })
  }
  return programs
}

const lacking = (rubric: RubricRow, programs: readonly Program[]) => sql`
  episodes.project_id = ${rubric.projectId} and episodes.agent_id = ${rubric.agentId}
  and (select count(distinct rater_id) from ratings where ratings.project_id = episodes.project_id
    and ratings.episode_id = episodes.id
    and ratings.rater_id in (select value::uuid from json_array_elements_text(${JSON.stringify(programs.map(({ raterId }) => raterId))}::json))
  ) < ${programs.length}`

async function episodesWithout(
  { db }: Pick<Effects, 'db'>,
  rubric: RubricRow,
  programs: readonly Program[],
  limit: number,
): Promise<readonly string[]> {
  const found = await db.execute<{ id: string }>(
    sql`select id from episodes where ${lacking(rubric, programs)} order by id limit ${limit}`,
  )
  return found.rows.map(({ id }) => id)
}

async function countWithout(
  { db }: Pick<Effects, 'db'>,
  rubric: RubricRow,
  programs: readonly Program[],
): Promise<number> {
  const found = await db.execute<{ episodes: number }>(
    sql`select count(*)::int as episodes from episodes where ${lacking(rubric, programs)}`,
  )
  return found.rows[0]?.episodes ?? 0
}
