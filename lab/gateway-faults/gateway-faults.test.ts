import { expect, test } from 'vitest'
import { runFaults } from './run-faults.ts'
import { runHalts } from './run-halts.ts'

test('while everything breaks nothing is let through, nothing is lost and no approval serves twice', async () => {
  const result = await runFaults({
    seed: 1,
    calls: 1_000,
    // The study breaks it in every way; these three show that the stand works.
    breaks: ['power', 'cut', 'ahead'],
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

test('after a halt candidates stop acting at both replicas, whether they heard of it or only read', async () => {
  const halts = await runHalts({ seed: 1, ways: ['open', 'deaf'], print: (line) => console.log(line) })
  for (const { before, lastMs, missing } of halts) {
    expect(before).toBeGreaterThan(0)
    expect(missing).toBe(0)
    // How soon is measured by the study; what would go on until the bundle runs out, or until it is read by chance, fails here.
    expect(lastMs).toBeLessThan(5_000)
  }
}, 300_000)
