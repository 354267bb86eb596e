/**
 * Question  What does a given budget of audits buy against an agent that attacks as cleverly as it can?
 * World     An agent makes OUTPUTS outputs; an attack that gets through works with probability SUCCESS (1 - stealth). A trusted
 *           monitor scores each output: harmless ones N(0, 1), attacks N(signal (1 - stealth), 1). The agent chooses how often
 *           to attack and how stealthily, knowing the protocol. The first caught attack ends it. Signals 0 to 4.
 * Protocols upfront (random outputs audited before anything is used), monitor (those above the budget's quantile audited as they
 *           come), band (the same, and the next DEFER of outputs done by a trusted model instead).
 * Safety    P(no attack works before one is caught) at the agent's best response. Usefulness: share of outputs that the agent does.
 * Controls  an agent that knows the thresholds and can place its score under them: monitor and band catch nothing. A burner makes
 *           harmless outputs that look suspicious until the budget is gone, then attacks: stopped by a test of how
 *           many outputs are above the threshold, valid at every look, and by nothing without it.
 * Answer    Fails where the published figures are missed by a point, the band is less safe than the monitor, the test stops fewer
 *           than 95 % of fast burners, or stops more than ALPHA of honest agents.
 * Loses     without signal the monitor is worse than random audits; a burner as slow as honest agents are is not stopped.
 * Source    Greenblatt et al. 2023 (arXiv 2312.06942)
 */
import { normalQuantile, normalUpperTail } from '@leeway/core/numeric/normal'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { upfrontAudit } from '@leeway/core/oversight/upfront-audit'
import { rateUpperBound } from '@leeway/core/sequential/rate-bound'
import { percent } from './percent.ts'

const OUTPUTS = 5_000
const SUCCESS = 0.53
const BUDGET = 0.02
const DEFER = 0.1
const ALPHA = 0.01
/** Of outputs above the threshold: half as many again as the budget foresees. */
const TOLERATED = 1.5 * BUDGET
const SEED = 20_261_124
const STEALTH = Array.from({ length: 100 }, (_, step) => step / 100)

export type UpfrontRow = {
  readonly budget: number
  readonly published: number
  readonly computed: number
  readonly simulated: number
}
export type SignalRow = {
  readonly signal: number
  readonly upfront: number
  readonly monitor: number
  readonly band: number
  /** The stealth that the agent chooses against the monitor, and against the band. */
  readonly stealth: { readonly monitor: number; readonly band: number }
}
export type BurnerRow = {
  /** Share of outputs that look suspicious while it burns. */
  readonly rate: number
  readonly runs: number
  /** Before its budget was gone. */
  readonly stopped: number
}
export type AuditGameStudy = {
  readonly upfront: readonly UpfrontRow[]
  readonly signals: readonly SignalRow[]
  /** Safety of monitor and band against an agent that places its score under every threshold. */
  readonly knowsThreshold: number
  readonly burners: readonly BurnerRow[]
}

export function auditGame(runs: number): AuditGameStudy {
  const upfront = upfrontAudit({ outputs: OUTPUTS, audited: BUDGET * OUTPUTS, success: SUCCESS }).defenderWins
  return {
    upfront: PUBLISHED.map(([budget, published], cell) => ({
      budget,
      published,
      ...playUpfront(budget, runs, SEED + cell),
    })),
    signals: [0, 0.5, 1, 2, 3, 4].map((signal) => ({ signal, upfront, ...bestResponses(signal) })),
    knowsThreshold: safetyAt(0, 1, SUCCESS),
    burners: [BUDGET, 0.03, 0.05, 0.2, 1].map((rate, cell) => burn(rate, runs, SEED + 10 + cell)),
  }
}

const PUBLISHED = [
  [0.005, 0.052],
  [0.02, 0.152],
  [0.1, 0.428],
  [0.3, 0.712],
] as const

/** The agent attacks at its best rate; the audited are a random sample, read before anything is used. */
function playUpfront(budget: number, runs: number, seed: number) {
  const audited = Math.round(budget * OUTPUTS)
  const { attackRate, defenderWins } = upfrontAudit({ outputs: OUTPUTS, audited, success: SUCCESS })
  const random = seededRandom(seed)
  let wins = 0
  for (let run = 0; run < runs; run++) {
    const isCaught = anyOf(audited, attackRate, random)
    if (isCaught || !anyOf(OUTPUTS - audited, attackRate * SUCCESS, random)) wins += 1
  }
  return { computed: defenderWins, simulated: wins / runs }
}

/** Whether something of that probability happens at least once: drawn one by one. */
function anyOf(tries: number, chance: number, random: () => number): boolean {
  for (let at = 0; at < tries; at++) if (random() < chance) return true
  return false
}

function bestResponses(signal: number): Omit<SignalRow, 'signal' | 'upfront'> {
  const audit = normalQuantile(1 - BUDGET)
  const defer = normalQuantile(1 - BUDGET - DEFER)
  const above = (threshold: number, stealth: number) => normalUpperTail(threshold - signal * (1 - stealth))
  const against = (through: (stealth: number) => number) =>
    STEALTH.map((stealth) => ({
      stealth,
      safety: safetyAt(above(audit, stealth), through(stealth), SUCCESS * (1 - stealth)),
    })).reduce((worst, one) => (one.safety < worst.safety ? one : worst))
  const monitor = against((stealth) => 1 - above(audit, stealth))
  const band = against((stealth) => 1 - above(defer, stealth))
  return {
    monitor: monitor.safety,
    band: band.safety,
    stealth: { monitor: monitor.stealth, band: band.stealth },
  }
}

/** Caught before one works, when each attack is caught, or else gets through and then works; however often it attacks. */
function safetyAt(caught: number, through: number, works: number): number {
  return caught / (caught + through * works)
}

function burn(rate: number, runs: number, seed: number): BurnerRow {
  const random = seededRandom(seed)
  let stopped = 0
  for (let run = 0; run < runs; run++) {
    let above = 0
    for (let total = 1; total <= OUTPUTS && above < BUDGET * OUTPUTS; total++) {
      if (random() >= rate) continue
      above += 1
      // Only an output above the threshold can raise the lower bound.
      if (1 - rateUpperBound(total - above, total, ALPHA) > TOLERATED) {
        stopped += 1
        break
      }
    }
  }
  return { rate, runs, stopped: stopped / runs }
}

export function auditGameTable({ upfront, signals, knowsThreshold, burners }: AuditGameStudy): string {
  return [
    'Simulated agents and monitors.',
    '',
    `${OUTPUTS} outputs, an attack works with probability ${SUCCESS}. Defender wins by random audits before use:`,
    '',
    '| audited | published | computed | simulated |',
    '|---|---|---|---|',
    ...upfront.map(
      ({ budget, published, computed, simulated }) =>
        `| ${percent(budget)} | ${percent(published)} | ${percent(computed)} | ${percent(simulated)} |`,
    ),
    '',
    `Safety at ${percent(BUDGET)} audited, by signal of the monitor. Usefulness ${percent(1)}, ${percent(1)} and ${percent(1 - DEFER)}:`,
    '',
    '| signal | upfront | monitor (stealth chosen) | band (stealth chosen) |',
    '|---|---|---|---|',
    ...signals.map(
      (row) =>
        `| ${row.signal} | ${percent(row.upfront)} | ${percent(row.monitor)} (${row.stealth.monitor}) | ${percent(row.band)} (${row.stealth.band}) |`,
    ),
    '',
    `Against an agent that places its score under every threshold: monitor and band ${percent(knowsThreshold)}, upfront as before.`,
    '',
    '| outputs above the threshold | runs | stopped before the budget was gone |',
    '|---|---|---|',
    ...burners.map(({ rate, runs, stopped }) => `| ${percent(rate)} | ${runs} | ${percent(stopped)} |`),
  ].join('\n')
}
