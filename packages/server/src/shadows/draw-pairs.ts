/**
 * Draws which pairs of answers are put before raters, and makes them readable: each answer with what it answered, as what a rater reads of
 * an episode. They are asked about, labelled and read like any audited unit of the stage.
 *
 * One pair of a user or session, the first that came, so that nobody speaks twice; no more than raters have open at once. What was
 * not drawn is forgotten at once.
 */
import { openaiChat } from '@leeway/core/episodes/formats/openai-chat'
import { normaliseEpisode } from '@leeway/core/episodes/normalise'
import { PAIRED_PREFIX, type PairedAs, pairedUnitKey } from '@leeway/core/ladder/paired-answers'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import type { Effects } from '../http/environment.ts'
import { UNITS_OPEN } from '../releases/open-audits.ts'
import { type PairOfTurn, selectPaired } from '../releases/select-paired.ts'
import { requireRelease } from '../releases/start-release.ts'
import type { releases } from '../releases/tables.ts'
import type { ShadowText } from './shadow-texts.ts'

type ReleaseRow = typeof releases.$inferSelect

const AT_ONCE = 1_000

/** Safe to repeat, and for several processes at once. */
export async function drawPairs(effects: Effects): Promise<void> {
  const waiting = await effects.db.execute<{ project_id: string; release_id: string }>(sql`
    select distinct project_id, release_id from shadow_texts`)
  for (const { project_id: projectId, release_id: releaseId } of waiting.rows) {
    const release = await requireRelease(effects, projectId, releaseId)
    await effects.db.transaction((tx) => drawFrom(tx, effects, release))
    await makeReadable(effects, release)
  }
}

async function drawFrom(tx: Transaction, effects: Pick<Effects, 'now'>, release: ReleaseRow): Promise<void> {
  const { projectId, id: releaseId } = release
  const kept = await tx.execute<{ turn_id: string }>(sql`
    select turn_id from shadow_texts where project_id = ${projectId} and release_id = ${releaseId} and sequence is null
    order by turn_id limit ${AT_ONCE}`)
  if (kept.rows.length === 0) return
  const turnIds = `{${kept.rows.map((row) => row.turn_id).join(',')}}`
  const drawn = await selectPaired(tx, effects, release, (stage) => unitsToDraw(tx, release, stage, turnIds))
  for (const { turnId, sequence } of drawn)
    await tx.execute(sql`
      update shadow_texts set sequence = ${sequence} where project_id = ${projectId} and turn_id = ${turnId}`)
  await tx.execute(sql`
    delete from shadow_texts where project_id = ${projectId} and turn_id = any(${turnIds}::uuid[]) and sequence is null`)
}

/** The first pair of each user or session that no release of these two policies has read, as many as raters have room for. */
async function unitsToDraw(
  tx: Transaction,
  release: ReleaseRow,
  stage: string,
  turnIds: string,
): Promise<readonly PairOfTurn[]> {
  const { projectId, id: releaseId, candidatePolicyId, baselinePolicyId } = release
  const open = await tx.execute<{ units: number }>(sql`
    select count(*)::int as units from selections where project_id = ${projectId} and release_id = ${releaseId}
      and stage = ${stage} and audited and 2 > (select count(*) from labels where labels.project_id = selections.project_id
        and labels.release_id = selections.release_id and labels.sequence = selections.sequence)`)
  const room = UNITS_OPEN - (open.rows[0]?.units ?? 0)
  if (room <= 0) return []
  const found = await tx.execute<{ turnId: string; as: PairedAs }>(sql`
    select turn_id as "turnId", paired_as as "as" from (
      select distinct on (unit_key) turn_id, paired_as from shadow_calls calls
      where project_id = ${projectId} and turn_id = any(${turnIds}::uuid[]) and stage = ${stage}
        and candidate_policy_id = ${candidatePolicyId} and baseline_policy_id = ${baselinePolicyId}
        and not exists (select 1 from shadow_calls earlier join selections on selections.project_id = earlier.project_id
          and selections.release_id = earlier.release_id
          and selections.unit_key in (${PAIRED_PREFIX} || earlier.paired_as || ':' || earlier.turn_id, earlier.unit_key)
          where earlier.project_id = calls.project_id and earlier.unit_key = calls.unit_key
            and earlier.candidate_policy_id = calls.candidate_policy_id and earlier.baseline_policy_id = calls.baseline_policy_id)
      order by unit_key, turn_id) first
    order by turn_id limit ${room}`)
  return found.rows
}

/** The words leave `shadow_texts` for episodes, where redaction, retention and erasing hold for them. */
async function makeReadable(effects: Effects, release: ReleaseRow): Promise<void> {
  const { projectId, id: releaseId } = release
  const drawn = await effects.db.execute<{ turn_id: string; paired_as: PairedAs; body: string }>(sql`
    select texts.turn_id, calls.paired_as, texts.body from shadow_texts texts
    join shadow_calls calls on calls.project_id = texts.project_id and calls.turn_id = texts.turn_id
    where texts.project_id = ${projectId} and texts.release_id = ${releaseId} and sequence is not null
    order by texts.turn_id limit ${AT_ONCE}`)
  for (const { turn_id: turnId, paired_as: as, body } of drawn.rows) {
    const { asked, baseline, candidate } = JSON.parse(body) as ShadowText
    for (const [policyId, answer] of [
      [release.baselinePolicyId, baseline],
      [release.candidatePolicyId, candidate],
    ] as const) {
      const sourceId = `paired:${turnId}`
      const [read] = openaiChat.read({ id: sourceId, messages: [...asked, answer] })
      const normalised = read?.ok === true ? normaliseEpisode(read.draft) : read
      const { refused } =
        normalised?.ok === true && 'episode' in normalised
          ? await importEpisodes(effects, {
              projectId,
              actor: 'system:gateway',
              fileName: sourceId,
              policyId,
              unitKey: pairedUnitKey(as, turnId),
              source: { episodes: [normalised.episode] },
            })
          : { refused: 1 }
      // Its label will be missing, and counts against whatever is claimed.
      if (refused > 0) effects.log.warn({ turn: turnId }, 'an answer beside another cannot be read by raters')
    }
    await effects.db.execute(sql`
      delete from shadow_texts where project_id = ${projectId} and turn_id = ${turnId}`)
  }
}
