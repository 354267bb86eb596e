import { expect, test } from 'vitest'
import { runFaults } from './run-faults.ts'

test('while everything breaks nothing is let through, nothing is lost and no approval serves twice', async () => {
  const result = await runFaults({
    seed: 1,
    calls: 1_000,
    breaks: ['power', 'cut', 'ahead', 'silent', 'back', 'deaf', 'both'],
    careful: 0.5,
    atOnce: 10,
    print: (line) => console.log(line),
  })
  const { denied, unapproved, unrecorded, usedTwice } = result
  expect({ denied, unapproved, unrecorded, usedTwice }).toEqual({
    denied: [],
    unapproved: [],
    unrecorded: [],
    usedTwice: [],
  })
  expect(result.finished).toBeGreaterThan(100)
  expect(result.people.approved).toBeGreaterThan(0)
}, 300_000)
