import { expect, test } from 'vitest'
import { argumentsProblem, argumentsToEdit, saysAll } from './arguments-text.ts'

test('what reading would lose is edited as it stands', () => {
  expect(argumentsToEdit('{"amount": 20}')).toBe('{\n  "amount": 20\n}')
  for (const lossy of ['{"a":1,"a":2}', '{"id":9007199254740993}', '{"a":1.0}', '{"a":'])
    expect([saysAll(lossy), argumentsToEdit(lossy)]).toEqual([false, lossy])
})

test('only a JSON object can be sent', () => {
  expect(argumentsProblem('{"a":1}')).toBeNull()
  for (const no of ['[1]', 'null', '3', '"a"']) expect(argumentsProblem(no)).toMatch(/no JSON object/)
  expect(argumentsProblem('{"a":')).toMatch(/no JSON yet/)
})
