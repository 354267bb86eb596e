/**
 * Whether this kill counts its time from the first acknowledgement instead of from the start. On a slow machine the others
 * may all hit before anything was acknowledged, and then nothing would be tested but the beginning.
 */
export function isLate(kill: number): boolean {
  return Math.ceil(kill / 2) % 2 === 0
}
