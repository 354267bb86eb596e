import { expect, test } from 'vitest'
import { watchWords } from './watch-words.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const watch = { units: 400, audited: 0, missing: 0, waiting: 0, promisedRate: 0.3, failure: null }

test('what was seen stands beside the promise, and silent labels are told', () => {
  expect(plain(watchWords(watch))).toBe('Of 400 units none was audited yet; 30 % was promised at most.')
  const failure = { estimate: 0.2, low: 0.13, high: 0.29 }
  expect(plain(watchWords({ ...watch, audited: 194, failure, missing: 1, waiting: 2 }))).toBe(
    'Of 194 audited units 20 % (13 to 29) failed; 30 % was promised at most. 1 label did not come, and counted for the policy. 2 units wait for labels.',
  )
})
