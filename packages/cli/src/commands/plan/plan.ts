/** `leeway plan`: what a decision will take, before anybody starts. */

import { seededRandom } from '@leeway/core/numeric/seeded-random'
import {
  type Change,
  changesThatShorten,
  type PlanRequest,
  planRelease,
  type ReleasePlan,
} from '@leeway/core/planner/release-plan'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../../exit-codes.ts'
import { printJson, printLine } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'

/** Enough for a median that is right within about a tenth. */
const RUNS = 300
const CHANGE_RUNS = 80
const UNITS_MAX = 30_000
const SEED = 1

type Options = {
  readonly margin: number
  readonly alpha: number
  readonly failureRate: number
  readonly difference: number
  readonly judgeAccuracy?: number
  readonly budget: number
  readonly exposure: number
  readonly unitsPerDay: number
  readonly labelsPerDay: number
  readonly labelSeconds: number
  readonly judgeCost: number
  readonly identical: number
  readonly sensitivity?: number
  readonly specificity?: number
  readonly gold: number
  readonly reaudit?: number
  readonly maxLabels?: number
  readonly json?: boolean
}

export function registerPlan(program: Command): void {
  const rate = numberBetween(0, 1)
  const above = numberBetween(0, 1, 'above')
  const amount = numberBetween(0, 1e9, 'above')
  program
    .command('plan')
    .description('answers, people-hours, cost and days until a decision, and what would shorten them')
    .requiredOption('--margin <rate>', 'largest rise in failure rate that may be promoted, e.g. 0.05', above)
    .option('--alpha <rate>', 'largest chance of a false promotion', numberBetween(0, 0.5, 'above'), 0.05)
    .option('--failure-rate <rate>', 'failure rate of the baseline', above, 0.1)
    .option('--difference <rate>', 'expected difference, candidate minus baseline', numberBetween(-1, 1), 0)
    .option(
      '--judge-accuracy <share>',
      'share of episodes on which a model judge is right (default: no judge)',
      numberBetween(0.5, 1),
    )
    .option('--budget <share>', 'share of episodes that people label when there is a judge', above, 0.1)
    .option(
      '--exposure <share>',
      'share of traffic the candidate gets; leave out for shadow pairs',
      numberBetween(0, 0.5000001, 'above'),
    )
    .option('--units-per-day <n>', 'units of traffic a day', amount, 500)
    .option('--labels-per-day <n>', 'answers people give a day', amount, 200)
    .option('--label-seconds <n>', 'seconds one answer takes', amount, 90)
    .option('--judge-cost <money>', 'what judging one episode costs', numberBetween(0, 1e6), 0)
    .option('--identical <share>', 'share of pairs on which both policies do the same', rate, 0)
    .option('--sensitivity <share>', 'share of faults that the labels find', above)
    .option('--specificity <share>', 'share of sound episodes that the labels pass', above)
    .option('--gold <n>', 'gold items of each kind that measure both', numberBetween(0, 1e7), 400)
    .option(
      '--reaudit <share>',
      'experts look again at this share of labels (differential label error)',
      above,
    )
    .option('--max-labels <n>', 'labels that can be paid for', amount)
    .option('--json', 'print JSON')
    .action((options: Options) => {
      const request = requestOf(options)
      const plan = planRelease(request, { runs: RUNS, unitsMax: UNITS_MAX, random: seededRandom(SEED) })
      const changes =
        plan.reason === 'difference-too-large'
          ? []
          : changesThatShorten(request, plan, {
              runs: CHANGE_RUNS,
              unitsMax: UNITS_MAX,
              random: seededRandom(SEED),
            })
      if (options.json) printJson({ ...plan, changes, request })
      else printPlan(request, plan, changes)
      process.exitCode = plan.verdict === 'decidable' ? EXIT.ok : EXIT.hold
    })
}

function requestOf(options: Options): PlanRequest {
  const { sensitivity, specificity } = options
  if ((sensitivity === undefined) !== (specificity === undefined))
    throw new CommandError('--sensitivity and --specificity belong together', 'give both, or neither')
  if (options.reaudit !== undefined && sensitivity === undefined)
    throw new CommandError(
      '--reaudit has no meaning for labels that never err',
      'give --sensitivity and --specificity as well',
    )
  if (options.failureRate + options.difference < 0)
    throw new CommandError(
      `a candidate cannot fail on ${options.failureRate + options.difference}`,
      'the difference is candidate minus baseline; a better candidate is at most as much better as the baseline fails',
    )
  return {
    margin: options.margin,
    alpha: options.alpha,
    baselineFailure: options.failureRate,
    difference: options.difference,
    judgeAccuracy: options.judgeAccuracy ?? null,
    budget: options.budget,
    exposure: options.exposure ?? 1,
    unitsPerDay: options.unitsPerDay,
    labelsPerDay: options.labelsPerDay,
    labelSeconds: options.labelSeconds,
    judgeCost: options.judgeCost,
    identicalShare: options.identical,
    check:
      sensitivity === undefined || specificity === undefined
        ? null
        : {
            sensitivity,
            specificity,
            goldFaults: options.gold,
            goldSound: options.gold,
            reaudit: options.reaudit ?? null,
          },
    labelsMax: options.maxLabels ?? null,
  }
}

function printPlan(request: PlanRequest, plan: ReleasePlan, changes: readonly Change[]): void {
  const { needs } = plan
  printLine(sentenceOf(request, plan))
  if (needs) {
    printLine()
    const row = (name: string, value: string) => printLine(`  ${name.padEnd(18)}${value}`)
    row(
      'pairs',
      `${count(needs.units)} (nine in ten within ${needs.unitsMost === null ? 'more than was simulated' : count(needs.unitsMost)})`,
    )
    row(
      'answers',
      `${count(needs.labels)}${needs.reaudits > 0 ? `, and ${count(needs.reaudits)} by experts` : ''}`,
    )
    row('people-hours', tenths(needs.peopleHours))
    if (request.judgeAccuracy !== null)
      row('judge', `${count(2 * needs.units)} episodes, cost ${tenths(needs.judgeCost)}`)
    row('calendar days', tenths(needs.days))
    if (plan.marginInForce < request.margin)
      row(
        'margin in force',
        `${tenths(plan.marginInForce * 100)} of ${tenths(request.margin * 100)} points, after label error`,
      )
  }
  printLine()
  const [cheapest, ...others] = changes
  if (cheapest) {
    printLine(
      `Cheapest change that shortens it: ${CHANGES[cheapest.what]} (${tenths(cheapest.days)} days, ${count(cheapest.labels)} answers).`,
    )
    for (const change of others)
      printLine(
        `Also: ${CHANGES[change.what]} (${tenths(change.days)} days, ${count(change.labels)} answers).`,
      )
  } else printLine('None of the changes tried shortens it by a tenth.')
  printLine(
    `Simulated with the gate's own bet, ${RUNS} runs; medians. Pairs are taken as independent and alike.`,
  )
}

function sentenceOf(request: PlanRequest, plan: ReleasePlan): string {
  const margin = `${tenths(request.margin * 100)} points`
  switch (plan.reason) {
    case 'ok':
      return `A decision at a margin of ${margin} takes about ${count(plan.needs?.labels ?? 0)} answers and ${tenths(plan.needs?.days ?? 0)} days, if the difference is ${tenths(request.difference * 100)} points.`
    case 'difference-too-large':
      return `Futile: the expected difference of ${tenths(request.difference * 100)} points is not below the margin of ${margin}. No number of answers will promote.`
    case 'beyond-budget':
      return `Futile: it takes about ${count(plan.needs?.labels ?? 0)} answers, and ${count(request.labelsMax ?? 0)} can be paid for.`
    case 'beyond-horizon':
      return `Futile: ${count(UNITS_MAX)} pairs would not decide at a margin of ${margin}.`
    case 'labels-tell-too-little':
      return `Impossible at this check quality: after label error ${plan.marginInForce <= 0 ? 'nothing' : `only ${tenths(plan.marginInForce * 100)} points`} of the margin of ${margin} can be tested. Measure the labels on more gold, have better raters, or let experts look again.`
  }
}

const CHANGES: Readonly<Record<Change['what'], string>> = {
  'audit-by-judge': 'let a judge that is right 9 times in 10 choose one episode in five for people',
  'skip-identical': 'do not label pairs on which both policies did the same (if they are 3 in 10)',
  'double-exposure': 'give the candidate twice the traffic',
  'more-raters': 'twice the answers a day',
  'better-judge': 'a judge that is right in 10 points more of the episodes',
  'more-gold': 'four times the gold',
  'wider-margin': 'a margin one point wider, which promises less',
}

function tenths(value: number): string {
  return value >= 100 ? count(Math.round(value)) : String(Math.round(value * 10) / 10)
}

function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}
