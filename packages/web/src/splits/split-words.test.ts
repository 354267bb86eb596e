import { expect, test } from 'vitest'
import { blameWords, planWords, rulesWords } from './split-words.ts'

const rate = (share: number) => ({ share, low: share - 0.1, high: share + 0.05 })

test('what is foreseen, with what would mend it', () => {
  expect(planWords({ kind: 'unknown', reason: 'only 0 known answers were given' })).toEqual([
    'Whether it helps is not known, because only 0 known answers were given. It may be tried: both ways are measured.',
  ])
  const forecast = {
    kind: 'forecast',
    basis: 'parts',
    whole: rate(0.9),
    split: rate(0.7),
    difference: rate(-0.2),
    partNeeded: 0.97,
    ratersNeeded: null,
  } as const
  const [, ...hurts] = planWords({ ...forecast, verdict: 'hurts' })
  expect(hurts).toEqual([
    'So the split hurts, and is refused.',
    expect.stringMatching(/^It would do no harm if each part were answered rightly 97.% of the time\.$/),
    'More raters of each part would not mend it.',
  ])
  expect(planWords({ ...forecast, verdict: 'undecided' }).at(-1)).toBe('So it may help or hurt.')
})

test('who erred, by the names of the questions', () => {
  const difference = { episodeId: 'e', sha256: 'w', said: true, combined: false } as const
  const name = (sha256: string) => `Is ${sha256} so?`
  expect(blameWords({ ...difference, on: 'open', certain: false, nodes: ['w', 'a'] }, name)).toBe(
    'Not known: the whole, or “Is a so?”.',
  )
  expect(blameWords({ ...difference, on: 'parts', certain: true, nodes: ['a'] }, name)).toBe(
    'Known to be wrong: “Is a so?”.',
  )
  expect(rulesWords({ rules: null })).toContain('nobody is asked')
})
