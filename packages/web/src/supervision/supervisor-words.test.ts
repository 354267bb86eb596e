import { expect, test } from 'vitest'
import { defaultWords, rolesWords } from './supervisor-words.ts'

const promoted = { id: '1', name: 'v1', by: 'anchor' } as const
const supervisor = { raterId: '2', rater: 'first' }

test.each([
  [{ promoted: null, supervisor: null }, /^Nobody by itself: no policy of this agent was promoted/],
  [{ promoted, supervisor: null }, /^Nobody by itself: no rater is registered that runs v1, the anchor/],
  [{ promoted: { ...promoted, name: 'v2' }, supervisor }, /^Nobody by itself: the candidate is v2/],
  [{ promoted, supervisor }, 'By itself first, since it runs v1, the anchor: nothing was promoted since.'],
  [
    { promoted: { ...promoted, by: 'release' as const }, supervisor },
    'By itself first, since it runs v1, which was promoted last.',
  ],
])('who supervises where nobody is named %#', (found, words) => {
  expect(defaultWords(found, 'v2')).toMatch(words)
})

test('who lost every role is said to have none', () => {
  expect(rolesWords({ roles: [] })).toBe('may do nothing any more')
  expect(rolesWords({ roles: ['rater', 'critic'] })).toBe('rater, critic')
})
