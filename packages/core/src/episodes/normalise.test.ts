import { describe, expect, test } from 'vitest'
import type { EpisodeDraft, StepDraft } from './episode-draft.ts'
import { normaliseEpisode } from './normalise.ts'

const EMPTY: EpisodeDraft = { steps: [], paths: {} }

function problemOf(draft: Partial<EpisodeDraft>, limits = {}) {
  const result = normaliseEpisode({ ...EMPTY, ...draft }, limits)
  return result.ok ? null : result.problem
}

describe('normalise an episode', () => {
  test('an empty draft is an episode about which nothing is known', () => {
    expect(normaliseEpisode(EMPTY)).toEqual({
      ok: true,
      episode: {
        normaliserVersion: 1,
        sourceId: null,
        instructions: '',
        taskKey: null,
        trial: null,
        userKey: null,
        sessionKey: null,
        startedAt: null,
        durationMs: null,
        steps: [],
        outcome: { success: null, severe: false, detail: null },
        agentName: null,
        policyName: null,
        policyConfig: null,
      },
    })
  })

  test.each([[0], [1], [0.5], [true], [false], [null], [undefined]])('takes %s as success', (success) => {
    expect(problemOf({ success })).toBeNull()
  })

  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [1.01, '1.01'],
    [-0.1, '-0.1'],
    ['1', 'the text "1"'],
    [[1], 'a list'],
    [{}, 'an object'],
  ])('refuses %s as success, with the name the source has for it', (success, said) => {
    expect(problemOf({ success, paths: { success: 'reward' } })).toMatchObject({
      field: 'reward',
      reason: `reward is ${said}.`,
    })
  })

  test.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.123456+02:00', '2026-01-31T07:30:00.123Z'],
    ['2026-01-31 09:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00-0130', '2026-01-31T11:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('reads the time %s as %s', (startedAt, utc) => {
    const result = normaliseEpisode({ ...EMPTY, startedAt })
    expect(result.ok && result.episode.startedAt).toBe(utc)
  })

  test.each([['yesterday'], ['2026-13-01'], ['2026-01-31T25:00:00Z'], [1_700_000_000], [{}]])(
    'refuses the time %s',
    (startedAt) => {
      expect(problemOf({ startedAt })?.field).toBe('startedAt')
    },
  )

  test('numbers steps and turns parents into ordinals', () => {
    const first: StepDraft = { kind: 'generation' }
    const second: StepDraft = { kind: 'assistant', content: 'hi', parent: first }
    const result = normaliseEpisode({ ...EMPTY, steps: [first, second] })
    expect(result.ok && result.episode.steps.map(({ ordinal, parent }) => [ordinal, parent])).toEqual([
      [0, null],
      [1, 0],
    ])
    expect(problemOf({ steps: [second, first] })?.field).toBe('steps[0].parent')
  })

  test('keeps to the limits of steps and bytes', () => {
    const step: StepDraft = { kind: 'user', content: 'ä'.repeat(60) }
    expect(problemOf({ steps: [step, step, step] }, { stepsMax: 2 })?.reason).toContain('3 steps')
    expect(problemOf({ steps: [step] }, { stepBytesMax: 122 })).toBeNull()
    expect(problemOf({ steps: [step] }, { stepBytesMax: 121 })).toMatchObject({ field: 'steps[0].content' })
    expect(
      problemOf(
        { steps: [{ kind: 'user', content: ['x'.repeat(50), { y: 'z'.repeat(50) }] }] },
        { stepBytesMax: 100 },
      ),
    ).not.toBeNull()
  })

  test.each([
    ['trial', { trial: 0.5 }],
    ['durationMs', { durationMs: -1 }],
    ['taskKey', { taskKey: { a: 1 } }],
    ['userKey', { userKey: 'x'.repeat(1_001) }],
    ['severe', { severe: 'no' }],
    ['detail.a[0]', { detail: { a: [Number.NaN] } }],
    ['steps[0].inputTokens', { steps: [{ kind: 'generation' as const, inputTokens: 1.5 }] }],
    ['steps[0].logprobs', { steps: [{ kind: 'assistant' as const, logprobs: [-1, '2'] }] }],
  ])('refuses a wrong %s', (field, draft) => {
    expect(problemOf(draft)?.field).toBe(field)
  })
})
