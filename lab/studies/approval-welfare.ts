/**
 * Question  What does a vote choose when voters know little, do more voters mend it, and what does knowing more bring? The same
 *           question as a reward model's: approval is the proxy, welfare the gold.
 * World     Eight candidates, each with a welfare w and a charm c that every voter sees alike, both normal and independent. A voter of
 *           information i scores i w + (1 - i) c and noise of 0.5 of its own; the highest mean wins.
 * Oracle    The candidate of the highest welfare. Naive: the one of the highest charm.
 * Measure   The chosen candidate's welfare as a share of the best one's, both over the mean candidate's (0 is a draw by lot).
 * Panel     25 drawn by lot who hear the evidence: their information rises to 0.8; the others do not vote.
 * Campaign  Each year the winner buys charm with a fifth as much welfare, as long as that pays in approval.
 * Loses     Voters who know nearly everything already gain nothing by a panel, and lose a little to its small number.
 * Simulated An analogy that can be run, not evidence about voters.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'

const CANDIDATES = 8
const VOTERS = 1_001
const PANEL = 25
const PANEL_INFORMATION = 0.8
const OWN_NOISE = 0.5
const INFORMATION = [0.05, 0.2, 0.4, 0.6, 0.8, 0.97] as const
const YEARS = 20
const CHARM_A_YEAR = 0.1
const COST_A_YEAR = 0.02
const SEED = 20_261_125

export type WelfareRow = {
  readonly information: number
  /** Shares of the best attainable welfare: of one voter, of all, of ten times as many, of the panel. */
  readonly one: number
  readonly all: number
  readonly tenfold: number
  readonly panel: number
  /** Approval less welfare of the winner, before the first campaign and after the last. */
  readonly gapBefore: number
  readonly gapAfter: number
}

export function approvalWelfare(elections: number): readonly WelfareRow[] {
  return INFORMATION.map((information, at) => {
    const random = seededRandom(SEED + at)
    const sums = { one: 0, all: 0, tenfold: 0, panel: 0, best: 0, before: 0, after: 0 }
    for (let election = 0; election < elections; election++) {
      const candidates = Array.from({ length: CANDIDATES }, () => ({ w: normal(random), c: normal(random) }))
      const average = candidates.reduce((sum, { w }) => sum + w, 0) / CANDIDATES
      const welfareOf = (voters: number, knowing: number) =>
        (candidates[elected(candidates, voters, knowing, random)]?.w ?? average) - average
      sums.best += Math.max(...candidates.map(({ w }) => w)) - average
      sums.one += welfareOf(1, information)
      sums.all += welfareOf(VOTERS, information)
      sums.tenfold += welfareOf(10 * VOTERS, information)
      sums.panel += welfareOf(PANEL, Math.max(information, PANEL_INFORMATION))
      const [before, after] = campaigns(candidates, information)
      sums.before += before
      sums.after += after
    }
    const share = (sum: number) => sum / sums.best
    return {
      information,
      one: share(sums.one),
      all: share(sums.all),
      tenfold: share(sums.tenfold),
      panel: share(sums.panel),
      gapBefore: sums.before / elections,
      gapAfter: sums.after / elections,
    }
  })
}

type Candidate = { readonly w: number; readonly c: number }

const approvalOf = ({ w, c }: Candidate, information: number) => information * w + (1 - information) * c

/** The mean of the voters' own noise is drawn as one number: what they share is what matters. */
function elected(
  candidates: readonly Candidate[],
  voters: number,
  information: number,
  random: () => number,
): number {
  const scores = candidates.map(
    (one) => approvalOf(one, information) + (OWN_NOISE * normal(random)) / Math.sqrt(voters),
  )
  return scores.indexOf(Math.max(...scores))
}

/** Approval less welfare of the winner, before and after years in which the winner buys charm with welfare. */
function campaigns(candidates: readonly Candidate[], information: number): readonly [number, number] {
  const winner = candidates.reduce((best, one) =>
    approvalOf(one, information) > approvalOf(best, information) ? one : best,
  )
  const gapOf = (one: Candidate) => approvalOf(one, information) - one.w
  const pays = (1 - information) * CHARM_A_YEAR > information * COST_A_YEAR
  const years = pays ? YEARS : 0
  const later = { w: winner.w - years * COST_A_YEAR, c: winner.c + years * CHARM_A_YEAR }
  return [gapOf(winner), gapOf(later)]
}

/** Box and Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export function welfareTable(rows: readonly WelfareRow[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  return [
    'Simulated voters. Shares of the best attainable welfare.',
    '',
    `| information | one voter | ${VOTERS} voters | ${10 * VOTERS} voters | ${PANEL} by lot who hear the evidence | approval over welfare, now | after ${YEARS} years of campaigns |`,
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ information, one, all, tenfold, panel, gapBefore, gapAfter }) =>
        `| ${information} | ${percent(one)} | ${percent(all)} | ${percent(tenfold)} | ${percent(panel)} | ${gapBefore.toFixed(2)} | ${gapAfter.toFixed(2)} |`,
    ),
  ].join('\n')
}
