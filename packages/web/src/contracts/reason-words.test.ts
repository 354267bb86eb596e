import { expect, test } from 'vitest'
import { reasonWords } from './reason-words.ts'

test('what moved a release is said in words, with what was given as reason; what people wrote stays', () => {
  expect(reasonWords('release.started')).toBe('The release started')
  expect(reasonWords('stage.promoted: Read ten: all well.')).toBe('Promoted: Read ten: all well.')
  expect(reasonWords('more trust: the first of May')).toBe('more trust: the first of May')
})
