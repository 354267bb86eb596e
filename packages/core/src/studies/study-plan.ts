/**
 * Which items a rater meets in a study, in which order, and with which help: random by rater and item, and as even as it
 * can be.
 *
 * Arms        permuted blocks within the rater: after every so many items as there are arms, each arm came once. So a rater's
 *             skill and tiredness weigh on all arms alike.
 * Random      by `draw`, a function of words to [0, 1) that looks uniform (a keyed hash of the study's seed): the same study
 *             and rater give the same plan, and whoever holds the seed can check it.
 */
export type PlannedItem = { readonly item: string; readonly arm: string }

/** At most `count` of `items`, each once; fewer when there are fewer. `arms`: at least one, all different. */
export function planFor(
  rater: string,
  {
    items,
    arms,
    count,
  }: { readonly items: readonly string[]; readonly arms: readonly string[]; readonly count: number },
  draw: (words: string) => number,
): readonly PlannedItem[] {
  if (arms.length === 0 || new Set(arms).size < arms.length)
    throw new RangeError('arms must be there, and differ')
  const drawn = shuffled(items, (item) => draw(`${rater} item ${item}`)).slice(0, count)
  return drawn.map((item, place) => {
    const block = Math.floor(place / arms.length)
    const order = shuffled(arms, (arm) => draw(`${rater} block ${block} ${arm}`))
    return { item, arm: order[place % arms.length] as string }
  })
}

function shuffled(words: readonly string[], key: (word: string) => number): readonly string[] {
  return words
    .map((word) => ({ word, at: key(word) }))
    .sort((a, b) => a.at - b.at || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word)
}
