import { expect, test } from 'vitest'
import { combineParts, majorityOf } from './combine-parts.ts'
import { type NodeReading, traceDisagreement } from './trace-disagreement.ts'

const leaf = (id: string, said: boolean | null, known: boolean | null = null): NodeReading => ({
  id,
  said,
  known,
  rule: null,
  parts: [],
})
const node = (
  id: string,
  said: boolean | null,
  known: boolean | null,
  parts: readonly NodeReading[],
  rule: 'all' | 'any' | 'view' = 'all',
): NodeReading => ({ id, said, known, rule, parts })

test('one part decides where others are missing; else nothing is made up', () => {
  expect(combineParts('all', [true, false, null])).toBe(false)
  expect(combineParts('all', [true, null])).toBeNull()
  expect(combineParts('all', [true, true])).toBe(true)
  expect(combineParts('any', [null, true])).toBe(true)
  expect(combineParts('any', [false, null])).toBeNull()
  expect(combineParts('any', [false, false])).toBe(false)
  expect(combineParts('view', [true, true])).toBeNull()
  expect(combineParts('all', [])).toBeNull()
  expect([majorityOf([]), majorityOf([true, false]), majorityOf([true, false, false])]).toEqual([
    null,
    null,
    false,
  ])
})

test('who erred is certain where known answers say so', () => {
  const parts = [leaf('a', true), leaf('b', true)]
  // The whole is known, and was answered wrongly.
  expect(traceDisagreement(node('w', false, true, parts))).toEqual({
    on: 'whole',
    certain: true,
    nodes: ['w'],
  })
  // A part is known, was answered wrongly, and righting it ends the difference.
  const wrong = node('w', true, null, [leaf('a', true), leaf('b', false, true)])
  expect(traceDisagreement(wrong)).toEqual({ on: 'parts', certain: true, nodes: ['b'] })
  // Righting it changes nothing: another part still fails.
  const other = node('w', true, null, [leaf('a', false), leaf('b', false, true)])
  expect(traceDisagreement(other)).toEqual({ on: 'open', certain: false, nodes: ['w', 'a', 'b'] })
  // All are right, and still they do not make up the whole.
  const right = node('w', false, false, [leaf('a', true, true), leaf('b', true, true)])
  expect(traceDisagreement(right)).toEqual({ on: 'split', certain: true, nodes: ['w'] })
})

test('else the parts that decided are suspected, and the whole unless it is known', () => {
  const parts = [leaf('a', true), leaf('b', false), leaf('c', false)]
  expect(traceDisagreement(node('w', true, null, parts))?.nodes).toEqual(['w', 'b', 'c'])
  expect(traceDisagreement(node('w', true, true, parts))).toEqual({
    on: 'parts',
    certain: false,
    nodes: ['b', 'c'],
  })
  // Known to be right, a part is not suspected; with none left it is the whole.
  const cleared = node('w', true, null, [leaf('a', true), leaf('b', false, false)])
  expect(traceDisagreement(cleared)).toEqual({ on: 'whole', certain: false, nodes: ['w'] })
  expect(
    traceDisagreement(node('w', false, false, [leaf('a', false), leaf('b', true)], 'any'))?.nodes,
  ).toEqual(['b'])
})

test('an error is followed down to the part of a part', () => {
  const led = node('a', false, true, [leaf('a1', true), leaf('a2', false, true)])
  expect(traceDisagreement(node('w', true, true, [led, leaf('b', true)]))).toEqual({
    on: 'parts',
    certain: true,
    nodes: ['a2'],
  })
  // What its own parts say is right: it erred alone.
  const alone = node('a', false, true, [leaf('a1', true), leaf('a2', true, true)])
  expect(traceDisagreement(node('w', true, true, [alone, leaf('b', true)]))?.nodes).toEqual(['a'])
})

test('no difference, no blame', () => {
  expect(traceDisagreement(node('w', true, true, [leaf('a', true)]))).toBeNull()
  expect(traceDisagreement(node('w', null, true, [leaf('a', true)]))).toBeNull()
  expect(traceDisagreement(node('w', true, true, [leaf('a', null)]))).toBeNull()
  expect(traceDisagreement(node('w', true, false, [leaf('a', false)], 'view'))).toBeNull()
})
