/** What webhooks tell, and how it went, in words. */
import type { DeliveryView, WebhookEvent, WebhookView } from '@leeway/contract/webhooks'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'

export const EVENT_WORDS: Readonly<Record<WebhookEvent, string>> = {
  'hold.opened': 'a call waits for a person',
  'hold.expired': 'nobody decided about a call in time',
  'release.promoted': 'a candidate was promoted',
  'release.rolled_back': 'a candidate was rolled back',
  'incident.reported': 'an episode was reported as an incident',
  'incident.closed': 'an incident was closed',
  'watch.alarmed': 'a promoted policy fails more often than it promised',
  'halt.set': 'all candidates were halted',
  'halt.lifted': 'candidates may act again',
  'alert.began':
    'something needs whoever is on call: drift, an upstream, the spool, a release that proves nothing, silence of raters',
  'alert.ended': 'an alert is over',
}

/** "a call waits for a person"; "a test" for what somebody sent by hand. */
export function eventWords(event: string): string {
  if (event === 'webhook.test') return 'a test'
  return EVENT_WORDS[event as WebhookEvent] ?? event
}

/** "taken (204) after 12 ms", or what was wrong. */
export function deliveryWords({ status, problem, tookMs }: DeliveryView): string {
  if (problem !== null) return problem
  return `taken${status === null ? '' : ` (${status})`} after ${formatDuration(tookMs)}`
}

export type Health = { readonly state: 'quiet' | 'arrives' | 'fails' | 'disabled'; readonly words: string }

/** How it stands with a webhook, by its newest attempts. */
export function healthOf({ disabled, deliveries }: Pick<WebhookView, 'disabled' | 'deliveries'>): Health {
  if (disabled !== null)
    return {
      state: 'disabled',
      words: `Nothing is sent any more: ${disabled.reason} Remove it, and add it again to go on.`,
    }
  const [newest] = deliveries
  if (newest === undefined) return { state: 'quiet', words: 'Nothing was sent yet.' }
  if (newest.problem === null) return { state: 'arrives', words: 'The newest message was taken.' }
  const taken = deliveries.findIndex(({ problem }) => problem === null)
  const failed = taken === -1 ? deliveries.length : taken
  return {
    state: 'fails',
    words: `${failed === 1 ? 'The newest attempt' : `The newest ${formatCountOf(failed, 'attempt')}`} failed: ${newest.problem}`,
  }
}
