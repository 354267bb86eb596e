import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineReader } from './line-reader.ts'

test('lines come out whole, however the text was cut', () => {
  const lines = fc.array(
    fc.string({ minLength: 1 }).map((line) => `x${line.replaceAll(/[\r\n]/g, '')}`),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200)), fc.boolean(), (expected, cuts, isTerminated) => {
      const text = expected.join('\n') + (isTerminated ? '\n' : '')
      const got: string[] = []
      const reader = lineReader((line) => got.push(line))
      let from = 0
      for (const cut of [...cuts].sort((a, b) => a - b)) {
        reader.push(text.slice(from, Math.max(from, cut)))
        from = Math.max(from, cut)
      }
      reader.push(text.slice(from))
      reader.end()
      expect(got).toEqual(expected)
    }),
    { seed: 5 },
  )
})
