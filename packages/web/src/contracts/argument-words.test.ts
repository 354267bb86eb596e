import { expect, test } from 'vitest'
import { argumentTerms } from './argument-words.ts'

test('ranges of arguments are told member by member', () => {
  const schema = {
    type: 'object',
    properties: {
      order: { type: 'string', minLength: 6, maxLength: 6 },
      amount: { maximum: 50, type: 'number', exclusiveMinimum: 0 },
      reason: { enum: ['late', 'broken'] },
      dry: { const: true },
      more: { type: 'array', uniqueItems: true },
    },
    required: ['order', 'ticket'],
    additionalProperties: false,
  }
  expect(argumentTerms(schema)).toEqual([
    { name: 'order', words: 'text, at least 6 characters, at most 6 characters, needed' },
    { name: 'amount', words: 'a number, above 0, at most 50' },
    { name: 'reason', words: 'one of "late", "broken"' },
    { name: 'dry', words: 'always true' },
    { name: 'more', words: 'a list, uniqueItems true' },
    { name: 'ticket', words: 'anything, needed' },
    { name: 'others', words: 'not allowed' },
  ])
})

test('a schema that says more than ranges is not put into words', () => {
  expect(argumentTerms({ anyOf: [{ required: ['a'] }, { required: ['b'] }] })).toBeNull()
  expect(argumentTerms({ properties: {}, not: { required: ['force'] } })).toBeNull()
  expect(argumentTerms(false)).toBeNull()
})
