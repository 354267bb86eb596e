import { expect, test } from 'vitest'
import { agreementWords, evidenceWords, toolsWords } from './shadow-words.ts'

const compared = { compared: 3, units: 2, sameTools: 2, sameCalls: 1, sameText: 0 }

test('agreement is told with its interval and the units it rests on, and not where there is none', () => {
  const agreement = { share: 2 / 3, low: 0.2, high: 0.95 }
  expect(agreementWords('first-turn', { ...compared, agreement })?.replaceAll('\u00a0', ' ')).toBe(
    'The same tools in 2 of 3 first turns, 67 % (20 to 95), by 2 units; the same calls in 1, the same text in 0.',
  )
  expect(agreementWords('step', { ...compared, agreement: null })).toBeNull()
})

test('an answer that calls nothing is said to', () => {
  expect([toolsWords([]), toolsWords(['find', 'refund'])]).toEqual(['no tool', 'find, refund'])
})

test('pairs before raters are told as what they are, with the gate that reads them', () => {
  const counts = { stage: 'shadow', firstTurns: { drawn: 12, labelled: 9 }, steps: { drawn: 1, labelled: 0 } }
  expect(evidenceWords({ ...counts, whyNone: null }).replaceAll('\u00a0', ' ')).toBe(
    '12 paired first turns and 1 paired step were put before raters, one of each user or session, and 9 have both labels. The gate of shadow reads them; no stage that acts does, or opens one that does.',
  )
  const none = { drawn: 0, labelled: 0 }
  expect(evidenceWords({ stage: 'suggest', firstTurns: none, steps: none, whyNone: 'stage' })).toBe(
    'The present stage acts, or opens one that does: its gate reads none.',
  )
})
