/**
 * Which part of gold an item belongs to: `fit` (choice of method, tempering, calibration) or `measure` (the error of
 * the check). A pure function of seed and name, so that an item never changes sides while gold grows.
 *
 * Method  FNV-1a over the UTF-16 code units of "seed:item", mixed once more (the finaliser of MurmurHash3), as a
 *         fraction of 2^32. Not a secret: whoever picks gold items must not see it.
 */
export type GoldPart = 'fit' | 'measure'

/** `measureShare` in [0, 1] is the expected share of items in `measure`. */
export function goldPart(item: string, seed: number, measureShare: number): GoldPart {
  let hash = -2128831035
  const text = `${seed}:${item}`
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  hash ^= hash >>> 16
  return (hash >>> 0) / 2 ** 32 < measureShare ? 'measure' : 'fit'
}
