import { describe, expect, test } from 'vitest'
import { DEFAULT_LADDER } from './default-ladder.ts'
import { lintLadder } from './lint.ts'
import { marginSpent } from './margin-budget.ts'
import {
  alphaOfRelease,
  nextState,
  type ReleaseEvent,
  type ReleaseLimits,
  type ReleaseState,
} from './release-state.ts'

const free: ReleaseLimits = {
  candidateDeclared: true,
  anchorDeclared: true,
  marginSpent: 0.05,
  labelError: 'trusted',
  chain: null,
  referenceScores: true,
}
const climbing = (stage: number): ReleaseState => ({ kind: 'climbing', stage })
const checked = (
  verdict: 'promote' | 'hold' | 'rollback' | 'unhealthy',
  reason = 'not-enough-evidence',
): ReleaseEvent => ({ kind: 'checked', checkId: 'c1', check: { verdict, reason: reason as never } })
const approved = (actor: string, checkId = 'c1'): ReleaseEvent => ({
  kind: 'approved',
  checkId,
  approval: { actor, at: '2026-01-01T00:00:00.000Z', reason: 'read' },
})
const next = (state: ReleaseState, event: ReleaseEvent, limits = free, ladder = DEFAULT_LADDER) =>
  nextState(state, event, ladder, limits)
const proposed = (stage: number): ReleaseState => ({ kind: 'proposed', stage, checkId: 'c1', approvals: [] })

describe('a release', () => {
  test('climbs one stage on one named approval', () => {
    const proposal = next(climbing(0), checked('promote'))
    expect(proposal).toMatchObject({ kind: 'moved', state: { kind: 'proposed', stage: 0 } })
    expect(next(proposed(0), approved('ada'))).toMatchObject({
      kind: 'moved',
      state: climbing(1),
      decisions: [{ kind: 'approve' }, { kind: 'promote', fromStage: 'shadow', toStage: 'suggest' }],
    })
  })

  test('needs two different people where the ladder says so', () => {
    const two = { ...DEFAULT_LADDER, approvals: 2 as const }
    const first = next(proposed(0), approved('ada'), free, two)
    expect(first).toMatchObject({ kind: 'moved', state: { kind: 'proposed' } })
    if (first.kind !== 'moved') return
    expect(next(first.state, approved('ada'), free, two)).toMatchObject({ kind: 'refused' })
    expect(next(first.state, approved('bob'), free, two)).toMatchObject({ kind: 'moved', state: climbing(1) })
  })

  test('an approval of another check is refused', () => {
    expect(next(proposed(0), approved('ada', 'c0'))).toMatchObject({ kind: 'refused' })
    expect(next(climbing(0), approved('ada'))).toMatchObject({ kind: 'refused' })
  })

  test.each([climbing(0), climbing(3), proposed(2)])('rolls back from %o without approval', (state) => {
    expect(next(state, checked('rollback'))).toMatchObject({ kind: 'moved', state: { kind: 'rolled-back' } })
    expect(next(state, { kind: 'stopped', actor: 'ada', reason: 'no' })).toMatchObject({
      kind: 'moved',
      state: { kind: 'rolled-back' },
    })
  })

  test('an unhealthy gate closes the stage to the previous one, and no labels close nothing', () => {
    expect(next(climbing(3), checked('unhealthy', 'labels-missing'))).toMatchObject({
      kind: 'moved',
      state: climbing(2),
      decisions: [{ kind: 'close' }],
    })
    expect(next(climbing(3), checked('unhealthy', 'no-units'))).toMatchObject({ kind: 'unchanged' })
    expect(next(climbing(0), checked('unhealthy', 'labels-missing'))).toMatchObject({ kind: 'unchanged' })
  })

  test('a hold withdraws a proposal', () => {
    expect(next(proposed(1), checked('hold'))).toMatchObject({
      kind: 'moved',
      state: climbing(1),
      decisions: [{ kind: 'withdraw' }],
    })
  })

  test.each([
    ['an undeclared candidate', { ...free, candidateDeclared: false }],
    ['no anchor', { ...free, anchorDeclared: false }],
    ['a spent margin budget', { ...free, marginSpent: 0.11 }],
    ['labels of unknown error', { ...free, labelError: 'unmeasured' as const }],
  ])('%s is not promoted past suggest, and is up to it', (_, limits) => {
    expect(next(climbing(0), checked('promote'), limits)).toMatchObject({ kind: 'moved' })
    expect(next(climbing(1), checked('promote'), limits)).toMatchObject({ kind: 'unchanged' })
    expect(next(proposed(1), approved('ada'), limits)).toMatchObject({ kind: 'refused' })
  })

  test('labels that err alike for both policies open what can be undone, and nothing costly', () => {
    const costly = DEFAULT_LADDER.stages.findIndex(({ region }) => region.stakes === 'costly')
    const shared = { ...free, labelError: 'shared' } as const
    expect(next(climbing(costly - 2), checked('promote'), shared)).toMatchObject({ kind: 'moved' })
    expect(next(climbing(costly - 1), checked('promote'), shared)).toMatchObject({ kind: 'unchanged' })
    const looked = { ...free, labelError: 'differential' } as const
    expect(next(climbing(costly - 1), checked('promote'), looked)).toMatchObject({ kind: 'moved' })
  })

  test('a KL budget that nothing could be held to opens no stage that acts', () => {
    const near = {
      ...DEFAULT_LADDER,
      stages: DEFAULT_LADDER.stages.map((stage) => ({
        ...stage,
        region: { ...stage.region, klNatsMax: 20 },
      })),
    }
    const unscored = { ...free, referenceScores: false }
    expect(next(climbing(0), checked('promote'), unscored, near)).toMatchObject({ kind: 'moved' })
    expect(next(climbing(1), checked('promote'), unscored, near)).toMatchObject({
      kind: 'unchanged',
      why: expect.stringContaining('has a KL budget of 20 nats'),
    })
    expect(next(proposed(1), approved('ada'), unscored, near)).toMatchObject({ kind: 'refused' })
    expect(next(climbing(1), checked('promote'), free, near)).toMatchObject({ kind: 'moved' })
    expect(next(climbing(1), checked('promote'), unscored)).toMatchObject({ kind: 'moved' })
  })

  describe('where a stage asks for supervision', () => {
    const bar = { catchMin: 0.6, auditShareMin: 0.05 }
    const asks = {
      ...DEFAULT_LADDER,
      stages: DEFAULT_LADDER.stages.map((stage, index) =>
        index < 2 ? stage : { ...stage, supervision: bar },
      ),
    }
    const top = asks.stages.length - 1
    const supervised = (caught: number, missed: number): ReleaseLimits => ({
      ...free,
      chain: {
        ground: 'anchor',
        links: [
          {
            supervisor: 'v1',
            charge: 'v2',
            sameFamily: false,
            tally: {
              checked: 100,
              audited: 100,
              caught: [
                ...Array.from({ length: caught }, () => true),
                ...Array.from({ length: missed }, () => false),
              ],
              sound: 50,
              falseAlarms: 0,
              canaries: { shown: 0, caught: 0 },
            },
          },
        ],
      },
    })

    test.each([
      ['nobody looked', free],
      ['the supervisor misses too much', supervised(20, 20)],
      ['too few mistakes tested it', supervised(2, 0)],
    ])('%s: the stage stays shut although the gate says promote, and those below it open', (_, limits) => {
      expect(next(climbing(0), checked('promote'), limits, asks)).toMatchObject({ kind: 'moved' })
      expect(next(climbing(1), checked('promote'), limits, asks)).toMatchObject({ kind: 'unchanged' })
      expect(next(proposed(1), approved('ada'), limits, asks)).toMatchObject({ kind: 'refused' })
      expect(next(proposed(top), approved('ada'), limits, asks)).toMatchObject({ kind: 'refused' })
    })

    test('it opens once the link holds, and harm still rolls back', () => {
      const limits = supervised(40, 0)
      expect(next(climbing(1), checked('promote'), limits, asks)).toMatchObject({ kind: 'moved' })
      expect(next(proposed(top), approved('ada'), limits, asks)).toMatchObject({
        state: { kind: 'completed' },
      })
      expect(next(climbing(3), checked('rollback'), free, asks)).toMatchObject({
        state: { kind: 'rolled-back' },
      })
    })

    test('lint: a later stage asks no less', () => {
      expect(lintLadder(asks)).toEqual([])
      const stages = asks.stages.map((stage, index) =>
        index === top ? { ...stage, supervision: { ...bar, catchMin: 0.5 } } : stage,
      )
      expect(lintLadder({ ...asks, stages }).map(({ problem }) => problem)).toEqual([
        expect.stringContaining('asks less of the supervisor'),
      ])
    })
  })

  test('completes at the top, and an ended release moves no more', () => {
    const top = DEFAULT_LADDER.stages.length - 1
    expect(next(proposed(top), approved('ada'))).toMatchObject({
      kind: 'moved',
      state: { kind: 'completed' },
    })
    for (const ended of [
      { kind: 'completed', stage: top },
      { kind: 'rolled-back', stage: 2 },
    ] as const) {
      expect(next(ended, checked('rollback'))).toMatchObject({ kind: 'unchanged' })
      expect(next(ended, approved('ada'))).toMatchObject({ kind: 'refused' })
    }
  })
})

test('a chain of releases, each worse by two thirds of the margin, is stopped by the budget', () => {
  const margin = 0.05
  const ownBound = (2 / 3) * margin + 0.01
  const earlier: number[] = []
  let stoppedAt: number | null = null
  for (let release = 1; release <= 10 && stoppedAt === null; release++) {
    const limits = {
      ...free,
      marginSpent: marginSpent({ baselineIsAnchor: release === 1, earlier, own: ownBound }),
    }
    if (next(climbing(1), checked('promote'), limits).kind === 'moved') earlier.push(ownBound)
    else stoppedAt = release
  }
  expect(stoppedAt).toBe(3)
  expect(earlier.length * (2 / 3) * margin).toBeLessThan(DEFAULT_LADDER.marginBudget)
})

test('the shares of alpha of all releases add up to alpha', () => {
  let sum = 0
  for (let ordinal = 1; ordinal <= 100_000; ordinal++) sum += alphaOfRelease(0.05, ordinal, 'shrink')
  expect(sum).toBeLessThanOrEqual(0.05)
  expect(sum).toBeGreaterThan(0.0499)
  expect(alphaOfRelease(0.05, 7, 'count')).toBe(0.05)
})

describe('lint', () => {
  const stages = DEFAULT_LADDER.stages
  const [shadow, suggest, first, second] = stages
  const withStages = (...changed: (typeof stages)[number][]) =>
    lintLadder({ ...DEFAULT_LADDER, stages: changed }).map(({ problem }) => problem)
  if (!shadow || !suggest || !first || !second) throw new Error('the default ladder has four stages at least')

  test('finds nothing in the default ladder', () => {
    expect(lintLadder(DEFAULT_LADDER)).toEqual([])
  })

  test('refuses a step that both widens and loosens', () => {
    const longer = { ...second, region: { ...second.region, horizonSteps: 400 } }
    expect(withStages(shadow, suggest, first, longer).join()).toContain('both widens horizon and loosens')
  })

  test('refuses widening two things at once', () => {
    const wider = {
      ...first,
      name: 'wide',
      region: { ...first.region, horizonSteps: 400, stakes: 'costly' as const },
    }
    expect(withStages(shadow, suggest, first, wider).join()).toContain('widens horizon and stakes at once')
  })

  test('refuses a step that changes nothing, doubles of names, and a first stage that acts', () => {
    expect(withStages(shadow, suggest, first, { ...first, name: 'again' }).join()).toContain(
      'neither widens nor loosens',
    )
    expect(withStages(shadow, suggest, first, { ...second, name: first.name }).join()).toContain(
      'two stages are called',
    )
    expect(withStages(first).join()).toContain('the first stage is "act"')
  })
})
