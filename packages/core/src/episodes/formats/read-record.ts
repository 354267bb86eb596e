/** For tests: the episodes of one record in whatever format, and their steps in short. */
import { detectFormat } from '../detect-format.ts'
import type { Episode, Json } from '../episode.ts'
import { normaliseEpisode } from '../normalise.ts'

/** Throws where one of them is refused. */
export function episodesOf(record: unknown): readonly Episode[] {
  const results = detectFormat(record as Json)?.read(record as Json) ?? []
  return results.map((result) => {
    const normalised = result.ok ? normaliseEpisode(result.draft) : result
    if (!normalised.ok) throw new Error(`${normalised.problem.field}: ${normalised.problem.reason}`)
    return normalised.episode
  })
}

export function episodeOf(record: unknown): Episode {
  const [episode, ...more] = episodesOf(record)
  if (episode === undefined || more.length > 0) throw new Error('not one episode')
  return episode
}

export function told(episode: Episode): readonly unknown[] {
  return episode.steps.map(({ parent, kind, name, content, callId }) => [parent, kind, name, content, callId])
}
