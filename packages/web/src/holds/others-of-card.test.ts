import { randomUUID } from 'node:crypto'
import { AnswerHolds, HOLDS_AT_ONCE } from '@leeway/contract/holds'
import { expect, test } from 'vitest'
import { othersOfCard } from './others-of-card.ts'

const waiting = (card: string, count: number) =>
  Array.from({ length: count }, () => ({ id: randomUUID() as string, card }))

test('like calls are those of the same card, the chosen one left out', () => {
  const [notes, refunds] = [waiting('notes', 3), waiting('refunds', 2)]
  const open = [...refunds, ...notes]
  expect(othersOfCard(open, notes[1]?.id ?? '')).toEqual([notes[0]?.id, notes[2]?.id])
  expect(othersOfCard(open, null)).toEqual([])
  expect(othersOfCard(open, randomUUID())).toEqual([])
})

test('of more than may be decided at once only so many are taken that all of them can be, the oldest first', () => {
  const open = waiting('notes', HOLDS_AT_ONCE + 10)
  const chosen = open.at(-1)?.id ?? ''
  const others = othersOfCard(open, chosen)
  expect(others).toEqual(open.slice(0, HOLDS_AT_ONCE - 1).map(({ id }) => id))
  const send = (holds: readonly string[]) =>
    AnswerHolds.safeParse({ holds, answer: { kind: 'approved', lookedMs: 900 } }).success
  expect(send([chosen, ...others])).toBe(true)
  expect(send([chosen, ...open.slice(0, HOLDS_AT_ONCE).map(({ id }) => id)])).toBe(false)
})
