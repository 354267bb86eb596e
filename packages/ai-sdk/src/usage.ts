import type { Usage } from './sdk-model.ts'

/** Tokens of both answers: a refused one was paid for as well. */
export function addedUsage(one: Usage, other: Usage): Usage {
  return {
    ...other,
    inputTokens: added(one.inputTokens, other.inputTokens),
    outputTokens: added(one.outputTokens, other.outputTokens),
  }
}

function added<Counts extends Readonly<Record<string, number | undefined>>>(
  one: Counts,
  other: Counts,
): Counts {
  const sums = Object.entries(other).map(([name, count]) => {
    const before = one[name]
    return [name, count === undefined && before === undefined ? undefined : (count ?? 0) + (before ?? 0)]
  })
  return Object.fromEntries(sums) as Counts
}
