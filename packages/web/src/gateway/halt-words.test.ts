import { expect, test } from 'vitest'
import { haltWords } from './halt-words.ts'

const words = (view: Parameters<typeof haltWords>[0]) => haltWords(view).replaceAll('\u00a0', ' ')

test('a halt that some did not hear of is not told as one that all know', () => {
  expect(words({ halted: true, tookMs: 34, replicas: 1, missing: 0 })).toBe(
    'Candidates are halted. The one process of the gateway knew within 34 ms.',
  )
  expect(words({ halted: false, tookMs: 120, replicas: 3, missing: 0 })).toMatch(
    /act again\. All 3 processes/,
  )
  expect(words({ halted: true, tookMs: null, replicas: 3, missing: 1 })).toMatch(
    /1 process of 3 had not read it/,
  )
  expect(words({ halted: true, tookMs: 2, replicas: 0, missing: 0 })).toMatch(
    /No process of the gateway runs/,
  )
})
