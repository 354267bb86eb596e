import { type DeliveryView, WEBHOOK_EVENTS } from '@leeway/contract/webhooks'
import { expect, test } from 'vitest'
import { deliveryWords, eventWords, healthOf } from './webhook-words.ts'

const delivery = (problem: string | null): DeliveryView => ({
  messageId: 'm',
  event: 'hold.opened',
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
  status: problem === null ? 204 : 500,
  problem,
  tookMs: 12,
})
const health = (...problems: readonly (string | null)[]) =>
  healthOf({ disabled: null, deliveries: problems.map(delivery) })

test('how a webhook stands follows from its newest attempts', () => {
  expect(health().state).toBe('quiet')
  expect(health(null, 'It answered 500.').state).toBe('arrives')
  expect(health('It answered 500.', null).words).toBe('The newest attempt failed: It answered 500.')
  expect(health('It answered 500.', 'No answer.', null).words.replaceAll('\u00a0', ' ')).toBe(
    'The newest 2 attempts failed: It answered 500.',
  )
  const disabled = { reason: 'It answered 410.', at: '2026-01-01T00:00:00.000Z' }
  expect(healthOf({ disabled, deliveries: [delivery(null)] })).toMatchObject({ state: 'disabled' })
})

test('every event has words, and so has an attempt', () => {
  for (const event of [...WEBHOOK_EVENTS, 'webhook.test']) expect(eventWords(event)).not.toContain('.')
  expect(deliveryWords(delivery(null)).replaceAll('\u00a0', ' ')).toBe('taken (204) after 12 ms')
  expect(deliveryWords(delivery('No answer.'))).toBe('No answer.')
})
