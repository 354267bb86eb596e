/**
 * What the gate of a stage reads: selections in sequence order, each with its frozen labels.
 *
 * One e-process a stage, region and pair of policies: selections of earlier releases of the same pair come first, and
 * a unit they read already is not read again, so that a retry cannot start the evidence anew.
 */
import { createHash } from 'node:crypto'
import type { BehaviouralStanding } from '@leeway/core/divergence/behavioural-budget'
import type { KlStanding } from '@leeway/core/divergence/kl-budget'
import type { GoldCounts } from '@leeway/core/gate/label-error-plan'
import { scoreProbabilities } from '@leeway/core/gate/pair-audits'
import type { ArmLabel, PairedUnit } from '@leeway/core/gate/unit'
import { regionKey, type Stage } from '@leeway/core/ladder/ladder'
import { isPairedUnit } from '@leeway/core/ladder/paired-answers'
import type { Executor, Transaction } from '../db/connect.ts'
import { outcomesOfUnits } from '../episodes/views.ts'
import { outcomesByCriterion } from './criterion-labels.ts'
import { outcomesAsProposed, type ProposedOutcome } from './proposed-calls.ts'
import {
  armLabel,
  insertLabels,
  type LabelRow,
  labelsOf,
  type ReleaseRow,
  releasesOfAgent,
  type SelectionRow,
  selectionsOf,
} from './release-store.ts'
import { readSecondLooks, type SecondLooks } from './second-looks.ts'
import { sameTruth, truthOf } from './truth.ts'

export type GateRows = {
  readonly units: readonly PairedUnit[]
  readonly severe: { readonly seen: number; readonly audited: number }
  /** Last sequence of this release that was read; 0 when none. */
  readonly uptoSequence: number
  /** SHA-256 of all rows read, in order. */
  readonly rowsSha256: string
}

type LabelKey = `${number}:${'candidate' | 'baseline'}`

/** Freezes labels that have come in or are overdue, for every selection of the release that still lacks them. */
export async function freezeLabels(
  tx: Transaction,
  release: ReleaseRow,
  now: Date,
  stage: string,
): Promise<number> {
  const selected = (await selectionsOf(tx, release.projectId, release.id, stage)).filter((row) => row.audited)
  const known = labelMap(await labelsOf(tx, release.projectId, release.id))
  const open = selected.flatMap((row) =>
    armsOf(row)
      .filter((arm) => !known.has(`${row.sequence}:${arm}`))
      .map((arm) => ({ row, arm })),
  )
  if (open.length === 0) return 0
  const outcomes = {
    candidate: await outcomesOfPolicy(
      tx,
      release,
      release.candidatePolicyId,
      open.filter(({ arm }) => arm === 'candidate').map(({ row }) => row.unitKey),
    ),
    baseline: await outcomesOfPolicy(
      tx,
      release,
      release.baselinePolicyId,
      open.filter(({ arm }) => arm === 'baseline').map(({ row }) => row.unitKey),
    ),
  }
  const frozen = open.flatMap(({ row, arm }) => {
    const outcome = outcomes[arm].get(row.unitKey)
    const overdue = row.labelDueAt !== null && row.labelDueAt <= now
    const isKnown =
      outcome !== undefined &&
      outcome.episodes > 0 &&
      (outcome.failure !== null || outcome.basis === 'untold')
    if (!overdue && !isKnown) return []
    return [
      {
        projectId: release.projectId,
        releaseId: release.id,
        sequence: row.sequence,
        arm,
        failure: outcome?.failure ?? null,
        severe: outcome?.severe ?? 0,
        episodes: outcome?.episodes ?? 0,
        basis: outcome?.basis ?? 'own',
        labelledAt: now,
      },
    ]
  })
  await insertLabels(tx, frozen)
  return frozen.length
}

/**
 * Only units of the stage's own region are read. `gold` and `kl` are part of what a check rests on, and so of its hash.
 * `uptoSequence` limits this release's rows, to recompute an earlier check.
 */
export async function readGateRows(
  executor: Executor,
  release: ReleaseRow,
  stage: Pick<Stage, 'name' | 'region'>,
  {
    gold,
    pairedAnswers = false,
    kl = null,
    behaviour = null,
    uptoSequence = Number.MAX_SAFE_INTEGER,
  }: {
    readonly gold: GoldCounts | null
    /** Whether answers that were given beside each other are evidence here; `readsPairedAnswers` of core says so. */
    readonly pairedAnswers?: boolean
    readonly kl?: KlStanding | null
    readonly behaviour?: BehaviouralStanding | null
    readonly uptoSequence?: number
  },
): Promise<GateRows> {
  const pair = (await releasesOfAgent(executor, release.projectId, release.agentId))
    .filter(
      (other) =>
        other.candidatePolicyId === release.candidatePolicyId &&
        other.baselinePolicyId === release.baselinePolicyId &&
        sameTruth(truthOf(other), truthOf(release)) &&
        other.ordinal <= release.ordinal,
    )
    .sort((a, b) => a.ordinal - b.ordinal)
  const region = regionKey(stage.region)
  const units: PairedUnit[] = []
  const seen = new Set<string>()
  const hash = createHash('sha256')
  if (gold !== null) hash.update(JSON.stringify([gold.faults, gold.found, gold.sound, gold.passed]))
  if (kl !== null)
    hash.update(JSON.stringify([kl.natsMax, kl.scored, kl.notScored, kl.mean, kl.low, kl.high]))
  if (behaviour !== null)
    hash.update(
      JSON.stringify([
        behaviour.natsMax,
        behaviour.look,
        behaviour.candidate,
        behaviour.baseline,
        behaviour.low,
        behaviour.high,
      ]),
    )
  let severe = 0
  let audited = 0
  let last = 0
  for (const member of pair) {
    const labels = labelMap(await labelsOf(executor, member.projectId, member.id))
    const looks = hasSecondLooks(member) ? await readSecondLooks(executor, member) : null
    const selected = await selectionsOf(executor, member.projectId, member.id, stage.name)
    const range = auditRange(member, selected)
    const rows = selected.filter(
      (row) =>
        row.region === region &&
        (member.id !== release.id || row.sequence <= uptoSequence) &&
        !seen.has(row.unitKey) &&
        (pairedAnswers || !isPairedUnit(row.unitKey)),
    )
    for (const group of groupRows(rows)) {
      const read = readGroup(group, { labels, looks }, range)
      if (read === 'wait') break
      for (const row of group) seen.add(row.unitKey)
      if (member.id === release.id) last = Math.max(last, ...group.map((row) => row.sequence))
      if (read === null) continue
      units.push(read.unit)
      audited += read.audited
      severe += read.severe
      hash.update(JSON.stringify([member.id, read.unit, read.severe]))
    }
  }
  return { units, severe: { seen: severe, audited }, uptoSequence: last, rowsSha256: hash.digest('hex') }
}

/** A pair is one row; a block of the unpaired design is several. In sequence order. */
function groupRows(rows: readonly SelectionRow[]): readonly (readonly SelectionRow[])[] {
  const groups: SelectionRow[][] = []
  for (const row of rows) {
    const open = groups.at(-1)
    if (row.block !== null && open?.[0]?.block === row.block) open.push(row)
    else groups.push([row])
  }
  return groups
}

function readGroup(
  group: readonly SelectionRow[],
  { labels, looks }: { readonly labels: ReadonlyMap<LabelKey, LabelRow>; readonly looks: SecondLooks | null },
  range: AuditRange,
): 'wait' | null | { readonly unit: PairedUnit; readonly audited: number; readonly severe: number } {
  const first = group[0]
  if (!first) return null
  const paired = first.arm === 'paired'
  const forCandidate = paired ? first : group.find((row) => row.arm === 'candidate')
  const forBaseline = paired ? first : group.find((row) => row.arm === 'baseline')
  // A block still filling up has not drawn into the gate yet.
  if (!forCandidate || !forBaseline) return 'wait'
  if (forCandidate.awaitsAuditDraw || forBaseline.awaitsAuditDraw) return 'wait'
  const candidate = labels.get(`${forCandidate.sequence}:candidate`)
  const baseline = labels.get(`${forBaseline.sequence}:baseline`)
  if ((forCandidate.audited && !candidate) || (forBaseline.audited && !baseline)) return 'wait'
  const candidateLabel = lookedAgain(
    looks,
    forCandidate,
    armLabel(forCandidate, candidate, 'candidate'),
    'candidate',
  )
  const baselineLabel = lookedAgain(
    looks,
    forBaseline,
    armLabel(forBaseline, baseline, 'baseline'),
    'baseline',
  )
  if (candidateLabel === 'wait' || baselineLabel === 'wait') return 'wait'
  return {
    unit: {
      design: 'paired',
      unit: paired ? first.unitKey : `${forCandidate.unitKey} / ${forBaseline.unitKey}`,
      candidate: candidateLabel,
      baseline: baselineLabel,
      ...range,
      ...(paired && first.identical ? { identical: true } : {}),
    },
    audited: candidate && candidate.episodes > 0 ? 1 : 0,
    severe: candidate && candidate.severe > 0 ? 1 : 0,
  }
}

/** With the expert's second look, where the release has them. */
function lookedAgain(
  looks: SecondLooks | null,
  { sequence }: SelectionRow,
  label: ArmLabel,
  arm: 'candidate' | 'baseline',
): ArmLabel | 'wait' {
  if (looks === null || label.kind !== 'observed') return label
  const reaudit = looks({ sequence, arm })
  return reaudit === null ? 'wait' : { ...label, reaudit }
}

function hasSecondLooks(release: ReleaseRow): boolean {
  const truth = truthOf(release)
  return truth.kind === 'criterion' && truth.secondLookShare !== undefined
}

type AuditRange = Pick<PairedUnit, 'probabilityMin' | 'probabilities'>

/**
 * With which probabilities units could have been audited: the same for each, as the stake is set before its score is known, or
 * whether its pair did the same. Of recorded episodes all were drawn at the start: `selected` holds them all, read or not, and
 * is what was fixed then.
 */
function auditRange(release: ReleaseRow, selected: readonly SelectionRow[]): AuditRange {
  const truth = truthOf(release)
  if (truth.kind !== 'criterion' || release.unitSource !== 'finite') return {}
  if (truth.auditsBy !== 'allocation') return { probabilityMin: truth.auditShare }
  const drawn = selected.filter((row) => !row.identical)
  const probabilities = drawn.map((row) => row.auditProbability)
  return {
    probabilityMin: probabilities.reduce((least, one) => Math.min(least, one), truth.auditShare),
    probabilities: scoreProbabilities(
      drawn.map((row) => ({
        candidate: row.predictedCandidateFailure,
        baseline: row.predictedBaselineFailure,
      })),
      probabilities,
    ),
  }
}

function armsOf(row: SelectionRow): readonly ('candidate' | 'baseline')[] {
  if (row.arm === 'paired') return ['candidate', 'baseline']
  return row.arm === 'candidate' || row.arm === 'baseline' ? [row.arm] : []
}

function labelMap(rows: readonly LabelRow[]): ReadonlyMap<LabelKey, LabelRow> {
  return new Map(rows.map((row) => [`${row.sequence}:${row.arm as 'candidate' | 'baseline'}`, row]))
}

/** What came of units under a policy, by the truth of the release. */
export async function outcomesOfPolicy(
  executor: Executor,
  release: ReleaseRow,
  policyId: string,
  units: readonly string[],
): Promise<ReadonlyMap<string, ProposedOutcome>> {
  const { projectId } = release
  const truth = truthOf(release)
  const outcomes =
    truth.kind === 'outcome'
      ? await outcomesOfUnits(executor, projectId, policyId, units)
      : await outcomesByCriterion(executor, projectId, policyId, units, truth)
  return outcomesAsProposed(executor, projectId, policyId, units, outcomes)
}
