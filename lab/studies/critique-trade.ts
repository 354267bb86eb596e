/**
 * Question  What do critiques buy and cost where some are wrong and raters believe some of those, and would a platform notice?
 * World     critique-world.ts has all parameters: a person finds 25 % of flaws, the critic 75 %; probability f of an invalid
 *           critique on an item; a share a of invalid ones is accepted. Seven worlds: flaws frequent, rare or several to an item,
 *           the same flaws easy for both, credulous raters, planted critiques that are easier to see through, distrust.
 * Rules     unaided; accept every critique (naive); accept the valid ones alone (oracle); the rater decides; ours: the rater
 *           decides, critiques stay where an arm drawn at random shows a gain and planted critiques show no over-reliance.
 * Answer    Team recall, precision and decision error by f and a; errors by rule; coverage of the effect's 95 % interval
 *           (compare-arms, 150 items read twice by 30 raters); how soon planted critiques show a > 0.3 (betting process,
 *           alpha 0.05); cost of an error removed. Fails where coverage is below 93 %, a false alarm above 5 % or power
 *           at a = 0.5 below 90 % after 100 planted critiques.
 * Loses     Raters who trust no critique: the naive rule is better than ours. Credulous raters: ours takes critiques away that
 *           still help more than they harm. An arm chosen by the rater is biased: the negative control.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { COST_HEAD, costCells, PRICE_WORDS } from './cost-of-oversight.ts'
import { COST, type CostRow, costRow } from './critique-cost.ts'
import {
  foundAtTheEnd,
  OVER_RELIANCE,
  PLANTED_MAX,
  plantedUntilFound,
  plantedUntilPeeked,
  runArms,
} from './critique-safeguards.ts'
import { type CritiqueWorld, drawItem, expectedError, readItem, WORLDS } from './critique-world.ts'
import { percent } from './percent.ts'

const SEED = 20_261_203
const FALSE_ALARMS = [0, 0.1, 0.3, 0.8] as const
const ACCEPTED = [0.1, 0.3, 0.6, 0.9] as const
/** Beyond 0 and 1, so that raters of both kinds accept all invalid critiques, or none. */
const ALL = { acceptsValid: 1, acceptsInvalid: 2 }
const VALID_ALONE = { acceptsValid: 1, acceptsInvalid: -1 }
const PLANTED = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9] as const
/** With one item in ten carrying a planted critique, 100 items have this many. */
const PLANTED_IN_100 = 10

export type TradeRow = {
  readonly world: string
  readonly falseAlarm: number
  readonly accepted: number
  readonly recall: number
  readonly precision: number
  readonly error: number
  readonly expected: number
}
export type RuleRow = {
  readonly world: string
  readonly unaided: number
  readonly naive: number
  readonly oracle: number
  readonly rater: number
  readonly ours: number
  /** Share of runs in which ours leaves the critiques on, and in which planted ones took them off. */
  readonly kept: number
  readonly overReliance: number
  readonly effect: number
  readonly coverage: number
  readonly chosenCoverage: number
}
export type PlantedRow = {
  readonly accepts: number
  readonly found: number
  readonly foundIn100Items: number
  readonly median: number | null
  readonly atTheEnd: number
  readonly peeked: number
}
export type CritiqueTrade = {
  readonly trade: readonly TradeRow[]
  readonly rules: readonly RuleRow[]
  readonly planted: readonly PlantedRow[]
  readonly costs: readonly CostRow[]
}

export function critiqueTrade(
  size: {
    readonly items: number
    readonly arms: number
    readonly tests: number
  },
  worlds: readonly CritiqueWorld[] = WORLDS,
): CritiqueTrade {
  const random = seededRandom(SEED)
  const frequentAndRare = worlds.filter(({ name }) => ['inserted bugs', 'flaws are rare'].includes(name))
  return {
    trade: frequentAndRare.flatMap((world) =>
      FALSE_ALARMS.flatMap((falseAlarm) =>
        ACCEPTED.map((acceptsInvalid) =>
          tradeRow({ ...world, falseAlarm, acceptsInvalid }, size.items, random),
        ),
      ),
    ),
    rules: worlds.map((world) => ruleRow(world, size.arms, random)),
    planted: PLANTED.map((accepts) => plantedRow(accepts, size.tests, random)),
    costs: worlds.map(costRow),
  }
}

function tradeRow(world: CritiqueWorld, items: number, random: () => number): TradeRow {
  let flaws = 0
  let found = 0
  let flags = 0
  let wrong = 0
  for (let at = 0; at < items; at++) {
    const item = drawItem(world, random)
    const reading = readItem(world, item, { assisted: true, credulous: at % 2 === 0 }, random)
    flaws += item.flaws.length
    found += reading.found
    flags += reading.found + reading.falseFlags
    if (!reading.right) wrong += 1
  }
  return {
    world: world.name,
    falseAlarm: world.falseAlarm,
    accepted: world.acceptsInvalid,
    recall: found / flaws,
    precision: found / flags,
    error: wrong / items,
    expected: expectedError(world, true),
  }
}

function ruleRow(world: CritiqueWorld, arms: number, random: () => number): RuleRow {
  const unaided = expectedError(world, false)
  const rater = expectedError(world, true)
  const effect = unaided - rater
  const held = { random: 0, chosen: 0 }
  let kept = 0
  let overReliance = 0
  for (let run = 0; run < arms; run++) {
    // The biased arm is the control: a quarter of the runs shows it.
    for (const assignment of run % 4 === 0 ? (['random', 'chosen'] as const) : (['random'] as const)) {
      const { interval } = runArms(world, assignment, run, random).difference
      if (interval.kind !== 'interval') continue
      if (interval.low <= effect && effect <= interval.high) held[assignment] += 1
      if (assignment === 'chosen') continue
      const overRelying = plantedUntilFound(world.acceptsPlanted, random) !== null
      if (overRelying) overReliance += 1
      if (interval.low > 0 && !overRelying) kept += 1
    }
  }
  return {
    world: world.name,
    unaided,
    naive: expectedError({ ...world, ...ALL }, true),
    oracle: expectedError({ ...world, ...VALID_ALONE }, true),
    rater,
    ours: (kept * rater + (arms - kept) * unaided) / arms,
    kept: kept / arms,
    overReliance: overReliance / arms,
    effect,
    coverage: held.random / arms,
    chosenCoverage: held.chosen / Math.ceil(arms / 4),
  }
}

function plantedRow(accepts: number, tests: number, random: () => number): PlantedRow {
  const until = Array.from({ length: tests }, () => plantedUntilFound(accepts, random))
  const found = until.filter((planted) => planted !== null).sort((a, b) => a - b)
  const atTheEnd = Array.from({ length: tests }, () => foundAtTheEnd(accepts, random))
  const peeked = Array.from({ length: tests }, () => plantedUntilPeeked(accepts, random))
  return {
    accepts,
    found: found.length / tests,
    foundIn100Items: found.filter((planted) => planted <= PLANTED_IN_100).length / tests,
    median: found[Math.floor(tests / 2)] ?? null,
    atTheEnd: atTheEnd.filter(Boolean).length / tests,
    peeked: peeked.filter((planted) => planted !== null).length / tests,
  }
}

export function critiqueTable({ trade, rules, planted, costs }: CritiqueTrade): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const head = (...cells: readonly (string | number)[]) => [line(cells), `|${'---|'.repeat(cells.length)}`]
  return [
    'Simulated items, raters and critics.',
    '',
    'Team recall, precision and decision error, by probability f of an invalid critique and share a of them that is accepted.',
    '',
    ...head('world', 'f', 'a', 'recall', 'precision', 'decision error', 'in closed form', 'unaided'),
    ...trade.map((row) =>
      line([
        row.world,
        row.falseAlarm,
        row.accepted,
        ...[row.recall, row.precision, row.error, row.expected].map(percent),
        percent(rules.find(({ world }) => world === row.world)?.unaided ?? 0),
      ]),
    ),
    '',
    'Decision error by rule, and what the arm drawn at random shows.',
    '',
    ...head(
      'world',
      'unaided',
      'accept every critique',
      'oracle',
      'rater decides',
      'ours',
      'ours keeps critiques',
      'over-reliance found',
      'effect',
      'covered, arm drawn at random',
      'covered, arm chosen by the rater',
    ),
    ...rules.map((row) =>
      line([
        row.world,
        ...[row.unaided, row.naive, row.oracle, row.rater, row.ours, row.kept, row.overReliance].map(percent),
        `${(100 * row.effect).toFixed(1)} points`,
        percent(row.coverage),
        percent(row.chosenCoverage),
      ]),
    ),
    '',
    `Planted false critiques: "more than ${OVER_RELIANCE} are accepted" found by ${PLANTED_MAX} planted ones; by 100 items of which one in ten has one; by one look; by a z-test at every look.`,
    '',
    ...head(
      'a',
      'found',
      'found in 100 items',
      'planted until found, median',
      'oracle: one look after all',
      'naive: z-test at every look',
    ),
    ...planted.map((row) =>
      line([
        row.accepts,
        percent(row.found),
        percent(row.foundIn100Items),
        row.median ?? 'over 100',
        percent(row.atTheEnd),
        percent(row.peeked),
      ]),
    ),
    '',
    `Cost of one wrong decision less, at ${COST.itemMinutes} minutes an item, ${COST.critiqueMinutes} minutes and ${COST.critiqueTokens} tokens a critique, ${PRICE_WORDS}.`,
    '',
    ...head(
      'world',
      ...COST_HEAD.map((what) => `critiques: ${what}`),
      ...COST_HEAD.map((what) => `a second reader: ${what}`),
    ),
    ...costs.map((row) => line([row.world, ...costCells(row.critiques), ...costCells(row.secondReader)])),
  ].join('\n')
}
