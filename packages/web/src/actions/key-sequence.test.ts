import { expect, test } from 'vitest'
import { type Action, findActions, keyWords } from './action.ts'
import { NO_KEYS, pressKey, SEQUENCE_MS } from './key-sequence.ts'

const act = (id: string, keys: readonly string[]): Action => ({
  id,
  title: `Go to ${id}`,
  group: 'Go to',
  keys,
  perform: () => {},
})
const actions = [act('overview', ['g', 'o']), act('episodes', ['g', 'e']), act('next', ['j'])]

test('g then o reaches the action, and the state is clean afterwards', () => {
  const first = pressKey(NO_KEYS, 'g', 1000, actions)
  expect(first.action).toBeUndefined()
  const second = pressKey(first.state, 'o', 1200, actions)
  expect(second.action?.id).toBe('overview')
  expect(second.state).toBe(NO_KEYS)
})

test('a late second key does not complete the sequence', () => {
  const first = pressKey(NO_KEYS, 'g', 1000, actions)
  expect(pressKey(first.state, 'o', 1000 + SEQUENCE_MS + 1, actions).action).toBeUndefined()
})

test('a key that continues nothing is read on its own', () => {
  const first = pressKey(NO_KEYS, 'g', 1000, actions)
  expect(pressKey(first.state, 'j', 1100, actions).action?.id).toBe('next')
})

test('earlier actions win, so that a page can take a key', () => {
  expect(pressKey(NO_KEYS, 'j', 1, [act('page', ['j']), ...actions]).action?.id).toBe('page')
})

test('the palette finds by all words, in any order', () => {
  expect(findActions(actions, 'epi go').map((action) => action.id)).toEqual(['episodes'])
  expect(findActions(actions, '  ')).toHaveLength(3)
  expect(keyWords(['g', 'o'])).toBe('g then o')
})
