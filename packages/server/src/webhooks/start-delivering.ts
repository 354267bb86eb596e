/** Tells webhooks what happened, as long as the process runs. */
import type { Effects } from '../http/environment.ts'
import { repeat } from '../launch/repeat.ts'
import { claimMessages, type Delivering, sendClaimed } from './deliver-messages.ts'

export function startDelivering(
  effects: Effects,
  delivering: Delivering,
  everyMs: number,
): { readonly stop: () => Promise<void> } {
  /** What is under way is not waited for: nothing takes longer than a few rounds, and each webhook has few. */
  const sending = new Set<Promise<number>>()
  const noting = { lastMs: Number.NEGATIVE_INFINITY }
  const rounds = repeat('webhooks', everyMs, effects.log, async () => {
    const round = sendClaimed(effects, delivering, await claimMessages(effects, noting))
    sending.add(round)
    void round.finally(() => sending.delete(round))
  })
  return {
    async stop() {
      await rounds.stop()
      await Promise.all(sending)
    },
  }
}
