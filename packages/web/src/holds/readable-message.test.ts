import { expect, test } from 'vitest'
import { readMessage, roleWords } from './readable-message.ts'

test('texts, parts and calls are read; what is neither stays as it came', () => {
  expect(readMessage({ role: 'user', content: 'Hi' })).toEqual({ role: 'user', text: 'Hi', calls: [] })
  expect(
    readMessage({ role: 'user', content: [{ type: 'text', text: 'See' }, { type: 'image_url' }] }).text,
  ).toBe('See\n{"type":"image_url"}')
  expect(
    readMessage({
      role: 'assistant',
      content: null,
      tool_calls: [{ function: { name: 'find', arguments: '{}' } }],
    }),
  ).toEqual({ role: 'assistant', text: '', calls: [{ tool: 'find', argumentsText: '{}' }] })
  expect(readMessage(['odd'])).toEqual({ role: 'unknown', text: '["odd"]', calls: [] })
  expect(readMessage({ role: 'assistant', tool_calls: [7] }).calls).toEqual([
    { tool: 'unknown', argumentsText: '7' },
  ])
})

test('a role that nobody knows is named, in bounds', () => {
  expect(roleWords('assistant')).toBe('Agent')
  expect(roleWords('constructor')).toBe('constructor')
  expect(roleWords('x'.repeat(100))).toHaveLength(40)
})
