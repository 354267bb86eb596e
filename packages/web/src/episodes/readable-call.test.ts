import { expect, test } from 'vitest'
import { readableArguments } from './readable-call.ts'

const lines = (content: Parameters<typeof readableArguments>[0]) =>
  readableArguments(content).shown.map((argument) => `${argument.path}=${argument.value}`)

test('nested arguments become paths, in their own order', () => {
  expect(lines({ order: { id: 'A1', items: [{ sku: 7 }, { sku: 8 }] }, refund: true, note: null })).toEqual([
    'order.id=A1',
    'order.items[0].sku=7',
    'order.items[1].sku=8',
    'refund=true',
    'note=null',
  ])
})

test('a name that looks like a path is quoted', () => {
  expect(lines({ 'a.b': 1, a: { b: 2, '': 3 } })).toEqual(['["a.b"]=1', 'a.b=2', 'a[""]=3'])
})

test('arguments that came as a string of JSON are read', () => {
  expect(lines('{"order":"A1"}')).toEqual(['order=A1'])
})

test('a string that only looks like JSON stays a string', () => {
  expect(lines('{broken')).toEqual(['={broken'])
})

test('empty things are said to be empty, not left out', () => {
  expect(readableArguments({ a: {}, b: [], c: '' }).shown.map((argument) => argument.kind)).toEqual([
    'empty',
    'empty',
    'empty',
  ])
})

test('a huge call is cut with a count', () => {
  const { shown, hidden } = readableArguments(Array.from({ length: 1000 }, (_, index) => index))
  expect(shown).toHaveLength(200)
  expect(hidden).toBe(800)
})
