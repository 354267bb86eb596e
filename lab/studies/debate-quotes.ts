/**
 * Quotes in the simulated debates of the study `debate-consultancy`, and the check that a quote is in the story: case,
 * punctuation and white space apart, its words must stand there one after the other.
 */
const SYLLABLES = ['ka', 'lo', 'mi', 'ren', 'sta', 'tu', 've', 'zor'] as const
const STORY_WORDS = 400
const QUOTE_WORDS = 8

export type Quotes = {
  /** A passage of the story, as a hurried person copies it: other capitals, commas and spaces. */
  readonly copied: () => string
  /** A passage in which one word is another one: what an invented quote looks like. */
  readonly invented: () => string
  readonly story: string
}

export function quotesOf(random: () => number): Quotes {
  const one = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T
  const word = () => `${one(SYLLABLES)}${one(SYLLABLES)}${one(SYLLABLES)}`
  const words = Array.from({ length: STORY_WORDS }, word)
  const passage = () => {
    const from = Math.floor(random() * (STORY_WORDS - QUOTE_WORDS))
    return words.slice(from, from + QUOTE_WORDS)
  }
  const careless = (own: readonly string[]) =>
    own.map((text, at) => (at === 0 ? text.toUpperCase() : `${one([' ', ', ', '  ', '\n'])}${text}`)).join('')
  return {
    story: `${words.join(' ')}.`,
    copied: () => careless(passage()),
    invented: () => {
      const own = passage()
      const at = Math.floor(random() * own.length)
      return careless(own.map((text, place) => (place === at ? `${text}${one(SYLLABLES)}` : text)))
    },
  }
}

export function quoteChecker(story: string): (quote: string) => boolean {
  // Spaces around both: a quote does not begin in the middle of a word.
  const spaced = (text: string) => ` ${plainWords(text).join(' ')} `
  const plain = spaced(story)
  return (quote) => plainWords(quote).length > 0 && plain.includes(spaced(quote))
}

function plainWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
