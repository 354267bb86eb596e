/**
 * The draws of a release: repeatable from its seed, which is committed to beforehand and revealed at the end.
 *
 * Sampler `hmac-sha256-v1`: u(seed, words) = first 48 bits of HMAC-SHA256(seed, words joined by 0x1f), over 2^48.
 *   order of a finite task set   ascending u(seed, "order", unit)
 *   audit of sequence n          u(seed, "audit", n, arm) < audit probability
 *   of a unit that arrived       u(seed, "audit at end", n, arm, content hash of its first episode) < audit probability
 *   unpaired block b of size s   candidate = floor(u(seed, "candidate", b) * s); baseline likewise among the others
 */
import { createHash, createHmac } from 'node:crypto'

export const SAMPLER = 'hmac-sha256-v1'

/** Uniform in [0, 1), 48 bits fine. */
export function draw(seed: Uint8Array, ...words: readonly (string | number)[]): number {
  const digest = createHmac('sha256', seed).update(words.join('\u001f')).digest()
  return digest.readUIntBE(0, 6) / 2 ** 48
}

/** SHA-256 (hex) of the seed: what the ledger commits to before the first draw. */
export function seedCommitment(seed: Uint8Array): string {
  return createHash('sha256').update(seed).digest('hex')
}

export function orderUnits(seed: Uint8Array, units: readonly string[]): readonly string[] {
  return units
    .map((unit) => ({ unit, key: draw(seed, 'order', unit) }))
    .sort((a, b) => a.key - b.key || (a.unit < b.unit ? -1 : 1))
    .map(({ unit }) => unit)
}

/** Units in one block of the unpaired design: one goes to the candidate, one other is the baseline's audit. */
export function blockSize(exposure: number): number {
  return Math.max(2, Math.round(1 / exposure))
}

/** Places in the block, from 0, of the candidate's unit and of the baseline's. */
export function drawBlock(
  seed: Uint8Array,
  block: number,
  size: number,
): { readonly candidate: number; readonly baseline: number } {
  const candidate = Math.floor(draw(seed, 'candidate', block) * size)
  const other = Math.floor(draw(seed, 'baseline', block) * (size - 1))
  return { candidate, baseline: other >= candidate ? other + 1 : other }
}
