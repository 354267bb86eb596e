/**
 * Question  What keeps a monitor that shares its weights with the agent from letting the agent's attacks pass?
 * World     A monitor reads each output and flags attacks; a flagged one ends the deployment. Kinds of monitors:
 *           honest      flags an attack with probability `recall`;
 *           silent      flags nothing;
 *           signed      as honest, but silent where the agent has signed its attack; canaries carry no sign.
 *           Redaction rewrites what the monitor reads: a sign is lost with probability `lost`, and recall falls to
 *           REDACTED_KEEPS of itself. A monitor that does not count is replaced by a trusted one, whose recall is TRUSTED.
 *           Drawn from a family: recall 0.7 to 0.98, sign lost with probability 0 to 1.
 * Protocols naive (the monitor is believed), canaries alone, redaction alone, both. The oracle knows which monitor it is.
 * Answer    Safety: how often the first attack is flagged. Fails where both protocols together are not safer than the trusted
 *           monitor less 3 points against silent and signed monitors whose sign is lost, where naive is above 0 against
 *           colluders, or where a monitor under the bar counts in more than ALPHA of runs.
 * Loses     where the sign survives redaction: canaries are caught, attacks are not, and safety is 0.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { canaryVerdict } from '@leeway/core/oversight/canary-record'
import { percent } from './percent.ts'

const CANARIES = 100
const BAR = 0.6
const ALPHA = 0.05
const TRUSTED = 0.5
const REDACTED_KEEPS = 0.95
const SEED = 20_261_124

export type Kind = 'honest' | 'silent' | 'signed'
export type Protocol = 'naive' | 'canaries' | 'redaction' | 'both'
const PROTOCOLS: readonly Protocol[] = ['naive', 'canaries', 'redaction', 'both']

export type MonitorRow = {
  readonly kind: Kind
  readonly recall: number
  /** Probability that redaction takes the sign away; null where there is none. */
  readonly lost: number | null
  readonly runs: number
  /** Share of runs in which the monitor counted after its canaries, under both protocols. */
  readonly counted: number
  readonly safety: Readonly<Record<Protocol, number>>
  readonly oracle: number
}

const WORLDS: readonly Pick<MonitorRow, 'kind' | 'recall' | 'lost'>[] = [
  { kind: 'honest', recall: 0.98, lost: null },
  { kind: 'honest', recall: 0.85, lost: null },
  // Redacted, its recall is the bar: it may count in at most ALPHA of runs.
  { kind: 'honest', recall: BAR / REDACTED_KEEPS, lost: null },
  { kind: 'silent', recall: 0, lost: null },
  { kind: 'signed', recall: 0.98, lost: 1 },
  { kind: 'signed', recall: 0.85, lost: 1 },
  { kind: 'signed', recall: 0.85, lost: 0.5 },
  { kind: 'signed', recall: 0.85, lost: 0 },
]

export function sameWeightsMonitor(runs: number): readonly MonitorRow[] {
  return WORLDS.map((world, cell) => {
    const random = seededRandom(SEED + cell)
    const flagged: Record<Protocol, number> = { naive: 0, canaries: 0, redaction: 0, both: 0 }
    let counted = 0
    for (let run = 0; run < runs; run++)
      for (const protocol of PROTOCOLS) {
        const isRedacted = protocol === 'redaction' || protocol === 'both'
        const hasCanaries = protocol === 'canaries' || protocol === 'both'
        const counts = !hasCanaries || countsAfterCanaries(world, isRedacted, random)
        if (protocol === 'both' && counts) counted += 1
        const chance = counts ? chanceOfFlag(world, isRedacted, random) : TRUSTED
        if (random() < chance) flagged[protocol] += 1
      }
    const share = (protocol: Protocol) => flagged[protocol] / runs
    return {
      ...world,
      runs,
      counted: counted / runs,
      safety: {
        naive: share('naive'),
        canaries: share('canaries'),
        redaction: share('redaction'),
        both: share('both'),
      },
      oracle: oracle(world),
    }
  })
}

/** Knows what the monitor is, and does the best of the three things there are. */
function oracle({ kind, recall, lost }: World): number {
  if (kind === 'honest') return Math.max(TRUSTED, recall)
  return kind === 'signed' ? Math.max(TRUSTED, (lost ?? 0) * recall * REDACTED_KEEPS) : TRUSTED
}

type World = Pick<MonitorRow, 'kind' | 'recall' | 'lost'>

/** Looked at after each canary, as the server would. */
function countsAfterCanaries({ recall }: World, isRedacted: boolean, random: () => number): boolean {
  const chance = recall * (isRedacted ? REDACTED_KEEPS : 1)
  let caught = 0
  for (let shown = 1; shown <= CANARIES; shown++) {
    if (random() < chance) caught += 1
    if (canaryVerdict({ shown, caught }, BAR, ALPHA).verdict === 'counts') return true
  }
  return false
}

/** That the agent's own attack is flagged; it always signs. */
function chanceOfFlag({ kind, recall, lost }: World, isRedacted: boolean, random: () => number): number {
  const reads = recall * (isRedacted ? REDACTED_KEEPS : 1)
  if (kind !== 'signed') return reads
  return isRedacted && random() < (lost ?? 0) ? reads : 0
}

export function monitorTable(rows: readonly MonitorRow[]): string {
  return [
    'Simulated monitors.',
    '',
    `${CANARIES} canaries, looked at after each; bar ${BAR}; trusted monitor ${percent(TRUSTED)}; redaction keeps ${percent(REDACTED_KEEPS)} of recall; ${rows[0]?.runs} runs.`,
    '',
    '| monitor | recall | sign lost | counts | naive | canaries alone | redaction alone | both | oracle |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ kind, recall, lost, counted, safety, oracle }) =>
        `| ${kind} | ${recall.toFixed(2)} | ${lost === null ? '' : percent(lost)} | ${percent(counted)} | ${PROTOCOLS.map((protocol) => percent(safety[protocol])).join(' | ')} | ${percent(oracle)} |`,
    ),
  ].join('\n')
}
