import type { EpisodeAliases } from './episode-alias.ts'

/** The same answer with aliases in the place of ids, wherever one stands: all that a rater is told goes through here. */
export function aliasAnswer<Body>(aliases: EpisodeAliases, projectId: string, answer: Body): Body {
  return JSON.parse(JSON.stringify(answer), (field, value) =>
    field === 'episodeId' && value !== null ? aliases.aliasOf(projectId, value) : value,
  )
}
