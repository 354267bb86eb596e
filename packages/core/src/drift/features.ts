/**
 * An episode as counted features, cheap and explainable: what its user asked, and what its agent did.
 *
 * What was asked  words of what the user said (of the instructions where no user speaks), and pairs of words that follow each other.
 *                 Without case; every number is the same number, so that order numbers are not news. Scripts without spaces
 *                 between words are taken character by character.
 * What was done   tools in order: each, each after the one before, what ended in an error, and how many steps there were by
 *                 powers of two. No arguments and no words.
 * Bounds          the first `CHARS_MAX` characters and `STEPS_MAX` calls.
 * Cost            O(characters), O(steps).
 */
import type { Episode } from '../episodes/episode.ts'

/** How often each is there. */
export type Features = ReadonlyMap<string, number>

const CHARS_MAX = 20_000
const STEPS_MAX = 1_000

type Told = Pick<Episode, 'instructions' | 'steps'>

export function askedFeatures(episode: Told): Features {
  const counts = new Map<string, number>()
  let left = CHARS_MAX
  for (const text of askedTexts(episode)) {
    if (left <= 0) break
    let before: string | null = null
    for (const word of wordsIn(text.slice(0, left))) {
      count(counts, word)
      if (before !== null) count(counts, `${before} ${word}`)
      before = word
    }
    left -= text.length
  }
  return counts
}

export function doneFeatures({ steps }: Pick<Told, 'steps'>): Features {
  const counts = new Map<string, number>()
  let before = 'the beginning'
  let seen = 0
  for (const { kind, name, error } of steps) {
    if (kind === 'tool_result' && error !== null) count(counts, `${name ?? before} failed`)
    if (kind !== 'tool_call' && kind !== 'assistant') continue
    if (++seen > STEPS_MAX) break
    const one = kind === 'tool_call' ? (name ?? 'a tool') : 'an answer'
    count(counts, one)
    count(counts, `${before}, then ${one}`)
    before = one
  }
  count(counts, `about ${2 ** Math.round(Math.log2(Math.max(1, seen)))} steps`)
  return counts
}

function askedTexts({ instructions, steps }: Told): readonly string[] {
  const said = steps.flatMap(({ kind, content }) =>
    kind === 'user' ? [typeof content === 'string' ? content : JSON.stringify(content)] : [],
  )
  return said.length > 0 ? said : [instructions]
}

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}`
const WORD = new RegExp(String.raw`\p{N}+|[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{M}])+`, 'gu')
const NUMBER = /^\p{N}/u

function* wordsIn(text: string): Generator<string> {
  for (const [word] of text.toLowerCase().matchAll(WORD)) yield NUMBER.test(word) ? '0' : word
}

function count(counts: Map<string, number>, feature: string): void {
  counts.set(feature, (counts.get(feature) ?? 0) + 1)
}
