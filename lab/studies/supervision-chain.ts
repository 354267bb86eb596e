/**
 * Question  Agent N supervises agent N + 1, eight links or so in a row: how good does the one at the top become, do independent
 *           audits help, does the stop rule of a release halt the chain where a link is under the bar, and how soon is a
 *           supervisor found that falls asleep?
 * World     An agent learns from what it is told: right as often as its teacher, plus a share (PGR) of what is left to its own
 *           ceiling. Of the labels an audited share comes from people, who know what there is to know. `pilot`: first accuracy
 *           72 %, eight ceilings from 80 to 97 % with errors in equal ratios. `drawn`: 4 to 12 links, first accuracy 60 to 80
 *           %, errors at the first ceiling 15 to 25 % and at the last 2 to 8 %, anew in each run.
 *           A supervisor catches a mistake of its charge as often as it is right itself, but for the bad link, drawn in each run.
 * Oracle    People label everything; knows how often each supervisor catches.
 * Naive     No audits; a link holds that has caught 60 % of 30 audited mistakes; the lower bound of the whole record.
 * Loses     A supervisor that misses more than it did and still fewer than the bar allows is not asleep to the rule.
 * Answer    Accuracies; chains that went past the bad link, at most alpha of them; audited mistakes until the sleeper is found.
 */

import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { brokenBy, type LinkTally, readLink } from '@leeway/core/oversight/supervision-link'
import { percent } from './percent.ts'
import { mean } from './truth-inference.ts'

const SEED = 20_261_130
const BAR = { catchMin: 0.6, auditShareMin: 0.1 }
const AUDITS_MAX = 4_000
const NAIVE_MISTAKES = 30
const SHARES = [0, 0.1, 0.3, 1] as const
const RECOVERED = [0.1, 0.5, 0.8] as const

type Chain = { readonly first: number; readonly ceilings: readonly number[] }

const PILOT: Chain = { first: 0.72, ceilings: ceilingsOf(8, 0.2, 0.03) }

/** Errors fall by the same ratio from link to link. */
function ceilingsOf(links: number, firstError: number, lastError: number): readonly number[] {
  return Array.from(
    { length: links },
    (_, at) => 1 - firstError * (lastError / firstError) ** (at / (links - 1)),
  )
}

export function drawChain(random: () => number): Chain {
  const links = 4 + Math.floor(9 * random())
  const ceilings = ceilingsOf(links, 0.15 + 0.1 * random(), 0.02 + 0.06 * random())
  return { first: 0.6 + 0.2 * random(), ceilings }
}

/** Accuracy of each agent from the first supervisor up. */
export function accuracies(chain: Chain, recovered: number, audited: number): readonly number[] {
  const agents = [chain.first]
  for (const ceiling of chain.ceilings) {
    const teacher = agents.at(-1) as number
    const told = Math.max(teacher, (1 - audited) * teacher + audited * ceiling)
    agents.push(told + recovered * Math.max(0, ceiling - told))
  }
  return agents
}

export type TopRow = {
  readonly recovered: number
  /** Accuracy of the agent at the top at each of SHARES: in the pilot, and on average over drawn chains. */
  readonly pilot: readonly number[]
  readonly drawn: readonly number[]
}

const KINDS = ['every link sound', 'one link at the bar', 'one link 10 points under it'] as const
const RULES = ['ours', 'caught 60 % of 30', 'oracle'] as const
export type HaltRow = {
  readonly chain: (typeof KINDS)[number]
  readonly rule: (typeof RULES)[number]
  readonly runs: number
  readonly reachedTop: number
  /** Runs that went past the bad link; null where there is none. */
  readonly passedBad: number | null
  /** Median of all audits of a chain that reached the top; null where none did. */
  readonly audits: number | null
}

export type SleeperRow = {
  readonly name: string
  readonly runs: number
  /** By each rule: share of runs that found it within 12 and within 200 audited mistakes. */
  readonly found: readonly { readonly rule: string; readonly soon: number; readonly ever: number }[]
}

export function supervisionChain(runs: number) {
  return { top: topRows(runs), halts: haltRows(runs), sleepers: sleeperRows(runs) }
}

function topRows(runs: number): readonly TopRow[] {
  const random = seededRandom(SEED)
  const chains = Array.from({ length: runs }, () => drawChain(random))
  const topOf = (chain: Chain, recovered: number, audited: number) =>
    accuracies(chain, recovered, audited).at(-1) as number
  return RECOVERED.map((recovered) => ({
    recovered,
    pilot: SHARES.map((audited) => topOf(PILOT, recovered, audited)),
    drawn: SHARES.map((audited) => mean(chains.map((chain) => topOf(chain, recovered, audited)))),
  }))
}

function haltRows(runs: number): readonly HaltRow[] {
  return KINDS.flatMap((kind, at) =>
    RULES.map((rule): HaltRow => {
      const ends = Array.from({ length: runs }, (_, run) => climb(kind, rule, SEED + 10_000 * at + run))
      const audits = ends.filter(({ top }) => top).map(({ audits }) => audits)
      return {
        chain: kind,
        rule,
        runs,
        reachedTop: ends.filter(({ top }) => top).length,
        passedBad: kind === 'every link sound' ? null : ends.filter(({ passedBad }) => passedBad).length,
        audits: audits.sort((a, b) => a - b)[Math.floor(audits.length / 2)] ?? null,
      }
    }),
  )
}

/** From the first link up, until one does not hold. All rules meet the same chains. */
function climb(kind: HaltRow['chain'], rule: HaltRow['rule'], seed: number) {
  const random = seededRandom(seed)
  const chain = drawChain(random)
  const agents = accuracies(chain, 0.3 + 0.6 * random(), BAR.auditShareMin)
  const bad = Math.floor(chain.ceilings.length * random())
  let audits = 0
  for (let link = 0; link < chain.ceilings.length; link++) {
    const isBad = kind !== 'every link sound' && link === bad
    const supervisor = agents[link] as number
    const catches = !isBad ? supervisor : kind === 'one link at the bar' ? BAR.catchMin : BAR.catchMin - 0.1
    const mistakes = 1 - (agents[link + 1] as number)
    const read = holds({ catches, mistakes, falseAlarms: 1 - supervisor }, rule, random)
    audits += read.audits
    if (!read.holds) return { top: false, passedBad: kind !== 'every link sound' && link > bad, audits }
  }
  return { top: true, passedBad: kind !== 'every link sound', audits }
}

type LinkWorld = { readonly catches: number; readonly mistakes: number; readonly falseAlarms: number }

/** Audits one answer after another until the rule lets the link hold, or gives up. */
function holds(world: LinkWorld, rule: HaltRow['rule'], random: () => number) {
  if (rule === 'oracle') return { holds: world.catches > BAR.catchMin, audits: 0 }
  const caught: boolean[] = []
  let falseAlarms = 0
  for (let audits = 1; audits <= AUDITS_MAX; audits++) {
    if (random() >= world.mistakes) {
      if (random() < world.falseAlarms) falseAlarms += 1
      continue
    }
    caught.push(random() < world.catches)
    if (rule === 'ours') {
      const tally = tallyOf(caught, audits, falseAlarms)
      const link = { supervisor: 'N', charge: 'N + 1', sameFamily: false, tally }
      if (brokenBy(link, BAR) === null) return { holds: true, audits }
      if (readLink(tally, BAR).asleepAt !== null) return { holds: false, audits }
    } else if (caught.length === NAIVE_MISTAKES)
      return { holds: caught.filter(Boolean).length >= BAR.catchMin * NAIVE_MISTAKES, audits }
  }
  return { holds: false, audits: AUDITS_MAX }
}

function tallyOf(caught: readonly boolean[], audits: number, falseAlarms: number): LinkTally {
  return {
    checked: audits / BAR.auditShareMin,
    audited: audits,
    caught: [...caught],
    sound: audits - caught.length,
    falseAlarms,
    canaries: { shown: 0, caught: 0 },
  }
}

const SOON = 12
const AFTER = 200
const SLEEPERS = [
  { name: 'catches nothing after 30 mistakes', before: 30, catches: 0.9, later: 0 },
  { name: 'catches nothing after 100 mistakes', before: 100, catches: 0.9, later: 0 },
  { name: 'catches a third after 100 mistakes', before: 100, catches: 0.9, later: 1 / 3 },
  { name: 'catches 65 % after 100 mistakes, above the bar (loses)', before: 100, catches: 0.9, later: 0.65 },
  { name: 'goes on catching 90 % (control)', before: 100, catches: 0.9, later: 0.9 },
] as const

function sleeperRows(runs: number): readonly SleeperRow[] {
  return SLEEPERS.map(({ name, before, catches, later }, at) => {
    const random = seededRandom(SEED + 100 + at)
    const records = Array.from({ length: runs }, () =>
      Array.from({ length: before + AFTER }, (_, mistake) => random() < (mistake < before ? catches : later)),
    )
    const share = (rule: string, foundAt: (caught: readonly boolean[]) => number | null) => {
      // One that is called asleep before it is, is found at once and for ever.
      const after = records.map((caught) => (foundAt(caught) ?? Number.POSITIVE_INFINITY) - before)
      const within = (mistakes: number) => after.filter((one) => one <= mistakes).length / runs
      return { rule, soon: within(SOON), ever: within(AFTER) }
    }
    return {
      name,
      runs,
      found: [
        share('ours', (caught) => readLink(tallyOf(caught, caught.length, 0), BAR).asleepAt),
        share('share caught so far under the bar', (caught) => shareUnderBarAt(caught, before)),
        share('oracle', () => (later < BAR.catchMin ? before + 1 : null)),
      ],
    }
  })
}

/** The mistake from which on the share caught of all so far is under the bar; looked at once it is a record. */
function shareUnderBarAt(caught: readonly boolean[], before: number): number | null {
  let hits = 0
  for (const [at, one] of caught.entries()) {
    if (one) hits += 1
    if (at >= before && hits / (at + 1) < BAR.catchMin) return at + 1
  }
  return null
}

export function supervisionChainTable({ top, halts, sleepers }: ReturnType<typeof supervisionChain>): string {
  const of = (row: TopRow) => [...row.pilot, ...row.drawn].map(percent).join(' | ')
  return [
    'Simulated agents and supervisors. Accuracy of the agent at the top, by the share of labels that people give (all: oracle).',
    '',
    `| PGR | ${['pilot', 'drawn'].flatMap((world) => SHARES.map((share) => `${world}, ${share === 1 ? 'all' : percent(share)}`)).join(' | ')} |`,
    `|---|${SHARES.map(() => '---|---|').join('')}`,
    ...top.map((row) => `| ${row.recovered} | ${of(row)} |`),
    '',
    'Does the chain halt? A link must be shown to catch 60 % of the mistakes of its charge; at most 4,000 audits a link.',
    '',
    '| chain | rule | runs | reached the top | went past the bad link | audits of a whole chain, median |',
    '|---|---|---|---|---|---|',
    ...halts.map(
      (row) =>
        `| ${row.chain} | ${row.rule} | ${row.runs} | ${percent(row.reachedTop / row.runs)} | ${row.passedBad === null ? '–' : percent(row.passedBad / row.runs)} | ${row.audits ?? '–'} |`,
    ),
    '',
    `A supervisor that caught 90 % and falls asleep: found within ${SOON}, and within ${AFTER}, audited mistakes.`,
    '',
    `| supervisor | runs | ${sleepers[0]?.found.map(({ rule }) => rule).join(' | ')} |`,
    '|---|---|---|---|---|',
    ...sleepers.map(
      ({ name, runs, found }) =>
        `| ${name} | ${runs} | ${found.map(({ soon, ever }) => `${percent(soon)}, ${percent(ever)}`).join(' | ')} |`,
    ),
  ].join('\n')
}
