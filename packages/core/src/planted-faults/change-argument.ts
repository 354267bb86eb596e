/** Changes one argument of a call, and what its result repeats of it: the tool would have answered about the other value. */
import type { Episode, Json } from '../episodes/episode.ts'
import { withContents } from './edit-steps.ts'
import { type Place, replaceAt, replaceEverywhere } from './json-places.ts'
import type { Edited } from './operator.ts'
import type { ToolCall } from './tool-calls.ts'

export function changeArgument(
  episode: Episode,
  { call, result }: ToolCall,
  place: Place,
  value: string | number,
): Edited {
  const contents = new Map<number, Json>([[call.ordinal, replaceAt(call.content, place, value)]])
  if (result !== null) contents.set(result.ordinal, replaceEverywhere(result.content, place.value, value))
  return {
    kind: 'edited',
    episode: withContents(episode, contents),
    step: call.ordinal,
    words: `In ${call.name ?? 'a call'}, ${place.key === '' ? 'a value' : place.key} is ${value} and was ${place.value}.`,
  }
}
