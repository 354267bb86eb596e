import type { Effects } from '../http/environment.ts'

/** In [0, 1), 48 bits fine, from cryptographic randomness: what it decides cannot be foretold by raters. */
export function uniformDraw({ randomBytes }: Pick<Effects, 'randomBytes'>): number {
  return Buffer.from(randomBytes(6)).readUIntBE(0, 6) / 2 ** 48
}
