import { expect, test } from 'vitest'
import { cardOf } from './card.ts'

const hold = { id: '1', agentId: 'desk', conversation: 'a', tools: ['refund'], stakes: 'reversible' }
const sameCard = (changes: Partial<typeof hold>, base: Partial<typeof hold> = {}) =>
  cardOf({ ...hold, ...base }) === cardOf({ ...hold, ...base, id: '2', ...changes })

test('nothing above read shares a card across conversations, and nothing grave shares one at all', () => {
  expect(sameCard({})).toBe(true)
  expect(sameCard({ conversation: 'b' })).toBe(false)
  expect(sameCard({ tools: ['note'] })).toBe(false)
  expect(sameCard({ agentId: 'other' })).toBe(false)
  expect(sameCard({ conversation: 'b' }, { stakes: 'read' })).toBe(true)
  for (const stakes of ['costly', 'irreversible']) expect(sameCard({}, { stakes })).toBe(false)
})
