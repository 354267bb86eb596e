import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordDifference } from './word-difference.ts'

const written = (before: string, after: string) =>
  wordDifference(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'gone' ? '-' : '+'}[${text}]`))
    .join('')

test('a word that changed stands in its place, and the rest stays', () => {
  expect(written('Yes only if it did that.', 'Yes only if it did what was asked.')).toBe(
    'Yes only if it did -[that.]+[what was asked.]',
  )
  expect(written('a b c', 'a c')).toBe('a -[b ]c')
  expect(written('a c', 'a b c')).toBe('a +[b ]c')
  expect(written('', 'New.')).toBe('+[New.]')
  expect(written('Gone.', '')).toBe('-[Gone.]')
  expect(written('same words', 'same words')).toBe('same words')
})

test('another line break is no change', () => {
  expect(wordDifference('one two\nthree', 'one\ntwo three')).toEqual([
    { kind: 'same', text: 'one\ntwo three' },
  ])
})

test('whatever the texts, without what is gone it reads as the new one, and no word of the old one is lost', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '<i>', 'ש')).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const runs = wordDifference(before, after)
      const without = (kind: string) =>
        runs
          .filter((run) => run.kind !== kind)
          .map((run) => run.text)
          .join('')
      expect(without('gone')).toBe(after)
      expect(without('new').replaceAll(/\s+/g, '')).toBe(before.replaceAll(/\s+/g, ''))
    }),
  )
})

test('two long texts that share nothing are told as a whole, at once', () => {
  const [old, now] = ['x', 'y'].map((letter) =>
    Array.from({ length: 5_000 }, (_, at) => `${letter}${at}`).join(' '),
  )
  const runs = wordDifference(old ?? '', now ?? '')
  expect(runs.map(({ kind }) => kind)).toEqual(['gone', 'new'])
})
