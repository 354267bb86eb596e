import { expect, test } from 'vitest'
import { compareArguments, differenceWords } from './call-difference.ts'

const words = (
  now: Parameters<typeof compareArguments>[0],
  before?: Parameters<typeof compareArguments>[1],
) => differenceWords(compareArguments(now, before).all)

test('what changed, what came and what is gone, by name', () => {
  const { all } = compareArguments(
    { amount: 40, note: 'x', order: { id: 7 } },
    { amount: 20, order: { id: 7 }, to: 'Ada' },
  )
  expect(all.map(({ path, change, was }) => [path, change, was])).toEqual([
    ['amount', 'changed', '20'],
    ['note', 'added', null],
    ['order.id', 'same', null],
    ['to', 'gone', null],
  ])
  expect(differenceWords(all)).toBe(
    '3 members differ from the last call like it that was approved: amount changed, note added, to is gone.',
  )
})

test('nothing to compare with, and nothing that differs', () => {
  expect(words({ amount: 20 })).toBe('No call like it was approved before.')
  expect(words({ amount: 20 }, { amount: 20 })).toBe(
    'The same arguments as in the last call like it that was approved.',
  )
  expect(words({}, {})).toMatch(/^The same/)
  expect(words({}, { amount: 1 })).toMatch(/^1 member differs .*: amount is gone\.$/)
})

test('no change hides: a text is no number, and a point in a name is no member of a member', () => {
  expect(compareArguments({ amount: 20 }, { amount: '20' }).all[0]).toMatchObject({
    change: 'changed',
    was: '"20"',
  })
  expect(words({ 'a.b': 1 }, { a: { b: 1 } })).toMatch(/^2 members differ/)
  expect(words({ 'a[0]': 1 }, { a: [1] })).toMatch(/^2 members differ/)
  expect(words({ to: '' }, { to: [] })).toMatch(/^1 member differs/)
})

test('many differences are counted, and what was too much to compare is said', () => {
  const many = Object.fromEntries(Array.from({ length: 2_010 }, (_, at) => [`m${at}`, at]))
  const { all, hidden } = compareArguments(many, {})
  expect([all.length, hidden]).toEqual([2_000, 10])
  expect(differenceWords(all)).toMatch(/m4 added, and 1995 more\.$/)
})
