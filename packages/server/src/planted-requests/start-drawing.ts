import { setTimeout } from 'node:timers/promises'
import type { Effects } from '../http/environment.ts'
import { repeat } from '../launch/repeat.ts'
import { drawRequests } from './draw-requests.ts'

const EVERY_MS = 4_000

/** At moments that no clock tells: calls that all came on the beat of one would be known by it. */
export function startDrawing(
  effects: Effects,
  { stop }: { readonly stop: AbortSignal },
): { readonly stop: () => Promise<void> } {
  return repeat('planted requests', EVERY_MS, effects.log, async () => {
    const [byte = 0] = effects.randomBytes(1)
    const stopped = await setTimeout((byte / 256) * EVERY_MS, false, { signal: stop }).catch(() => true)
    if (!stopped) await drawRequests(effects)
  })
}
