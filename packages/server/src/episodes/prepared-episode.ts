import { hash } from 'node:crypto'
import { type Episode, unitKey } from '@leeway/core/episodes/episode'
import { type Chunk, preview } from './chunks.ts'

export const TITLE_CHARS = 500

/** Columns of `episodes` that the episode itself decides; names are those of the table. */
export type EpisodeColumns = {
  readonly content_hash: string
  readonly source_id: string | null
  readonly task_key: string | null
  readonly trial: number | null
  readonly unit_key: string | null
  readonly title: string
  readonly step_count: number
  readonly success: number | null
  readonly severe: boolean
  readonly started_at: string | null
  readonly duration_ms: number | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly error_count: number
}

/** An episode ready to be written. */
export type PreparedEpisode = {
  readonly id: string
  readonly agentId: string
  readonly policyId: string
  readonly identity: string
  readonly occurrence: number
  readonly redactionCount: number
  readonly columns: EpisodeColumns
  readonly chunks: readonly Chunk[]
  /** Where it stood, for messages. */
  readonly line: number | null
  readonly index: number | null
}

export function episodeColumns(episode: Episode, contentHash: string): EpisodeColumns {
  return {
    content_hash: contentHash,
    source_id: episode.sourceId,
    task_key: episode.taskKey,
    trial: episode.trial,
    unit_key: unitKey(episode),
    title: titleOf(episode),
    step_count: episode.steps.length,
    success: episode.outcome.success,
    severe: episode.outcome.severe,
    started_at: episode.startedAt,
    duration_ms: episode.durationMs,
    input_tokens: total(episode.steps.map(({ inputTokens }) => inputTokens)),
    output_tokens: total(episode.steps.map(({ outputTokens }) => outputTokens)),
    error_count: episode.steps.filter(({ error }) => error !== null).length,
  }
}

/**
 * What makes a record the same one again within its policy, without its occurrence. SHA-256 (hex).
 * The content hash alone is not enough: two tasks may have equal content.
 */
export function identityBase(episode: Episode, contentHash: string): string {
  return hash('sha256', JSON.stringify([episode.sourceId, episode.taskKey, episode.trial, contentHash]))
}

export function identityOf(base: string, occurrence: number): string {
  return `${base}-${occurrence}`
}

/** What was asked, on one line; the first thing a person said when the source has no instructions. */
function titleOf(episode: Episode): string {
  const asked = preview(episode.instructions, TITLE_CHARS).trimEnd()
  if (asked !== '') return asked
  const said = episode.steps.find(({ kind }) => kind === 'user')?.content
  if (said === undefined) return ''
  return preview(typeof said === 'string' ? said : JSON.stringify(said), TITLE_CHARS).trimEnd()
}

/** Null when no step has a count, or the sum does not fit the column. */
function total(counts: readonly (number | null)[]): number | null {
  let sum: number | null = null
  for (const count of counts) if (count !== null) sum = (sum ?? 0) + count
  return sum !== null && sum > 2_147_483_647 ? null : sum
}
