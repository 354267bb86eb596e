import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'

export const FORMAT_NAMES = ['tau-bench', 'otlp', 'langfuse', 'inspect', 'openai-chat', 'leeway'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

export type EpisodeFormat = {
  readonly name: FormatName
  /** One line for people: what a record of this format looks like. */
  readonly looksLike: string
  /** Whether a record is of this format. Looks at key names only, so it stays cheap and never throws. */
  readonly recognise: (record: Json) => boolean
  /** Never throws. One record may hold several episodes. */
  readonly read: (record: Json) => readonly DraftResult[]
}
