/**
 * Agents that vouch for one another: the trusted one checks the next, that one the one after it, up to the agent at the top. An
 * answer passes when all of them give it.
 *
 * Estimates   from items with known answers: how often each supervisor does not make its charge's mistake, how many answers
 *             pass, and how many of those are wrong, predicted link by link and as if nobody erred together.
 * Model       link by link: each agent depends on the one below it alone (a Markov chain); errors that agents share further
 *             apart than one link make the truth worse. Counts start at one half, so that no link is perfect by luck.
 *             Where all agents answered the same items, `counted` needs no model and is to be believed: on recorded votes of
 *             model judges link by link is right for two and three agents and half the truth for six.
 * Intervals   links and `counted`: Beta (Jeffreys), two-sided; link by link: bootstrap over items.
 * Stop rule   `blockedAt`: the first link whose lower bound is under the bar, or that too few mistakes have tested; agents
 *             above it are vouched for by nobody.
 * Degenerate  no items, chains of different length, or fewer than two agents: RangeError.
 * Evidence    vouching-chain.test.ts; the study `vouching-chain` on recorded votes
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import type { Interval } from '../numeric/interval-estimate.ts'
import { betaInterval } from '../raters/beta-interval.ts'

/** Answers to one item, from the trusted agent up; -1 is no answer, which nobody agrees with. */
export type ChainItem = { readonly truth: number; readonly answers: readonly number[] }

export type Link = {
  /** Mistakes of the supervised agent, and how many of them its supervisor did not share. */
  readonly mistakes: number
  readonly caught: number
  readonly catchRate: number
  readonly interval: Interval
}

export type ChainForecast = {
  /** How often the agent at the top is wrong where nobody checks it. */
  readonly alone: number
  /** Share of wrong answers among those that pass: as if nobody erred together, and link by link. */
  readonly independent: number
  readonly linkByLink: number
  readonly interval: Interval
  /** The same share counted on the items themselves, whatever errs together: fewer items, no model. */
  readonly counted: { readonly passed: number; readonly wrong: number; readonly interval: Interval }
  /** Link i: agent i supervises agent i + 1. */
  readonly links: readonly Link[]
}

const LEVEL = 0.95
const REPLICATES = 1000
const HALF = 0.5

export function forecastChain(items: readonly ChainItem[], seed: number): ChainForecast {
  const length = items[0]?.answers.length ?? 0
  if (length < 2 || items.some(({ answers }) => answers.length !== length))
    throw new RangeError('a chain needs items, and at least two agents that have answered each of them')
  const ones = new Float64Array(items.length).fill(1)
  const errors: number[] = []
  resampleClusters([...ones], { replicates: REPLICATES, seed }, (drawn) => {
    errors.push(linkByLink(items, drawn, length))
  })
  errors.sort((a, b) => a - b)
  const at = (share: number) => errors[Math.floor(share * errors.length)] as number
  const wrong = Array.from({ length }, (_, agent) => shareWrong(items, agent))
  const allWrong = wrong.reduce((product, rate) => product * rate, 1)
  const allRight = wrong.reduce((product, rate) => product * (1 - rate), 1)
  return {
    alone: wrong.at(-1) as number,
    independent: allWrong / (allWrong + allRight),
    linkByLink: linkByLink(items, ones, length),
    interval: { kind: 'interval', low: at((1 - LEVEL) / 2), high: at((1 + LEVEL) / 2), level: LEVEL },
    counted: counted(items),
    links: Array.from({ length: length - 1 }, (_, supervisor) => linkOf(items, supervisor)),
  }
}

/** What a chain came to where the answers are known: shares of all items, and of those that pass. */
export function chainOutcome(items: readonly ChainItem[]): {
  readonly passed: number
  readonly wrong: number
} {
  const passing = items.filter(
    ({ answers }) => answers[0] !== -1 && answers.every((one) => one === answers[0]),
  )
  return {
    passed: passing.length,
    wrong: passing.filter(({ answers, truth }) => answers[0] !== truth).length,
  }
}

function counted(items: readonly ChainItem[]): ChainForecast['counted'] {
  const outcome = chainOutcome(items)
  const right = outcome.passed - outcome.wrong
  return { ...outcome, interval: betaInterval(outcome.wrong + HALF, right + HALF, LEVEL) }
}

/** Index of the first link that does not hold, or null. */
export function blockedAt(
  links: readonly Link[],
  rule: { readonly catchRateMin: number; readonly mistakesMin: number },
): number | null {
  const at = links.findIndex(
    ({ interval, mistakes }) => interval.low < rule.catchRateMin || mistakes < rule.mistakesMin,
  )
  return at === -1 ? null : at
}

function linkOf(items: readonly ChainItem[], supervisor: number): Link {
  let mistakes = 0
  let caught = 0
  for (const { answers, truth } of items) {
    if (answers[supervisor + 1] === truth) continue
    mistakes += 1
    if (answers[supervisor] !== answers[supervisor + 1] || answers[supervisor] === -1) caught += 1
  }
  return {
    mistakes,
    caught,
    catchRate: (caught + HALF) / (mistakes + 2 * HALF),
    interval: betaInterval(caught + HALF, mistakes - caught + HALF, LEVEL),
  }
}

function shareWrong(items: readonly ChainItem[], agent: number): number {
  const wrong = items.filter(({ answers, truth }) => answers[agent] !== truth).length
  return (wrong + HALF) / (items.length + 2 * HALF)
}

function linkByLink(items: readonly ChainItem[], weights: Float64Array, length: number): number {
  let right = 1
  let wrong = 1
  for (let agent = 0; agent < length; agent++) {
    const of = { right: HALF, rightAll: 2 * HALF, wrong: HALF, wrongAll: 2 * HALF }
    items.forEach(({ answers, truth }, item) => {
      const weight = weights[item] as number
      const below = agent === 0 ? null : (answers[agent - 1] as number)
      const own = answers[agent] as number
      if (below === null) {
        of.rightAll += weight
        of.wrongAll += weight
        if (own === truth) of.right += weight
        else if (own !== -1) of.wrong += weight
      } else if (below === truth) {
        of.rightAll += weight
        if (own === below) of.right += weight
      } else if (below !== -1) {
        of.wrongAll += weight
        if (own === below) of.wrong += weight
      }
    })
    right *= of.right / of.rightAll
    wrong *= of.wrong / of.wrongAll
  }
  return wrong / (right + wrong)
}
