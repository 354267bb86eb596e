import { expect, test } from 'vitest'
import { type LinkItem, tallyLink } from './link-items.ts'

const item = (kind: LinkItem['kind'], name: string, said: LinkItem['said']): LinkItem => ({
  kind,
  item: name,
  said,
})

test('counts what both looked at, in the order in which the second of them came; no answer is a miss', () => {
  const items = [
    item('answer', 'a', 'fault'),
    item('answer', 'b', 'sound'),
    item('audit', 'c', 'fault'),
    item('audit', 'b', 'fault'),
    item('answer', 'c', 'none'),
    item('audit', 'a', 'fault'),
    item('answer', 'd', 'fault'),
    item('audit', 'd', 'sound'),
    item('answer', 'unaudited', 'sound'),
    item('audit', 'unasked', 'fault'),
    item('canary', 'x', 'fault'),
    item('canary', 'y', 'none'),
  ]
  expect(tallyLink(items)).toEqual({
    checked: 5,
    audited: 4,
    caught: [false, false, true],
    sound: 1,
    falseAlarms: 1,
    canaries: { shown: 2, caught: 1 },
  })
  expect(tallyLink(items.slice(0, 4))).toMatchObject({ checked: 2, audited: 1, caught: [false] })
  expect(tallyLink([])).toMatchObject({ checked: 0, audited: 0, caught: [] })
})
