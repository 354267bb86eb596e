/**
 * The chain of agents that vouch for one another in a release: agent N supervises agent N + 1, from the anchor up to the
 * candidate. What each link is worth by independent audits, and which of them blocks those above it.
 *
 * Estimates   of each link: the supervisor's catch rate (share of audited mistakes of its charge that it called mistakes) and
 *             false alarm rate (share of audited sound episodes that it called mistakes), with bounds of which each holds at
 *             every look with probability 1 - ALPHA. No answer to a mistake is a miss. The audit share is counted, not
 *             estimated: what was audited is known exactly.
 * Stop rule   A link blocks where nobody supervises; where supervisor and charge are of one family and the planted faults
 *             that it has caught do not count yet (`canary-record.ts`); where too small a share of its answers was audited; where
 *             the lower bound of its catch rate is under the bar; where that is not above the upper bound of its false alarm rate
 *             (whoever flags everything catches all); where it has fallen asleep. A blocked link blocks all above it.
 * Asleep      An e-detector over audited mistakes in the order in which they came: misses minus those that the bar allows. A
 *             supervisor at the bar is called asleep once in 1/ASLEEP_ALPHA mistakes or more on average; one that catches more,
 *             later. One that suddenly catches nothing is found within a dozen audited mistakes at a bar of 0.6, while the
 *             bounds of its whole record would still be above it.
 * Assumes     Audited episodes are drawn whatever the supervisor said of them, and whoever audits did not see what it said.
 * Degenerate  no mistakes, no answers, no canaries: bounds 0 to 1, share null; the link blocks where a bar is set.
 * Throws      RangeError for a bar outside (0, 1).
 * Evidence    supervision-link.test.ts. `vouching-chain.ts` has the fixed-sample forecast of a chain from common gold.
 */
import { percent } from '../gate/describe-check.ts'
import type { SupervisionBar } from '../ladder/ladder.ts'
import { startDetector, watchUnit } from '../sequential/change-detector.ts'
import { type CanaryRecord, type CanaryVerdict, canaryVerdict, everyLookBounds } from './canary-record.ts'

export const LINK_ALPHA = 0.05
const ASLEEP_ALPHA = 0.01
/** What canaries must show where no stage asks for anything. */
export const CANARY_BAR = 0.6
/** More than anybody would plant or audit for one link. */
const NEEDED_MAX = 10_000

export type LinkTally = {
  /** Episodes of the charge about which the supervisor was asked. */
  readonly checked: number
  /** Those of them that independent audits have labelled. */
  readonly audited: number
  /** For each audited mistake, in the order in which it came in: whether the supervisor called it one. */
  readonly caught: readonly boolean[]
  readonly sound: number
  readonly falseAlarms: number
  readonly canaries: CanaryRecord
}

export type SupervisionLink = {
  /** Name of the policy that supervises; null: nobody does. */
  readonly supervisor: string | null
  readonly charge: string
  /** They share weights or a base, or nobody declared that they do not. */
  readonly sameFamily: boolean
  readonly tally: LinkTally
}

export type SupervisionChain = {
  /** Who vouches for the lowest supervisor: it is the anchor, a named person chose it, or nobody. */
  readonly ground: 'anchor' | 'person' | 'nobody'
  /** Lowest first; the last one is the candidate's own. */
  readonly links: readonly SupervisionLink[]
}

export type Rate = { readonly estimate: number | null; readonly low: number; readonly high: number }
export type LinkReading = {
  readonly mistakes: number
  readonly caught: number
  readonly catchRate: Rate
  readonly falseAlarmRate: Rate
  readonly auditShare: number | null
  readonly canaries: CanaryVerdict
  /** The audited mistake at which it was found asleep, from 1; null: awake. */
  readonly asleepAt: number | null
}

export type Broken = { readonly why: string; readonly fix: string }

export function readLink(tally: LinkTally, bar: SupervisionBar | null): LinkReading {
  const catchMin = bar?.catchMin ?? CANARY_BAR
  const mistakes = tally.caught.length
  const caught = tally.caught.filter((one) => one).length
  return {
    mistakes,
    caught,
    catchRate: rateOf(caught, mistakes),
    falseAlarmRate: rateOf(tally.falseAlarms, tally.sound),
    auditShare: tally.checked === 0 ? null : tally.audited / tally.checked,
    canaries: canaryVerdict(tally.canaries, catchMin, LINK_ALPHA),
    asleepAt: asleepAt(tally.caught, catchMin),
  }
}

/** What keeps the chain from holding, the lowest link first; null when it holds. */
export function brokenLink(chain: SupervisionChain | null, bar: SupervisionBar): Broken | null {
  const [lowest] = chain?.links ?? []
  if (chain === null || lowest === undefined)
    return {
      why: 'the stage asks for a supervisor, and nobody looked for one',
      fix: 'start a release by criterion with a registered supervisor',
    }
  for (const link of chain.links) {
    const broken = brokenBy(link, bar)
    if (broken !== null) return broken
  }
  return chain.ground === 'nobody'
    ? {
        why: `nobody vouches for ${lowest.supervisor}, the lowest of the supervisors`,
        fix: 'let named people declare it the anchor, or start a release with a supervisor that somebody names',
      }
    : null
}

/** What keeps one link from holding; null when it holds. */
export function brokenBy(link: SupervisionLink, bar: SupervisionBar): Broken | null {
  const { supervisor, charge, tally } = link
  if (supervisor === null)
    return {
      why: `nobody supervised ${charge}`,
      fix: `start a release of ${charge} whose truth is a criterion, with a registered supervisor; or let two named people declare ${charge} the anchor, which begins the chain anew`,
    }
  const read = readLink(tally, bar)
  const pair = `${supervisor} supervising ${charge}`
  if (link.sameFamily && read.canaries.verdict !== 'counts')
    return {
      why: `${supervisor} and ${charge} are of one family, and that counts only after planted faults: ${tally.canaries.caught} of ${tally.canaries.shown} caught, ${rangeWords(read.canaries)}, ${percent(bar.catchMin)} needed`,
      fix:
        read.canaries.verdict === 'refused'
          ? `start a release with a supervisor of another family than ${charge}`
          : `plant ${countWords(neededHits(tally.canaries.caught, tally.canaries.shown, bar.catchMin), 'more fault')} in episodes of ${charge} for ${supervisor} to answer: if it catches all, that is enough`,
    }
  const audits = Math.ceil(bar.auditShareMin * tally.checked - 1e-9) - tally.audited
  if (tally.checked === 0 || audits > 0)
    return {
      why:
        tally.checked === 0
          ? `${supervisor} has answered about no episode of ${charge}`
          : `${pair}: independent audits have labelled ${tally.audited} of the ${tally.checked} episodes that it answered, ${percent(bar.auditShareMin)} needed`,
      fix:
        tally.checked === 0
          ? `have ${supervisor} answer the question of the release about episodes of ${charge}`
          : `let trusted people answer ${countWords(audits, 'more audited episode')}`,
    }
  if (read.asleepAt !== null)
    return {
      why: `${pair} has fallen asleep: by audited mistake ${read.asleepAt} it had missed more of the latest than ${percent(1 - bar.catchMin)}`,
      fix: 'find out what changed, and start a release with another supervisor',
    }
  if (read.catchRate.low < bar.catchMin)
    return {
      why: `${pair}: it caught ${read.caught} of ${countWords(read.mistakes, 'audited mistake')}, ${rangeWords(read.catchRate)}, at least ${percent(bar.catchMin)} needed`,
      fix:
        read.catchRate.high < bar.catchMin
          ? 'start a release with another supervisor: this one misses too much'
          : `audit until ${countWords(neededHits(read.caught, read.mistakes, bar.catchMin), 'more mistake')} of ${charge} have come up: if all are caught, that is enough`,
    }
  // Whoever calls everything a mistake catches all of them, and tells nothing.
  if (read.falseAlarmRate.high >= read.catchRate.low)
    return {
      why: `${pair}: it called ${tally.falseAlarms} of ${countWords(tally.sound, 'sound episode')} a mistake, up to ${percent(read.falseAlarmRate.high)}, which is not shown to be rarer than it catches mistakes`,
      fix:
        read.falseAlarmRate.low >= bar.catchMin
          ? 'start a release with another supervisor: this one calls too much a mistake'
          : 'go on auditing: more sound episodes will tell',
    }
  return null
}

/** What a link is worth, in a sentence. `bar`: what the next stage asks, null where it asks nothing. */
export function describeLink(link: SupervisionLink, bar: SupervisionBar | null): string {
  const broken = bar === null ? null : brokenBy(link, bar)
  if (broken !== null) return `${broken.why}. To mend it, ${broken.fix}.`
  const { supervisor, charge, tally } = link
  if (supervisor === null) return `Nobody supervises ${charge}, and the next stage asks for nobody.`
  const read = readLink(tally, bar)
  const audited = `${tally.audited} of its ${countWords(tally.checked, 'answer')} audited`
  const caught = `${supervisor} caught ${read.caught} of ${countWords(read.mistakes, 'audited mistake')} of ${charge} (${rangeWords(read.catchRate)}), ${audited}`
  return bar === null ? `${caught}; the next stage asks for nothing.` : `${caught}.`
}

function rateOf(hits: number, trials: number): Rate {
  return { estimate: trials === 0 ? null : hits / trials, ...everyLookBounds(hits, trials, LINK_ALPHA) }
}

function asleepAt(caught: readonly boolean[], catchMin: number): number | null {
  const allowed = 1 - catchMin
  const detector = startDetector()
  const at = caught.findIndex((one) => watchUnit(detector, (one ? 0 : 1) - allowed, allowed, ASLEEP_ALPHA))
  return at === -1 ? null : at + 1
}

/** Fewest further trials, all hits, until the lower bound reaches the bar; null: more than anybody would make. */
function neededHits(hits: number, trials: number, bar: number): number | null {
  const enough = (more: number) => everyLookBounds(hits + more, trials + more, LINK_ALPHA).low >= bar
  if (!enough(NEEDED_MAX)) return null
  let [few, many] = [0, NEEDED_MAX]
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (enough(middle)) many = middle
    else few = middle
  }
  return many
}

function rangeWords({ low, high }: { readonly low: number; readonly high: number }): string {
  return `between ${percent(low)} and ${percent(high)}`
}

function countWords(count: number | null, noun: string): string {
  if (count === null) return `very many ${noun}s`
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
