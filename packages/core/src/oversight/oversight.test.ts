/**
 * Reference values: closed forms and grids computed once in Python for the published slopes of four games (nested
 * oversight, Engels et al. 2025, repository version 1) and for the upfront auditing game (Greenblatt et al. 2023).
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { leafAccuracy } from './leaf-error.ts'
import { type RubricNode, rubricTreeError } from './rubric-tree-error.ts'
import { adviseSplit } from './split-question.ts'
import { bestChain, chainWinProbability, type StrengthLine } from './supervision-chain.ts'
import { upfrontAudit } from './upfront-audit.ts'

const GAMES: Record<
  string,
  { guard: StrengthLine; supervised: StrengthLine; at: Record<number, [number, number]> }
> = {
  mafia: {
    guard: { slope: 1.5305382247861692, intercept: -622.9317463747565 },
    supervised: { slope: 0.8344154600833648, intercept: 173.2206142928111 },
    at: {
      0: [0.459321, 1],
      100: [0.344478, 1],
      200: [0.24532, 1],
      400: [0.110624, 1],
      600: [0.067109, 2],
      800: [0.05184, 3],
    },
  },
  debate: {
    guard: { slope: 1.0983942546126946, intercept: -47.49890598669299 },
    supervised: { slope: 0.04936115584058696, intercept: 1080.3983558810423 },
    at: {
      0: [0.541904, 1],
      100: [0.534842, 1],
      200: [0.527767, 1],
      400: [0.513584, 1],
      600: [0.499381, 1],
      800: [0.485178, 1],
    },
  },
  backdoor: {
    guard: { slope: 0.7192614624976502, intercept: 552.0221384375485 },
    supervised: { slope: 1.9518243250891987, intercept: -1361.61176329289 },
    at: {
      0: [0.960447, 1],
      100: [0.887574, 1],
      200: [0.719633, 1],
      400: [0.275693, 2],
      600: [0.041095, 2],
      800: [0.003336, 2],
    },
  },
  wargames: {
    guard: { slope: 1.1666737577004682, intercept: -229.07366870912878 },
    supervised: { slope: 0.6795738441484533, intercept: 422.0053838057133 },
    at: {
      0: [0.341834, 1],
      100: [0.259931, 1],
      200: [0.19193, 1],
      400: [0.097977, 1],
      600: [0.047322, 1],
      800: [0.0245, 2],
    },
  },
}

describe('nested oversight', () => {
  const cells = Object.entries(GAMES).flatMap(([name, { guard, supervised, at }]) =>
    Object.entries(at).map(([gap, [win, links]]) => ({
      name,
      gap: Number(gap),
      win,
      links,
      guard,
      supervised,
    })),
  )

  test.each(cells)('$name at a gap of $gap', ({ gap, win, links, guard, supervised }) => {
    const best = bestChain({ guard, supervised, start: 1103, gap }, 20)
    expect(best.winProbability).toBeCloseTo(win, 5)
    expect(Math.abs(best.winProbability - win)).toBeLessThan(3e-6)
    expect(best.links).toBe(links)
  })

  test.each([
    ['mafia', 0.110624],
    ['debate', 0.513584],
    ['backdoor', 0.275691],
    ['wargames', 0.097978],
  ])('what the repository gives for %s at a gap of 400, to a millionth', (name, win) => {
    const game = GAMES[name]
    if (game === undefined) throw new Error(`no game ${name}`)
    const { winProbability } = bestChain({ ...game, start: 1103, gap: 400 }, 20)
    expect(Math.abs(winProbability - win)).toBeLessThan(1e-6)
  })

  test('strengths very far apart stay probabilities', () => {
    const line = { slope: 1, intercept: 0 }
    expect(chainWinProbability({ guard: line, supervised: line, start: 0, gap: 1e6 }, 1)).toBe(0)
    expect(
      chainWinProbability({ guard: line, supervised: { slope: -1, intercept: 0 }, start: 0, gap: 1e6 }, 1),
    ).toBe(1)
    expect(() => chainWinProbability({ guard: line, supervised: line, start: 0, gap: -1 }, 1)).toThrow(
      RangeError,
    )
    expect(() => bestChain({ guard: line, supervised: line, start: Number.NaN, gap: 1 }, 3)).toThrow(
      RangeError,
    )
  })
})

describe('upfront auditing of 5,000 outputs', () => {
  test.each([
    [0.005, 0.0017688016029136166, 0.05229581533359584],
    [0.02, 0.0012677960547693426, 0.15184132227763392],
    [0.1, 0.0007347343887595729, 0.42754763292909836],
    [0.3, 0.00043385946104188374, 0.7116459093260882],
  ])('a budget of %s', (share, rate, wins) => {
    const found = upfrontAudit({ outputs: 5000, audited: 5000 * share, success: 0.53 })
    expect(found.defenderWins).toBeCloseTo(wins, 7)
    // The reference searched a grid: the attacker found here is at least as good.
    expect(found.defenderWins).toBeLessThanOrEqual(wins)
    expect(found.attackRate / rate).toBeCloseTo(1, 2)
  })

  test('nothing audited, everything audited, attacks that never work', () => {
    expect(upfrontAudit({ outputs: 10, audited: 0, success: 0.5 })).toEqual({
      attackRate: 1,
      defenderWins: 0.5 ** 10,
    })
    expect(upfrontAudit({ outputs: 10, audited: 0, success: 1 }).defenderWins).toBe(0)
    expect(upfrontAudit({ outputs: 10, audited: 10, success: 1 }).defenderWins).toBe(1)
    expect(upfrontAudit({ outputs: 10, audited: 1, success: 0 }).defenderWins).toBe(1)
    expect(() => upfrontAudit({ outputs: 10, audited: 11, success: 1 })).toThrow(RangeError)
  })

  test('no attacker does better than the one found, and more audits never hurt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outputs, share, success, rate) => {
          const audited = Math.floor(share * outputs)
          const { defenderWins } = upfrontAudit({ outputs, audited, success })
          const others = 1 - (1 - rate) ** audited * (1 - (1 - success * rate) ** (outputs - audited))
          expect(defenderWins).toBeLessThanOrEqual(others + 1e-9)
          if (audited < outputs)
            expect(
              upfrontAudit({ outputs, audited: audited + 1, success }).defenderWins,
            ).toBeGreaterThanOrEqual(defenderWins - 1e-9)
        },
      ),
      { seed: 14, numRuns: 200 },
    )
  })
})

describe('majorities and splitting', () => {
  test.each([
    [8, 1, 0.43],
    [8, 3, 0.8],
    [8, 5, 0.93],
    [32, 1, 0.03],
    [32, 3, 0.4],
    [32, 5, 0.76],
  ])('%s parts of accuracy .9 with %s raters', (parts, raters, expected) => {
    const found = adviseSplit({ whole: 0.5, part: 0.9, parts, raters, shared: 0, missing: 0 })
    expect(found.splitAccuracy).toBeCloseTo(expected, 2)
  })

  test('with one rater the break-even is the root of the accuracy on the whole', () => {
    const found = adviseSplit({ whole: 0.7, part: 0.95, parts: 5, raters: 1, shared: 0, missing: 0 })
    expect(found.breakEven).toBeCloseTo(0.7 ** (1 / 5), 12)
    expect(found).toMatchObject({ split: true })
    expect(adviseSplit({ whole: 0.7, part: 0.93, parts: 5, raters: 1, shared: 0, missing: 0 }).split).toBe(
      false,
    )
  })

  test('raters who share one answer are one rater, however many', () => {
    expect(leafAccuracy({ accuracy: 0.8, raters: 101, shared: 1 })).toBeCloseTo(0.8, 12)
    expect(leafAccuracy({ accuracy: 0.8, raters: 10_001, shared: 0 })).toBeCloseTo(1, 12)
    expect(leafAccuracy({ accuracy: 0.8, raters: 101, shared: 0.5 })).toBeLessThan(0.91)
    expect(leafAccuracy({ accuracy: 0.8, raters: 2, shared: 0 })).toBeCloseTo(0.8, 12)
  })

  test('parts that miss something may never be good enough', () => {
    expect(adviseSplit({ whole: 0.9, part: 1, parts: 3, raters: 1, shared: 0, missing: 0.2 })).toMatchObject({
      split: false,
      breakEven: null,
    })
  })

  test('at the break-even the gain is 0, whatever the world', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        share,
        share,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        share,
        (whole, part, parts, raters, shared) => {
          const found = adviseSplit({ whole, part, parts, raters, shared, missing: 0 })
          expect(found.breakEven).not.toBeNull()
          const at = adviseSplit({
            whole,
            part: found.breakEven as number,
            parts,
            raters,
            shared,
            missing: 0,
          })
          expect(at.gain).toBeCloseTo(0, 6)
          expect(found.split).toBe(found.gain > 0)
        },
      ),
      { seed: 15, numRuns: 200 },
    )
  })
})

describe('errors through a rubric tree', () => {
  const leaf = (over: Partial<Extract<RubricNode, { kind: 'leaf' }>> = {}): RubricNode => ({
    kind: 'leaf',
    prior: 0.8,
    sensitivity: 0.9,
    specificity: 0.7,
    raters: 3,
    shared: 0.3,
    ...over,
  })
  const tree: RubricNode = {
    kind: 'every',
    children: [
      leaf(),
      {
        kind: 'weighted',
        passMark: 0.5,
        children: [
          { weight: 1, node: leaf({ prior: 0.6 }), required: true },
          { weight: 0.7, node: leaf({ raters: 1 }) },
          { weight: 0.3, node: { kind: 'every', children: [leaf(), leaf({ prior: 0.5, raters: 5 })] } },
          { weight: -0.9, node: leaf({ prior: 0.1 }) },
        ],
      },
    ],
  }

  test('equals a simulation of raters, leaf by leaf', () => {
    const random = seededRandom(51)
    const answer = (
      node: RubricNode,
    ): { truth: boolean; report: boolean; value: number; reported: number } => {
      if (node.kind === 'leaf') {
        const truth = random() < node.prior
        const right = truth ? node.sensitivity : node.specificity
        const common = random() < node.shared ? random() < right : null
        let votes = 0
        for (let rater = 0; rater < node.raters; rater++) votes += (common ?? random() < right) ? 1 : -1
        const correct = votes === 0 ? random() < 0.5 : votes > 0
        const report = correct ? truth : !truth
        return { truth, report, value: Number(truth), reported: Number(report) }
      }
      if (node.kind === 'every') {
        const children = node.children.map(answer)
        const truth = children.every((child) => child.truth)
        const report = children.every((child) => child.report)
        return { truth, report, value: Number(truth), reported: Number(report) }
      }
      const children = node.children.map(({ weight, node: child, required }) => ({
        weight,
        required,
        ...answer(child),
      }))
      const fails = (side: 'truth' | 'report') => children.some((child) => child.required && !child[side])
      const positive = children.reduce((sum, { weight }) => sum + Math.max(0, weight), 0)
      const sumOf = (side: 'truth' | 'report') =>
        fails(side)
          ? 0
          : children.reduce((sum, child) => sum + (child[side] ? child.weight : 0), 0) / positive
      const value = sumOf('truth')
      const reported = sumOf('report')
      return {
        truth: !fails('truth') && value >= node.passMark - 1e-9,
        report: !fails('report') && reported >= node.passMark - 1e-9,
        value,
        reported,
      }
    }
    for (const node of [tree, (tree as Extract<RubricNode, { kind: 'every' }>).children[1] as RubricNode]) {
      const expected = rubricTreeError(node)
      const runs = 40_000
      let right = 0
      let alarms = 0
      let reported = 0
      let square = 0
      for (let run = 0; run < runs; run++) {
        const found = answer(node)
        right += found.truth === found.report ? 1 : 0
        alarms += !found.truth && found.report ? 1 : 0
        reported += found.reported
        square += (found.reported - found.value) ** 2
      }
      expect(Math.abs(right / runs - expected.accuracy)).toBeLessThan(0.01)
      expect(Math.abs(alarms / runs - expected.falseAlarm)).toBeLessThan(0.01)
      expect(Math.abs(reported / runs - expected.reportedMean)).toBeLessThan(0.01)
      const bias = expected.reportedMean - expected.trueMean
      expect(Math.abs(Math.sqrt(square / runs - bias ** 2) - expected.errorDeviation)).toBeLessThan(0.01)
    }
  })

  test('fifty odd weights stay a distribution, with exact means', () => {
    const random = seededRandom(52)
    const children = Array.from({ length: 100 }, () => ({
      weight: random(),
      node: leaf({ prior: random() }),
    }))
    const found = rubricTreeError({ kind: 'weighted', passMark: 0.5, children })
    const sum = children.reduce((total, { weight }) => total + weight, 0)
    const mean =
      children.reduce((total, { weight, node }) => total + weight * rubricTreeError(node).reportedMean, 0) /
      sum
    expect(found.reportedMean).toBeCloseTo(mean, 9)
    expect(found.bothHold + found.missed + found.falseAlarm + found.neitherHolds).toBeCloseTo(1, 9)
  })

  test('no children, no weight, shares out of range', () => {
    expect(() => rubricTreeError({ kind: 'every', children: [] })).toThrow(RangeError)
    expect(() =>
      rubricTreeError({ kind: 'weighted', passMark: 0.5, children: [{ weight: -1, node: leaf() }] }),
    ).toThrow(RangeError)
    expect(() => rubricTreeError(leaf({ prior: 1.1 }))).toThrow(RangeError)
    expect(() => rubricTreeError(leaf({ raters: 0 }))).toThrow(RangeError)
  })
})
