import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText } from './fold-text.ts'

test('short text is shown whole', () => {
  expect(foldText('a\nb', { lines: 12, characters: 100 })).toEqual({ shown: 'a\nb', hidden: 0 })
})

test('cuts at the line limit first', () => {
  const text = `${'x\n'.repeat(100)}end`
  expect(foldText(text, { lines: 3, characters: 100 })).toEqual({ shown: 'x\nx\nx', hidden: text.length - 5 })
})

test('never cuts an emoji in half', () => {
  const text = '🙂'.repeat(100)
  expect(foldText(text, { lines: 9, characters: 21 }).shown).toBe('🙂'.repeat(10))
})

test('shown and hidden always add up to the whole', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400, unit: 'binary' }),
      fc.integer({ min: 2, max: 50 }),
      (text, characters) => {
        const { shown, hidden } = foldText(text, { lines: 5, characters })
        expect(shown.length + hidden).toBe(text.length)
        expect(text.startsWith(shown)).toBe(true)
      },
    ),
    { seed: 2 },
  )
})
