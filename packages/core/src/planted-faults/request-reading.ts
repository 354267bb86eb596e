/**
 * How fast somebody can read what has to be read before a held call can be judged.
 *
 * Estimates   a lower bound in seconds: the characters of the arguments and of the last thing that was asked for, at CHARACTERS_A_SECOND.
 *             Whoever decides in less has not read them, however practised. Nobody is slow by this bound.
 * Assumes     text in an alphabet. What stands above these in the request may have to be read too, and is left out: the bound stays
 *             low, so that nobody who reads is called fast.
 * Range       at least SECONDS_MIN, as a decision takes that by itself; at most SECONDS_MAX, as long texts are searched and not read.
 * Source      Brysbaert 2019 (J. Mem. Lang. 109, 104047): silent reading of English is 238 words a minute, and hardly anybody's is above
 *             400. CHARACTERS_A_SECOND is 600 words a minute of six characters.
 */
export const CHARACTERS_A_SECOND = 60
export const SECONDS_MIN = 1
export const SECONDS_MAX = 15

export function requestReadingSeconds(argumentsText: string, lastAsked: string): number {
  const seconds = (argumentsText.length + lastAsked.length) / CHARACTERS_A_SECOND
  return Math.min(SECONDS_MAX, Math.max(SECONDS_MIN, seconds))
}
