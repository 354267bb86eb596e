import { expect, test } from 'vitest'
import { rungStates } from './rung-state.ts'
import { closesWords, isWidening, opensWords, reachWords } from './stage-words.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const short = {
  horizonSteps: 30,
  stakes: 'reversible',
  tools: 'all',
  klNatsMax: null,
  behaviourNatsMax: null,
} as const

test('the reach of a stage is said, limits only where there are some', () => {
  expect(reachWords(short)).toBe('Up to 30 steps. Only calls that can be undone. All its tools.')
  expect(plain(reachWords({ ...short, tools: ['refund', 'lookup'], klNatsMax: 2.5 }))).toBe(
    'Up to 30 steps. Only calls that can be undone. Only refund, lookup. At most 2.5 nats from the baseline.',
  )
  expect(reachWords({ ...short, tools: [] })).toContain('No tools.')
})

test('the gate says its margin, and severe failures only when they count', () => {
  expect(plain(opensWords({ margin: 0.05, severeRateMax: null }))).toBe(
    'Shown to be less than 5 points worse than the baseline. Then a person approves.',
  )
  expect(plain(opensWords({ margin: 0.05, severeRateMax: 0.01 }))).toContain('severe failures rarer than 1 %')
})

test('a stage says where it falls back to, the lowest that it cannot', () => {
  expect(plain(closesWords({ harmMargin: 0.01 }, 'suggest'))).toContain(
    'more than 1 point worse. Falls back to suggest',
  )
  expect(closesWords({ harmMargin: 0.01 }, null)).toContain('only waits')
})

test('a stage widens when it reaches further than the one below', () => {
  expect(isWidening(undefined, short)).toBe(false)
  expect(isWidening(short, { ...short })).toBe(false)
  expect(isWidening(short, { ...short, horizonSteps: 200 })).toBe(true)
})

test('rungs below the present one are passed, those above are ahead', () => {
  expect(rungStates(['a', 'b', 'c'], 'b')).toEqual(['passed', 'present', 'ahead'])
  expect(rungStates(['a', 'b'], null)).toEqual(['ahead', 'ahead'])
})
