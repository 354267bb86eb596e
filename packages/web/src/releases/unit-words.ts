/** "task:exchange-7" → "task exchange-7". Of answers beside the baseline the key names a turn, which nobody knows by its id. */
export function unitWords(unit: string): string {
  return unit
    .replaceAll(/\b(task|user|session):/g, '$1 ')
    .replaceAll(/\bpaired-first-turn:[\da-f-]+/g, 'a first turn, answered by both')
    .replaceAll(/\bpaired-step:[\da-f-]+/g, 'a later step, answered by both')
}
