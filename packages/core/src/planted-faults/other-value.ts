/** Gives a call that changes something another value than the user asked for: one that stands elsewhere under the same key. */
import type { Episode } from '../episodes/episode.ts'
import { insufficient } from '../numeric/insufficient.ts'
import { changeArgument } from './change-argument.ts'
import { placesOf } from './json-places.ts'
import type { MutationOperator } from './operator.ts'
import { pick } from './pick.ts'
import { saidText } from './said-text.ts'
import { toolCalls } from './tool-calls.ts'

/** Shorter ones stand in any text by chance. */
const LENGTH_MIN = 3
/** Another id is another record, which is a fault of another kind. */
const NAMES_RECORD = /ids?$/i

export const otherValue: MutationOperator = {
  name: 'other-value',
  breaks: 'instructions',
  title: 'Does something else than the user asked for',
  mutate: (episode, random) => {
    const asked = [episode.instructions, ...episode.steps.filter(({ kind }) => kind === 'user').map(saidText)]
      .join('\n')
      .toLowerCase()
    const known = valuesByKey(episode)
    const places = toolCalls(episode)
      .filter(({ isConsequential }) => isConsequential)
      .flatMap((one) => {
        const own = placesOf(one.call.content)
        const used = new Set(own.map(({ value }) => value))
        return own.flatMap((place) => {
          const { key, value } = place
          if (typeof value !== 'string' || value.length < LENGTH_MIN || NAMES_RECORD.test(key)) return []
          if (!asked.includes(value.toLowerCase())) return []
          const others = [...(known.get(key) ?? [])].filter((other) => !used.has(other))
          return others.length === 0 ? [] : [{ one, place, others }]
        })
      })
    const chosen = pick(places, random)
    const other = chosen === undefined ? undefined : pick(chosen.others, random)
    if (chosen === undefined || other === undefined)
      return insufficient(
        'no call that changes something has a value in the words of the user of which the episode has another one',
      )
    return changeArgument(episode, chosen.one, chosen.place, other)
  },
}

function valuesByKey(episode: Episode): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>()
  for (const { kind, content } of episode.steps)
    if (kind === 'tool_call' || kind === 'tool_result')
      for (const { key, value } of placesOf(content))
        if (typeof value === 'string' && value.length >= LENGTH_MIN && key !== '')
          values.set(key, (values.get(key) ?? new Set()).add(value))
  return values
}
