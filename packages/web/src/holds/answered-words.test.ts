import { expect, test } from 'vitest'
import { answeredWords } from './answered-words.ts'

test('an approval is not told as something that happened', () => {
  const by = (kind: Parameters<typeof answeredWords>[0]['kind'], used: boolean) =>
    answeredWords({ kind, actorName: 'Ada', used })
  expect(by('approved', true)).toBe('Ada approved it; it was carried out.')
  expect(by('approved', false)).toBe('Ada approved it; it was not carried out so far.')
  expect(by('edited', false)).toMatch(/not carried out so far/)
  expect(by('denied', false)).toMatch(/denied it; nothing was carried out/)
  expect(by('stopped', false)).toMatch(/stopped the conversation; nothing/)
})
