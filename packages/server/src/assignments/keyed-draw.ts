import { createHmac } from 'node:crypto'

/**
 * In [0, 1), 48 bits fine, from a secret seed and words that say what is drawn: the same at every call, so that asking again draws
 * nothing anew, and without the seed as good as random.
 */
export function keyedDraw(seed: string, words: string): number {
  return createHmac('sha256', seed).update(words).digest().readUIntBE(0, 6) / 2 ** 48
}
