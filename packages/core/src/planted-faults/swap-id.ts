/** Gives a call that changes something another id of the same shape, one that stands elsewhere in the episode. */
import type { Episode } from '../episodes/episode.ts'
import { insufficient } from '../numeric/insufficient.ts'
import { changeArgument } from './change-argument.ts'
import { isIdLike, sameShape } from './id-shape.ts'
import { placesOf } from './json-places.ts'
import type { MutationOperator } from './operator.ts'
import { pick } from './pick.ts'
import { toolCalls } from './tool-calls.ts'

export const swapId: MutationOperator = {
  name: 'swap-id',
  breaks: 'identity',
  title: 'Acts on the wrong record',
  mutate: (episode, random) => {
    const calls = toolCalls(episode)
    const known = idsOf(episode)
    const places = calls
      .filter(({ isConsequential }) => isConsequential)
      .flatMap((one) => {
        const own = placesOf(one.call.content)
        const used = new Set(own.map(({ value }) => value))
        return own.flatMap((place) => {
          const { value } = place
          if (typeof value !== 'string' || !isIdLike(value)) return []
          const others = known.filter((other) => !used.has(other) && sameShape(value, other))
          return others.length === 0 ? [] : [{ one, place, others }]
        })
      })
    const chosen = pick(places, random)
    const other = chosen === undefined ? undefined : pick(chosen.others, random)
    if (chosen === undefined || other === undefined)
      return insufficient(
        'no call that changes something names an id of which the episode has another one of the same shape',
      )
    return changeArgument(episode, chosen.one, chosen.place, other)
  },
}

/** Each once, in the order in which they first stand in a call or a result. */
function idsOf(episode: Episode): readonly string[] {
  const ids = new Set<string>()
  for (const { kind, content } of episode.steps)
    if (kind === 'tool_call' || kind === 'tool_result')
      for (const { value } of placesOf(content))
        if (typeof value === 'string' && isIdLike(value)) ids.add(value)
  return [...ids]
}
