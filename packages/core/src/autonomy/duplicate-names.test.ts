import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasDuplicateNames } from './duplicate-names.ts'

test.each([
  ['{"amount":5000,"amount":5}', true],
  ['{"a":{"b":1,"\\u0062":2}}', true],
  ['[{"a":1},{"a":2}]', false],
  ['{"a":"a","b":["a","a"],"c":{"a":1}}', false],
  ['{"a":"\\"b\\":1,\\"b\\":2"}', false],
])('%s: %s', (text, expected) => {
  expect(hasDuplicateNames(text)).toBe(expected)
})

test('what JSON.stringify writes has none', () => {
  fc.assert(
    fc.property(fc.json(), (text) => !hasDuplicateNames(text)),
    { seed: 1, numRuns: 500 },
  )
})
