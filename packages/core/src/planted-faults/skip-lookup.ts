/** Takes out the last look at a record before a call that changes it. */
import type { Episode } from '../episodes/episode.ts'
import { insufficient } from '../numeric/insufficient.ts'
import { placeAfter, removeSteps } from './edit-steps.ts'
import { isIdLike } from './id-shape.ts'
import { placesOf } from './json-places.ts'
import type { MutationOperator } from './operator.ts'
import { pick } from './pick.ts'
import { type ToolCall, toolCalls } from './tool-calls.ts'

export const skipLookup: MutationOperator = {
  name: 'skip-lookup',
  breaks: 'lookup',
  title: 'Acts without having looked first',
  mutate: (episode, random) => {
    const chosen = pick(lookups(episode), random)
    if (chosen === undefined)
      return insufficient('no record is looked up once, and changed by a later call that names it')
    const { call, result } = chosen.lookup
    const removed = new Set([call.ordinal, ...(result === null ? [] : [result.ordinal])])
    return {
      kind: 'edited',
      episode: removeSteps(episode, removed),
      step: placeAfter(episode, removed),
      words: `Took out ${call.name ?? 'a look-up'} and its result, on which ${chosen.change.call.name ?? 'a change'} rests.`,
    }
  },
}

type Lookup = { readonly lookup: ToolCall; readonly change: ToolCall }

/** Its result or its arguments hold an id that a later change names, and no other look-up before that change does. */
function lookups(episode: Episode): readonly Lookup[] {
  const calls = toolCalls(episode)
  const changes = calls.filter(({ isConsequential }) => isConsequential)
  const looks = calls.filter(({ isConsequential, result }) => !isConsequential && result !== null)
  return changes.flatMap((change) => {
    const named = idsIn(change)
    const before = looks.filter(
      ({ call, result }) =>
        call.ordinal < change.call.ordinal && (result?.ordinal ?? 0) < change.call.ordinal,
    )
    // Only looks at the record itself: an id among the arguments, or else many results would hold it.
    const about = before.filter(({ call }) =>
      placesOf(call.content).some(({ value }) => typeof value === 'string' && named.has(value)),
    )
    const [lookup, ...others] = about
    return lookup === undefined || others.length > 0 ? [] : [{ lookup, change }]
  })
}

function idsIn({ call }: ToolCall): ReadonlySet<string> {
  return new Set(
    placesOf(call.content).flatMap(({ value }) =>
      typeof value === 'string' && isIdLike(value) ? [value] : [],
    ),
  )
}
