import { randomFillSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { drawAhead } from './draw-ahead.ts'
import { idsInOrder } from './ids-in-order.ts'

const bytes = drawAhead(randomFillSync)

test('ids are UUIDv7 of the clock, each behind the one before it', () => {
  let nowMs = 1_796_000_000_000
  const newId = idsInOrder(() => nowMs, bytes)
  const ids: string[] = []
  for (let at = 0; at < 5_000; at++) {
    if (at % 10 === 0) nowMs += 1
    ids.push(newId())
  }
  expect(ids).toEqual([...new Set(ids)].sort())
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(ids.at(-1)?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(nowMs)
})

test('a clock that goes back gives no id that stands before another', () => {
  let nowMs = 1_796_000_000_000
  const newId = idsInOrder(() => nowMs, bytes)
  const before = newId()
  nowMs -= 60_000
  expect(newId() > before).toBe(true)
})
