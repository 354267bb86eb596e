import type { Bundle } from './bundle.ts'
import { GatewayRefusal } from './openai-error.ts'

/** The newest that is enforced, and whether it has run out. Throws GatewayRefusal before the first reading. */
export type Enforced = () => { readonly bundle: Bundle; readonly outOfTouch: boolean }

export function enforcedNow(current: () => Bundle | null): Enforced {
  return () => {
    const bundle = current()
    if (bundle === null)
      throw new GatewayRefusal(503, 'starting', 'The gateway has not read what it enforces yet.', {
        retryAfterSeconds: 1,
      })
    return { bundle, outOfTouch: performance.now() > bundle.validUntilMs }
  }
}
