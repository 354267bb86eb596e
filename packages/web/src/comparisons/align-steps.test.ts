import type { StepBody } from '@leeway/contract/episodes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignSteps, stretches } from './align-steps.ts'

const step = (ordinal: number, word: string): StepBody => ({
  ordinal,
  parent: null,
  kind: word.startsWith('u') ? 'user' : word.startsWith('s') ? 'system' : 'assistant',
  name: null,
  content: word,
  callId: null,
  startedAt: null,
  durationMs: null,
  inputTokens: null,
  outputTokens: null,
  error: null,
})
const run = (words: readonly string[]) => words.map((word, at) => step(at, word))
const seen = (left: readonly string[], right: readonly string[]) =>
  alignSteps(run(left), run(right)).map(
    ({ left: one, right: other, same }) =>
      `${one?.content ?? '-'}${same ? '=' : '|'}${other?.content ?? '-'}`,
  )

test('what both did stands in one row, what one did has a gap beside it', () => {
  expect(seen(['u1', 'a1', 'a2'], ['u1', 'a9', 'a1', 'a2'])).toEqual(['u1=u1', '-|a9', 'a1=a1', 'a2=a2'])
})

test('where both did something of one kind, the two are beside each other', () => {
  expect(seen(['u1', 'a1', 'u2'], ['u1', 'a2', 'u2'])).toEqual(['u1=u1', 'a1|a2', 'u2=u2'])
  expect(seen(['a1'], ['u1'])).toEqual(['a1|-', '-|u1'])
})

test('what raters do not see is left out', () => {
  expect(seen(['s1', 'a1'], ['s2', 'a1'])).toEqual(['a1=a1'])
})

test('what both did is folded into stretches, between what differs and what the user says', () => {
  const rows = alignSteps(
    run(['u1', 'a1', 'a2', 'u2', 'a3', 'a1']),
    run(['u1', 'a1', 'a2', 'u2', 'a2', 'a1']),
  )
  expect(stretches(rows).map((stretch) => stretch.length)).toEqual([1, 2, 1, 1, 1])
  expect(stretches(rows).flat()).toEqual(rows)
})

const words = fc.array(fc.constantFrom('u1', 'u2', 'a1', 'a2', 'a3', 's1'), { maxLength: 12 })

test('every seen step is in one row, in order; equal runs are the same throughout; sides may be swapped', () => {
  fc.assert(
    fc.property(words, words, (left, right) => {
      const rows = alignSteps(run(left), run(right))
      const shown = (of: readonly string[]) => of.filter((word) => !word.startsWith('s'))
      expect(rows.flatMap((row) => (row.left ? [row.left.content] : []))).toEqual(shown(left))
      expect(rows.flatMap((row) => (row.right ? [row.right.content] : []))).toEqual(shown(right))
      const count = (all: typeof rows) => all.filter(({ same }) => same).length
      expect(count(alignSteps(run(right), run(left)))).toBe(count(rows))
      expect(alignSteps(run(left), run(left)).every(({ same }) => same)).toBe(true)
    }),
  )
})
