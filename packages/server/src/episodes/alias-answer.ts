import type { EpisodeAliases } from './episode-alias.ts'

/**
 * The same answer with aliases in the place of ids, wherever one stands: all that a rater is told goes through here. `knownAs`
 * gives the id that the alias is made of; a copy goes by the alias of its original.
 */
export function aliasAnswer<Body>(
  aliases: EpisodeAliases,
  projectId: string,
  answer: Body,
  knownAs: (episodeId: string) => string = (episodeId) => episodeId,
): Body {
  return JSON.parse(JSON.stringify(answer), (field, value) =>
    field === 'episodeId' && value !== null ? aliases.aliasOf(projectId, knownAs(value)) : value,
  )
}
