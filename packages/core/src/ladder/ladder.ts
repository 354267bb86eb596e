/** A ladder: the stages a release climbs, fixed before it begins. Data only. */
import { STAKES, type Stakes } from '../episodes/episode.ts'

/** What the candidate may do in a stage. */
export const AUTONOMY = ['shadow', 'suggest', 'act'] as const
export type Autonomy = (typeof AUTONOMY)[number]

/** The region a stage works in. Evidence from one region never loosens another. */
export type Region = {
  /** Longest episode, in steps. */
  readonly horizonSteps: number
  /** Highest stakes class of a call. */
  readonly stakes: Stakes
  /** Tools that may be called; 'all' is every tool the agent has. */
  readonly tools: 'all' | readonly string[]
  /** Largest KL divergence from the baseline, in nats a conversation; null sets none. */
  readonly klNatsMax: number | null
  /**
   * Largest KL divergence from the baseline of what is done (which tool, after which), in nats a choice; left out: none. Another
   * quantity than `klNatsMax`, which it never replaces.
   */
  readonly behaviourNatsMax?: number | undefined
  /**
   * Largest probability, in (0, 1), with which a conversation whose words are the baseline's own is taken from the candidate
   * by the log-ratio stop; left out: no such stop.
   */
  readonly falseStopMax?: number | undefined
}

/** What opens the next stage. Everything but the margin has a default in `planOfGate`. */
export type StageGate = {
  readonly margin: number
  readonly harmMargin: number
  readonly alpha: number
  readonly unitsMin: number
  readonly missingShareMax: number
  readonly severeRateMax: number | null
  readonly betPrior: { readonly gap: number; readonly variance: number; readonly weight: number } | null
}

/** What a stage asks of whoever supervises the candidate. */
export type SupervisionBar = {
  /** Share of the candidate's mistakes that its supervisor must see at least, above 0 and below 1. */
  readonly catchMin: number
  /** Share of what the supervisor answered that independent audits must have labelled at least, in [0, 1]. */
  readonly auditShareMin: number
}

export type Stage = {
  readonly name: string
  readonly autonomy: Autonomy
  /** Share of units the candidate serves, in [0, 1]. 0 in shadow and suggest. */
  readonly exposure: number
  /** Share of the candidate's episodes that are reviewed, in [0, 1]. */
  readonly reviewed: number
  readonly region: Region
  readonly gate: StageGate
  /** What every link of the chain of supervisors must hold before the stage opens; left out: nothing. */
  readonly supervision?: SupervisionBar | undefined
}

export type Ladder = {
  readonly name: string
  readonly stages: readonly Stage[]
  /** Rise in failure rate, since the anchor, that all releases together may spend. */
  readonly marginBudget: number
  /** How many named people must approve a promotion: 1 or 2. */
  readonly approvals: 1 | 2
  /** 'shrink': release k of the agent gets alpha * 6 / (pi^2 k^2). 'count': each gets alpha and the sum is shown. */
  readonly alphaAcrossReleases: 'shrink' | 'count'
}

/** One string per region, for keys and for people. Equal regions have equal keys. */
export function regionKey(region: Region): string {
  const tools = region.tools === 'all' ? 'all tools' : [...region.tools].sort().join('+') || 'no tools'
  const kl = region.klNatsMax === null ? '' : `, KL ${region.klNatsMax} nats`
  const behaviour = region.behaviourNatsMax === undefined ? '' : `, behaviour ${region.behaviourNatsMax} nats`
  const stop = region.falseStopMax === undefined ? '' : `, false stops ${region.falseStopMax}`
  return `up to ${region.horizonSteps} steps, ${region.stakes}, ${tools}${kl}${behaviour}${stop}`
}

/** How `to` differs from `from`: the dimensions that grew and those that shrank. */
export function regionChange(
  from: Region,
  to: Region,
): { readonly wider: readonly string[]; readonly narrower: readonly string[] } {
  const wider: string[] = []
  const narrower: string[] = []
  const compare = (name: string, a: number, b: number) => {
    if (b > a) wider.push(name)
    if (b < a) narrower.push(name)
  }
  compare('horizon', from.horizonSteps, to.horizonSteps)
  compare('stakes', STAKES.indexOf(from.stakes), STAKES.indexOf(to.stakes))
  compare('KL budget', from.klNatsMax ?? Number.MAX_VALUE, to.klNatsMax ?? Number.MAX_VALUE)
  const [before, after] = [from, to].map(({ behaviourNatsMax }) => behaviourNatsMax ?? Number.MAX_VALUE)
  compare('behaviour budget', before as number, after as number)
  // The rarer a false stop, the later a true one.
  compare('log-ratio stop', -(from.falseStopMax ?? 0), -(to.falseStopMax ?? 0))
  const missing = (a: Region['tools'], b: Region['tools']) =>
    a !== 'all' && (b === 'all' || b.some((tool) => !a.includes(tool)))
  if (missing(from.tools, to.tools)) wider.push('tools')
  if (missing(to.tools, from.tools)) narrower.push('tools')
  return { wider, narrower }
}
