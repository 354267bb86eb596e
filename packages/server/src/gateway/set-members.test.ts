import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setMembers } from './set-members.ts'

test('what is not set stays as it was written', () => {
  const text =
    '{ "seed": 12345678901234567890, "model":"a" , "x": [1.0, {"model": "b"}], "\\u006dodel": "c", "t": 1e2 }'
  expect(setMembers(text, { model: 'gpt' })).toBe(
    '{ "seed": 12345678901234567890, "model":"gpt" , "x": [1.0, {"model": "b"}], "\\u006dodel": "gpt", "t": 1e2 }',
  )
})

test('what is missing is added, also to an empty object', () => {
  expect(setMembers('{"a":1}', { b: [2] })).toBe('{"b":[2],"a":1}')
  expect(setMembers(' { } ', { b: null })).toBe(' {"b":null } ')
})

test('the text means what the object with its members set means', () => {
  const key = fc.oneof(fc.constantFrom('model', 'stream', 'a"b', '\\', '}', 'é'), fc.string())
  const object = fc.dictionary(key, fc.jsonValue())
  fc.assert(
    fc.property(object, object, fc.constantFrom(undefined, 1, '\t'), (value, members, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(JSON.parse(setMembers(text, members))).toEqual(
        JSON.parse(JSON.stringify({ ...value, ...members })),
      )
    }),
    { seed: 3, numRuns: 1_000 },
  )
})
