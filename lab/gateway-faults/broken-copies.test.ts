import { expect, test } from 'vitest'
import { BROKEN, type Broken, brokenSource } from './broken-copies.ts'

test('there is exactly one place for each thing that the study breaks', () => {
  for (const broken of BROKEN) expect(brokenSource(broken)).toContain(broken.after)
})

test('what cannot be broken any more is named', () => {
  const [first] = BROKEN as [Broken]
  expect(() => brokenSource({ ...first, before: 'nowhere in it' })).toThrow(
    `"${first.words}" cannot be broken: ${first.file} has 0 places`,
  )
})
