import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Check, checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { CommandError } from '../../exit-codes.ts'
import { type EvidenceDesign, readEvidenceFile } from './evidence-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-evidence-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'evidence.csv')
const PAIRED: EvidenceDesign = { kind: 'paired' }

function read(text: string | Uint8Array, design = PAIRED) {
  writeFileSync(file, text)
  return readEvidenceFile(file, design)
}
const check = async (text: string): Promise<Check> =>
  checkGate(await read(text), planAt(0.05), { seen: 0, audited: 0 })

const HEAD = 'item,arm,failure'
const FULL = 'item,arm,failure,judge,probability'

describe('a file that is right', () => {
  test('gives one unit an item, in the order in which the items first appear', async () => {
    const units = await read(`${HEAD}\nb,candidate,1\na,baseline,0\nb,baseline,0\na,candidate,0\n`)
    expect(units).toEqual([
      {
        design: 'paired',
        unit: 'b',
        candidate: { kind: 'observed', failure: 1, probability: 1, judge: null },
        baseline: { kind: 'observed', failure: 0, probability: 1, judge: null },
        probabilityMin: 1,
      },
      {
        design: 'paired',
        unit: 'a',
        candidate: { kind: 'observed', failure: 0, probability: 1, judge: null },
        baseline: { kind: 'observed', failure: 0, probability: 1, judge: null },
        probabilityMin: 1,
      },
    ])
  })

  test('may have a byte order mark, CRLF, empty lines, quoted commas and columns in another order', async () => {
    const units = await read(
      '\ufefffailure,item,arm\r\n1,"order 7, blue",candidate\r\n\r\n0,"order 7, blue",baseline\r\n',
    )
    expect(units).toMatchObject([
      { unit: 'order 7, blue', candidate: { failure: 1 }, baseline: { failure: 0 } },
    ])
  })

  test('tells an unsampled label (probability below 1) from a missing one', async () => {
    const units = await read(
      `${FULL}\na,candidate,,0.2,0.5\na,baseline,,0.1,1\nb,candidate,1,,0.25\nb,baseline,0,,\n`,
    )
    expect(units).toMatchObject([
      {
        candidate: { kind: 'unsampled', probability: 0.5, judge: 0.2 },
        baseline: { kind: 'missing', probability: 1, judge: 0.1 },
        probabilityMin: 0.25,
      },
      {
        candidate: { kind: 'observed', failure: 1, probability: 0.25, judge: null },
        baseline: { kind: 'observed', failure: 0, probability: 1, judge: null },
        probabilityMin: 0.25,
      },
    ])
  })

  test('unpaired: one row an item, with the stated propensity', async () => {
    const units = await read(`${HEAD}\na,candidate,1\nb,baseline,0\n`, { kind: 'unpaired', propensity: 0.2 })
    expect(units).toMatchObject([
      { design: 'routed', unit: 'a', arm: 'candidate', propensity: 0.2 },
      { design: 'routed', unit: 'b', arm: 'baseline', propensity: 0.2 },
    ])
  })
})

describe('a mistake is named with its line', () => {
  const PAIR = 'a,candidate,0\na,baseline,0\n'
  test.each([
    ['one arm only', `${HEAD}\n${PAIR}b,candidate,1\n`, ':4: item "b" has no baseline row'],
    ['the other arm only', `${HEAD}\nb,baseline,1\n${PAIR}`, ':2: item "b" has no candidate row'],
    ['a row twice', `${HEAD}\n${PAIR}a,baseline,0\n`, ':4: item "a" already stands in line 3'],
    ['failure 2', `${HEAD}\na,candidate,2\na,baseline,0\n`, ':2: failure is "2"'],
    ['failure 0.5', `${HEAD}\na,candidate,0\na,baseline,0.5\n`, ':3: failure is "0.5"'],
    ['failure NaN', `${HEAD}\na,candidate,NaN\na,baseline,0\n`, ':2: failure is "NaN"'],
    ['judge above 1', `${FULL}\na,candidate,0,1.1,1\na,baseline,0,0,1\n`, ':2: judge is 1.1'],
    ['judge below 0', `${FULL}\na,candidate,0,-0.1,1\na,baseline,0,0,1\n`, ':2: judge is -0.1'],
    ['judge NaN', `${FULL}\na,candidate,0,0,1\na,baseline,0,NaN,1\n`, ':3: judge is "NaN"'],
    ['probability 0', `${FULL}\na,candidate,0,0,0\na,baseline,0,0,1\n`, ':2: probability is 0'],
    ['probability above 1', `${FULL}\na,candidate,0,0,1.5\na,baseline,0,0,1\n`, ':2: probability is 1.5'],
    ['probability Infinity', `${FULL}\na,candidate,0,0,Infinity\n`, ':2: probability is "Infinity"'],
    ['an unknown arm', `${HEAD}\na,treatment,0\n`, ':2: arm is "treatment"'],
    ['an item without a name', `${HEAD}\n ,candidate,0\n`, ':2: item is empty'],
    ['too few values', `${HEAD}\na,candidate\n`, ':2: 2 values for 3 columns'],
    ['an unquoted comma', `${HEAD}\na, b,candidate,0\n`, ':2: 4 values for 3 columns'],
    ['an unknown column', `${HEAD},colour\n`, ':1: column "colour" is not known'],
    ['a missing column', `item,arm\n`, ':1: column "failure" is missing (found: item, arm)'],
    ['a column twice', `${HEAD},arm\n`, ':1: a column stands twice'],
    ['an empty file', '', ': the file is empty'],
  ])('%s', async (_name, text, message) => {
    const error = await read(text).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CommandError)
    const { message: said, fix, exitCode } = error as CommandError
    expect(said.startsWith(`${file}${message}`), said).toBe(true)
    expect(fix).not.toBe('')
    expect(exitCode).toBe(2)
  })

  test('an unpaired item served by both arms', async () => {
    await expect(read(`${HEAD}\n${PAIR}`, { kind: 'unpaired', propensity: 0.5 })).rejects.toThrow(
      `${file}:3: item "a" already stands in line 2`,
    )
  })

  test('a file that is not there', async () => {
    await expect(readEvidenceFile(join(folder, 'none.csv'), PAIRED)).rejects.toThrow(/none\.csv: ENOENT/)
  })
})

describe('a missing label (empty, probability 1)', () => {
  /** 60 pairs in which the label of `arm` of every tenth item is `written`. */
  const evidence = (arm: 'candidate' | 'baseline', written: '' | '0' | '1') =>
    [
      HEAD,
      ...Array.from({ length: 60 }, (_, index) => {
        const label = (of: 'candidate' | 'baseline', failure: number) =>
          of === arm && index % 10 === 3 ? written : failure
        return `t${index},candidate,${label('candidate', Number(index % 7 === 0))}\nt${index},baseline,${label('baseline', Number(index % 5 === 0))}`
      }),
    ].join('\n')

  test.each([
    // Promotion is claimed by the candidate, so what is missing counts as its failure, or the baseline's success.
    { arm: 'candidate', promote: '1', rollback: '0' },
    { arm: 'baseline', promote: '0', rollback: '1' },
  ] as const)(
    'of the $arm is counted, and resolved against each claim',
    async ({ arm, promote, rollback }) => {
      const missing = (await check(evidence(arm, ''))).evidence
      expect(missing).toMatchObject({ units: 60, labels: 114, missing: 6, missingShare: 0.05 })
      const filled = {
        [promote]: (await check(evidence(arm, promote))).evidence,
        [rollback]: (await check(evidence(arm, rollback))).evidence,
      }
      expect(missing.logPromote).toBeCloseTo(filled[promote]?.logPromote ?? Number.NaN, 12)
      expect(missing.logRollback).toBeCloseTo(filled[rollback]?.logRollback ?? Number.NaN, 12)
      // And not the other way round: the two fillings differ in both processes.
      expect(missing.logPromote).toBeLessThan((filled[rollback]?.logPromote ?? 0) - 0.01)
      expect(missing.logRollback).toBeLessThan((filled[promote]?.logRollback ?? 0) - 0.01)
    },
  )
})

test('random garbage is refused in words, or decided: never anything else', { timeout: 60_000 }, async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'candidate',
      'baseline',
      '0',
      '1',
      '',
      'NaN',
      '0.5',
      '-1',
      '1e999',
      '"',
      '\u0000',
    ),
    fc.string({ maxLength: 6 }),
  )
  const row = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(','))
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(HEAD, FULL, `\ufeff${HEAD}`, 'item'), fc.array(row, { maxLength: 12 }))
      .map(([head, rows]) => Buffer.from([head, ...rows].join('\n'))),
    // Mostly right, so that some get through to a decision.
    fc
      .array(
        fc.tuple(fc.constantFrom('0', '1', ''), fc.constantFrom('0', '1', ''), fc.double({ min: 0, max: 1 })),
        { maxLength: 30 },
      )
      .map((pairs) =>
        Buffer.from(
          [
            FULL,
            ...pairs.map(([c, b, p], i) => `i${i},candidate,${c},${p},${p}\ni${i},baseline,${b},,1`),
          ].join('\n'),
        ),
      ),
  )
  const seen = { refused: 0, promote: 0, hold: 0, rollback: 0, unhealthy: 0 }
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      try {
        const { verdict, evidence } = checkGate(await read(bytes), planAt(0.05), { seen: 0, audited: 0 })
        seen[verdict] += 1
        expect([evidence.logPromote, evidence.logRollback, evidence.low, evidence.high]).not.toContain(
          Number.NaN,
        )
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        expect(error.message.startsWith(file)).toBe(true)
        seen.refused += 1
      }
    }),
    { numRuns: 400, seed: 2 },
  )
  expect(seen.refused).toBeGreaterThan(50)
  expect(seen.hold + seen.unhealthy).toBeGreaterThan(10)
})
