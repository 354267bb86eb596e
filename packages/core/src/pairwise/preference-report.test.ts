import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { describeHabits, describePreference } from './describe-preference.ts'
import { preferencePair, probabilityOfFirst } from './preference-pair.ts'
import { type ComparisonAnswer, nullAnswer, preferenceReport } from './preference-report.ts'
import { preferenceShare } from './preference-share.ts'

const side = (policy: string, unit: number, length = 100) => ({
  episode: `${policy}-${unit}`,
  policy,
  length,
})
const answer = (
  unit: number,
  rater: string,
  value: ComparisonAnswer['value'],
  more: Partial<ComparisonAnswer> = {},
) => ({
  pair: `pair-${unit}`,
  unit: `unit-${unit}`,
  rater,
  kind: 'human' as const,
  left: side('v1', unit),
  right: side('v2', unit),
  value,
  ...more,
})

describe('share', () => {
  test('by hand: units weigh alike, and a tie is a half', () => {
    const share = preferenceShare(
      [
        { unit: 'a', rater: 'r', outcome: 1 },
        { unit: 'a', rater: 'r', outcome: 0 },
        { unit: 'b', rater: 'r', outcome: 1 },
        { unit: 'c', rater: 'r', outcome: 0.5 },
      ],
      0.05,
    )
    expect(share).toMatchObject({ kind: 'estimate', value: (0.5 + 1 + 0.5) / 3 })
  })

  test('nothing, one unit, and answers that never vary', () => {
    expect(preferenceShare([], 0.05).kind).toBe('insufficient')
    expect(preferenceShare([{ unit: 'a', rater: 'r', outcome: 1 }], 0.05).kind).toBe('insufficient')
    const all = preferenceShare(
      Array.from({ length: 10 }, (_, unit) => ({ unit: String(unit), rater: 'r', outcome: 1 })),
      0.05,
    )
    // Ten of ten is not certainty.
    expect(all).toMatchObject({ kind: 'estimate', value: 1, interval: { kind: 'interval', high: 1 } })
    expect(all.kind === 'estimate' && all.interval.kind === 'interval' ? all.interval.low : 1).toBeLessThan(
      0.75,
    )
  })

  test('in [0, 1], holds its value, and the other way round it is the mirror image', () => {
    const preference = fc.record({
      unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      rater: fc.constantFrom('r', 's', 't'),
      outcome: fc.constantFrom(0, 0.5, 1),
    })
    fc.assert(
      fc.property(fc.array(preference, { minLength: 2, maxLength: 40 }), (preferences) => {
        const share = preferenceShare(preferences, 0.05)
        const turned = preferenceShare(
          preferences.map((one) => ({ ...one, outcome: 1 - one.outcome })),
          0.05,
        )
        if (share.kind === 'insufficient' || turned.kind === 'insufficient') {
          expect(new Set(preferences.map(({ unit }) => unit)).size).toBe(1)
          return
        }
        const [interval, mirror] = [share.interval, turned.interval]
        if (interval.kind !== 'interval' || mirror.kind !== 'interval') throw new Error('no interval')
        expect(share.value + turned.value).toBeCloseTo(1, 9)
        expect(interval.low + mirror.high).toBeCloseTo(1, 6)
        expect(interval.low).toBeGreaterThanOrEqual(0)
        expect(interval.high).toBeLessThanOrEqual(1)
        expect(interval.low).toBeLessThanOrEqual(share.value + 1e-9)
        expect(interval.high).toBeGreaterThanOrEqual(share.value - 1e-9)
      }),
    )
  })

  test('units with tastes of their own: the interval covers, one over single answers would not', () => {
    const random = seededRandom(11)
    const [worlds, units, each] = [400, 40, 6]
    let [covered, naive] = [0, 0]
    for (let world = 0; world < worlds; world++) {
      const preferences = Array.from({ length: units }, (_, unit) => {
        // Half of the units are clear for one, half for the other: within a unit answers are nearly all the same.
        const chance = random() < 0.6 ? 0.95 : 0.05
        return Array.from({ length: each }, (_, at) => ({
          unit: String(unit),
          rater: `r${at}`,
          outcome: random() < chance ? 1 : 0,
        }))
      }).flat()
      const truth = 0.6 * 0.95 + 0.4 * 0.05
      const share = preferenceShare(preferences, 0.05)
      if (share.kind !== 'estimate' || share.interval.kind !== 'interval') throw new Error('no interval')
      if (share.interval.low <= truth && truth <= share.interval.high) covered += 1
      const reach = 1.96 * Math.sqrt((share.value * (1 - share.value)) / preferences.length)
      if (Math.abs(share.value - truth) <= reach) naive += 1
    }
    expect(covered / worlds).toBeGreaterThan(0.92)
    expect(naive / worlds).toBeLessThan(0.75)
  })
})

describe('report', () => {
  test('a clear preference and none, in words', () => {
    const clear = preferenceReport(
      Array.from({ length: 40 }, (_, unit) =>
        answer(unit, `r${unit % 4}`, unit % 5 === 0 ? 'left' : 'right'),
      ),
    )
    expect(clear.policies).toHaveLength(1)
    expect(describePreference(clear.policies[0] as never)).toMatch(
      /^`v2` is preferred to `v1` in 80 % \(6\d to 9\d\) of pairs\.$/,
    )
    const even = preferenceReport(
      Array.from({ length: 40 }, (_, unit) => answer(unit, 'r', unit % 2 === 0 ? 'left' : 'right')),
    )
    expect(describePreference(even.policies[0] as never)).toContain('cannot be told apart')
  })

  test('who always says left, on sides drawn at random, prefers no policy and is found out', () => {
    const random = seededRandom(5)
    const report = preferenceReport(
      Array.from({ length: 60 }, (_, unit) => {
        const turned = random() < 0.5
        return answer(unit, 'r', 'left', {
          left: side(turned ? 'v2' : 'v1', unit),
          right: side(turned ? 'v1' : 'v2', unit),
        })
      }),
    )
    expect(report.leftChosen).toMatchObject({ value: 1 })
    expect(report.nullsAgree.left).toMatchObject({ value: 1 })
    expect(describePreference(report.policies[0] as never)).toContain('cannot be told apart')
    expect(describeHabits(report)[0]).toContain('The side was drawn at random')
  })

  test('a taste for length is seen beside the preference', () => {
    const random = seededRandom(9)
    const report = preferenceReport(
      Array.from({ length: 80 }, (_, unit) => {
        const turned = random() < 0.5
        const [long, short] = [side('wordy', unit, 300), side('plain', unit, 100)]
        const likesLong = random() < 0.8
        return answer(unit, `r${unit % 3}`, likesLong !== turned ? 'left' : 'right', {
          left: turned ? short : long,
          right: turned ? long : short,
        })
      }),
    )
    const [pair] = report.policies
    expect(pair).toMatchObject({ better: 'wordy', nulls: { longer: { value: 1 }, shorter: { value: 0 } } })
    expect(report.longerChosen).toEqual(report.nullsAgree.longer)
    expect(describeHabits(report).join(' ')).toContain('people may have gone by length')
  })

  test('a model whose winner changes with the order has said nothing, and that is counted', () => {
    const inBothOrders = (
      unit: number,
      first: ComparisonAnswer['value'],
      second: ComparisonAnswer['value'],
    ) => [
      answer(unit, 'm', first, { kind: 'model' }),
      answer(unit, 'm', second, { kind: 'model', left: side('v2', unit), right: side('v1', unit) }),
    ]
    const report = preferenceReport([
      // Two that hold, one that flips, one asked in one order only.
      ...inBothOrders(1, 'right', 'left'),
      ...inBothOrders(2, 'right', 'left'),
      ...inBothOrders(3, 'left', 'left'),
      answer(4, 'm', 'left', { kind: 'model' }),
      answer(1, 'ada', 'right'),
      answer(2, 'ada', 'left'),
    ])
    expect(report.models).toMatchObject([
      { rater: 'm', pairs: 3, flipped: { value: expect.closeTo(1 / 3) }, withPeople: { value: 0.5 } },
    ])
    const [pair] = report.policies
    const share = pair?.models[0]?.share
    const forV2 = share?.kind === 'estimate' ? (pair?.better === 'v2' ? share.value : 1 - share.value) : null
    expect(forV2).toBeCloseTo((1 + 1 + 0.5) / 3)
    expect(report.answers).toBe(2)
  })

  test('two runs of one policy say nothing about policies', () => {
    const report = preferenceReport(
      [1, 2, 3].map((unit) =>
        answer(unit, 'r', 'left', {
          left: side('v1', unit),
          right: { ...side('v1', unit), episode: `b${unit}` },
        }),
      ),
    )
    expect(report.policies).toEqual([])
    expect(report.strengths.kind).toBe('insufficient')
  })

  test('raters who look at nothing', () => {
    const sides = { left: side('a', 1, 10), right: side('b', 1, 20) }
    expect([nullAnswer('left', sides), nullAnswer('longer', sides), nullAnswer('shorter', sides)]).toEqual([
      'left',
      'right',
      'left',
    ])
    expect(nullAnswer('longer', { left: sides.left, right: sides.left })).toBe('equal')
  })
})

describe('a pair to train on', () => {
  const step = (
    ordinal: number,
    kind: 'user' | 'assistant' | 'tool_call' | 'tool_result' | 'reasoning',
    content: string,
  ) => ({
    ordinal,
    parent: null,
    kind,
    name: kind.startsWith('tool') ? 'find' : null,
    content,
    callId: null,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
  })
  const run = (...said: readonly [Parameters<typeof step>[1], string][]) => ({
    instructions: 'Help.',
    steps: said.map(([kind, content], ordinal) => step(ordinal, kind, content)),
  })

  test('the prompt is what both have in common, up to where the agent goes on in both', () => {
    const good = run(
      ['user', 'hi'],
      ['reasoning', 'hm'],
      ['tool_call', 'x'],
      ['tool_result', 'y'],
      ['assistant', 'done'],
    )
    const bad = run(['user', 'hi'], ['tool_call', 'x'], ['tool_result', 'y'], ['assistant', 'no'])
    const pair = preferencePair(good, bad)
    expect(pair?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
    expect(pair?.chosen).toEqual([{ role: 'assistant', content: 'done' }])
    expect(pair?.rejected).toEqual([{ role: 'assistant', content: 'no' }])
    expect(JSON.stringify(pair)).not.toContain('hm')
  })

  test('a user who goes on differently is answered, not learnt: the pair begins with the agent', () => {
    const pair = preferencePair(
      run(['user', 'hi'], ['assistant', 'yes?'], ['user', 'this'], ['assistant', 'a']),
      run(['user', 'hi'], ['assistant', 'yes?'], ['user', 'that'], ['assistant', 'b']),
    )
    expect(pair?.prompt).toEqual([{ role: 'user', content: 'hi' }])
    expect(pair?.chosen[0]).toEqual({ role: 'assistant', content: 'yes?' })
  })

  test('none where they say the same, or nothing alike comes first', () => {
    expect(
      preferencePair(run(['user', 'hi'], ['assistant', 'a']), run(['user', 'hi'], ['assistant', 'a'])),
    ).toBeNull()
    expect(
      preferencePair(run(['user', 'hi'], ['assistant', 'a']), run(['user', 'ho'], ['assistant', 'a'])),
    ).toBeNull()
  })

  test('votes: by hand, and nobody is more than nearly sure', () => {
    const vote = (prefers: 'first' | 'second' | 'neither', reliability: number) => ({ prefers, reliability })
    expect(probabilityOfFirst([vote('first', 0.8)])).toBeCloseTo(0.8)
    expect(probabilityOfFirst([vote('first', 0.8), vote('second', 0.8)])).toBeCloseTo(0.5)
    expect(probabilityOfFirst([vote('first', 0.8), vote('neither', 0.9)])).toBeCloseTo(0.8)
    expect(probabilityOfFirst([vote('first', 0.2)])).toBe(0.5)
    expect(probabilityOfFirst([vote('second', 1)])).toBeCloseTo(0.05)
  })
})
