/**
 * Claims on recorded studies: the published figures of the debate records, what they do not show, and that the same test
 * which declines to tell their judges apart finds the raters of the crowd sets different.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RatedAnswer, raterDifferences } from '@leeway/core/studies/rater-differences'
import { type ArmRecord, GPT4, HUMAN, recordOf } from '../../lab/studies/debate-records.ts'
import { type RealSet, readRealSets } from '../../lab/studies/truth-inference-data.ts'
import type { Claims } from './claim.ts'
import { leeway } from './leeway-command.ts'

/** Michael et al. 2023 (arXiv 2311.08702). */
const PUBLISHED = [
  ['human debate', 154, 0.844],
  ['human consultancy', 96, 0.74],
  ['GPT-4 debate', 87, 0.782],
  ['GPT-4 consultancy', 76, 0.803],
] as const

type Report = {
  readonly arms: readonly { readonly arm: string; readonly right: number; readonly total: number }[]
  readonly differences: readonly {
    readonly arms: readonly string[]
    readonly verdict: string
    readonly flips: number | null
    readonly pAlone: number
  }[]
  readonly recalibration: {
    readonly slope: number
    readonly logScore: { readonly stated: number; readonly recalibrated: number }
  }
  readonly raterDifferences: { readonly raters: number; readonly p: number; readonly differ: boolean }
}

export async function checkStudies(folder: string, claims: Claims): Promise<void> {
  const file = join(folder, 'nyu-debate', 'judgments.jsonl')
  if (existsSync(file)) {
    const { json } = await leeway(['study', 'replay', file, '--json'])
    checkDebates(json as Report, claims)
    checkJudgeRecords(readFileSync(file, 'utf8'), claims)
  }
  const sets = join(folder, 'truth-inference')
  if (!existsSync(sets)) return
  for (const set of readRealSets(sets)) {
    const found = raterDifferences(answersOf(set), 1)
    claims.hold(
      found.differ,
      `${set.name}: its raters differ in how often they are right, item by item`,
      `p at most ${found.p.toPrecision(2)}, ${found.raters} raters, ${found.answers} answers`,
    )
  }
}

function checkDebates(report: Report, claims: Claims): void {
  for (const [arm, total, accuracy] of PUBLISHED) {
    const own = report.arms.find((one) => one.arm === arm)
    const rate = own === undefined ? Number.NaN : own.right / own.total
    claims.hold(
      own?.total === total && Math.abs(rate - accuracy) < 0.0005,
      `debates: ${arm} is right as published`,
      `${(100 * rate).toFixed(1)} % of ${own?.total}`,
    )
  }
  const human = report.differences.find(({ arms }) => arms.every((arm) => arm.startsWith('human')))
  claims.hold(
    human?.verdict === 'fragile',
    'debates: the difference between human debate and consultancy is called fragile',
    `p ${human?.pAlone.toPrecision(3)} taken alone, ${human?.flips} judgment the other way ends it`,
  )
  const { stated, recalibrated } = report.recalibration.logScore
  claims.hold(
    Math.abs(stated + 0.63) < 0.001 && Math.abs(recalibrated + 0.499) < 0.01,
    'debates: recalibration lifts the mean log score from about -0.630 to about -0.499',
    `${stated.toFixed(3)} to ${recalibrated.toFixed(3)}, slope ${report.recalibration.slope.toFixed(2)}`,
  )
  const { raters, p, differ } = report.raterDifferences
  claims.hold(
    raters === 19 && !differ,
    'debates: the 19 judges are not called different',
    `p ${p.toPrecision(2)}`,
  )
}

/** The numbers that the simulated judge of `debate-consultancy` is fitted to. */
function checkJudgeRecords(text: string, claims: Claims): void {
  const judgments = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; inPaper: boolean; pCorrect: readonly number[] })
    .filter(({ inPaper }) => inPaper)
  const own: readonly (readonly [string, ArmRecord])[] = [
    ['Hdeb', HUMAN.debate],
    ['Hcon', HUMAN.consultancy],
    ['AIdeb', GPT4.debate],
    ['AIcon', GPT4.consultancy],
  ]
  const apart = own.map(([kind, record]) =>
    farthest(record, recordOf(judgments.filter((one) => one.kind === kind).map(({ pCorrect }) => pCorrect))),
  )
  claims.hold(
    Math.max(...apart) < 0.00006,
    'debates: the simulated judge is fitted to the numbers of the records',
    `4 arms, the farthest number ${Math.max(...apart).toFixed(6)} away`,
  )
}

/** Largest difference of two numbers in the same place. */
function farthest(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other)
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Number.POSITIVE_INFINITY
  return Math.max(
    ...Object.entries(one).map(([name, value]) => farthest(value, (other as Record<string, unknown>)[name])),
  )
}

function answersOf({ index, truth }: RealSet): readonly RatedAnswer[] {
  const { items, classes, start, cells } = index
  return Array.from({ length: items }, (_, item) => item)
    .filter((item) => (truth[item] as number) >= 0)
    .flatMap((item) =>
      Array.from(cells.subarray(start[item] as number, start[item + 1] as number), (cell) => ({
        rater: String(Math.floor(cell / classes)),
        stratum: String(item),
        right: cell % classes === truth[item],
      })),
    )
}
