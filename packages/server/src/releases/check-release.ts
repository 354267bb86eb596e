/** Checks a release: freeze labels that came in, evaluate the gate (one core call), record what follows. */
import type { CheckView } from '@leeway/contract/checks'
import type { BehaviouralStanding } from '@leeway/core/divergence/behavioural-budget'
import type { KlStanding } from '@leeway/core/divergence/kl-budget'
import { checkGate } from '@leeway/core/gate/check'
import { ALPHA_SHARE, type GoldCounts, type LabelErrorPlan } from '@leeway/core/gate/label-error-plan'
import { planOfGate } from '@leeway/core/ladder/gate-plan'
import type { Ladder, Stage } from '@leeway/core/ladder/ladder'
import { readsPairedAnswers } from '@leeway/core/ladder/paired-answers'
import { alphaOfRelease, nextState, type ReleaseState } from '@leeway/core/ladder/release-state'
import type { Executor, Transaction } from '../db/connect.ts'
import { type Enforceable, measureMove } from '../gateway/reach.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { refuseSameHand } from '../http/named-approver.ts'
import { askSupervisor } from '../supervision/ask-supervisor.ts'
import { linkRecord } from '../supervision/chain.ts'
import { freezeLink } from '../supervision/freeze-link.ts'
import { behaviouralEvidence, behaviourStanding } from './behavioural-evidence.ts'
import { checkView } from './check-view.ts'
import { measureGold } from './criterion-labels.ts'
import { blockSize } from './draw.ts'
import { drawAudits } from './draw-audits.ts'
import { freezeLabels, type GateRows, readGateRows } from './gate-units.ts'
import { klEvidence } from './kl-evidence.ts'
import { openAudits } from './open-audits.ts'
import { recordDecisions } from './record-decisions.ts'
import { limitsOf, standing } from './release-limits.ts'
import {
  checksById,
  decisionsOf,
  ladderById,
  lockRelease,
  newestCheck,
  policyById,
  type ReleaseRow,
} from './release-store.ts'
import { lookAgain } from './second-looks.ts'
import { checks } from './tables.ts'
import { truthOf } from './truth.ts'

/** Who acts when the gate does. */
export const GATE_ACTOR = 'gate'

/** Evaluates the present stage; records a check only when the evidence is new. Does nothing once the release has ended. */
export async function checkRelease(effects: Effects, release: ReleaseRow): Promise<CheckView | null> {
  let moved: Enforceable | null = null
  const checked = await effects.db.transaction(async (tx) => {
    await lockRelease(tx, release.id)
    const { ladder, state } = await standing(tx, release)
    if (state.kind === 'rolled-back' || state.kind === 'completed') return null
    const stage = ladder.stages[state.stage]
    if (!stage) throw new Error('a release stands on a stage its ladder lacks')
    await drawAudits(tx, release, effects.now(), stage.name)
    await freezeLabels(tx, release, effects.now(), stage.name)
    const truth = truthOf(release)
    if (truth.kind === 'criterion') {
      await freezeLink(tx, effects.now(), release, truth)
      await askSupervisor(tx, effects, release, truth)
    }
    await lookAgain(tx, effects, release, stage.name)
    await openAudits(tx, effects, release, stage.name)
    const last = await newestCheck(tx, release)
    const gold = await goldOf(tx, release)
    const kl = await klEvidence(tx, release, stage, alphaOf(release, stage, ladder))
    const behaviour = await behaviourStanding(tx, release, stage, alphaOf(release, stage, ladder))
    const rows = await readGateRows(tx, release, stage, {
      gold,
      kl,
      behaviour,
      pairedAnswers: readsPairedAnswers(ladder, stage.name),
    })
    if (last !== undefined && last.rowsSha256 === rows.rowsSha256 && last.stage === stage.name) {
      const view = last.result as CheckView
      // Nothing new was seen, but what kept the stage shut (no anchor, a spent budget) may have changed.
      if (view.verdict === 'promote')
        moved = await follow(tx, effects, release, ladder, state, view, rows.rowsSha256)
      return view
    }
    // Who is past a budget is so whatever came of its work.
    if (rows.units.length === 0 && kl?.standing !== 'over' && behaviour?.standing !== 'over') return null

    // What it does stands in for what it says, and decides nothing.
    const shown =
      kl?.standing === 'insufficient' && behaviour === null
        ? await behaviouralEvidence(tx, release, stage, stage.gate.alpha)
        : undefined
    const view = await evaluate(
      tx,
      release,
      ladder,
      stage,
      { rows, gold, kl, behaviour, shown },
      {
        id: effects.newId(),
        ordinal: (last?.ordinal ?? 0) + 1,
        at: effects.now(),
      },
    )
    await tx.insert(checks).values({
      projectId: release.projectId,
      id: view.id,
      releaseId: release.id,
      ordinal: view.ordinal,
      stage: stage.name,
      uptoSequence: rows.uptoSequence,
      rowsSha256: rows.rowsSha256,
      result: view,
      at: effects.now(),
    })
    moved = await follow(tx, effects, release, ladder, state, view, rows.rowsSha256)
    return view
  })
  await measureMove(effects, release.projectId, moved)
  return checked
}

/** Records what the state machine makes of a check; nothing when it stays where it is. Answers what gateways have to follow. */
async function follow(
  tx: Transaction,
  effects: Effects,
  release: ReleaseRow,
  ladder: Ladder,
  state: ReleaseState,
  view: CheckView,
  rowsSha256: string,
): Promise<Enforceable | null> {
  const limits = await limitsOf(tx, release, ladder, view)
  const check = { verdict: view.verdict, reason: view.reason }
  const next = nextState(state, { kind: 'checked', checkId: view.id, check }, ladder, limits)
  if (next.kind !== 'moved') return null
  return recordDecisions(tx, effects, release, next.decisions, {
    actor: GATE_ACTOR,
    reason: view.words.verdict,
    checkId: view.id,
    evidence: { ...evidenceOf(view, rowsSha256), link: await linkRecord(tx, release) },
  })
}

/** Approves the proposal that rests on `checkId`. Two approvals need two actors. */
export async function approveRelease(
  effects: Effects,
  release: ReleaseRow,
  input: { readonly checkId: string; readonly actor: string; readonly reason: string },
): Promise<void> {
  const moved = await effects.db.transaction(async (tx) => {
    await lockRelease(tx, release.id)
    const { ladder, state } = await standing(tx, release)
    const [check] = await checksById(tx, release, [input.checkId])
    const view = check ? (check.result as CheckView) : null
    if (state.kind === 'proposed')
      refuseSameHand(
        input.actor,
        state.approvals.map(({ actor }) => actor),
      )
    const next = nextState(
      state,
      {
        kind: 'approved',
        checkId: input.checkId,
        approval: { actor: input.actor, at: effects.now().toISOString(), reason: input.reason },
      },
      ladder,
      await limitsOf(tx, release, ladder, view),
    )
    if (next.kind !== 'moved')
      throw new AppError(
        'conflict',
        `Not approved: ${next.why}.`,
        next.kind === 'refused' ? `${next.fix}.` : 'Read the release again.',
      )
    return recordDecisions(tx, effects, release, next.decisions, {
      actor: input.actor,
      reason: input.reason,
      checkId: input.checkId,
      evidence:
        view && check ? { ...evidenceOf(view, check.rowsSha256), link: await linkRecord(tx, release) } : null,
    })
  })
  await measureMove(effects, release.projectId, moved)
}

/** Ends the release at once; the baseline serves everything again. Needs no approval. */
export async function rollBackRelease(
  effects: Effects,
  release: ReleaseRow,
  input: { readonly actor: string; readonly reason: string },
): Promise<void> {
  const moved = await effects.db.transaction(async (tx) => {
    await lockRelease(tx, release.id)
    return (await rollBackWithin(tx, effects, release, input)).moved
  })
  await measureMove(effects, release.projectId, moved)
}

/**
 * The same in a transaction that holds the release's lock. Answers the number of the decision, and what gateways have to follow once
 * the transaction has committed.
 */
export async function rollBackWithin(
  tx: Transaction,
  effects: Effects,
  release: ReleaseRow,
  input: { readonly actor: string; readonly reason: string },
): Promise<{ readonly ordinal: number; readonly moved: Enforceable | null }> {
  const { ladder, state } = await standing(tx, release)
  const next = nextState(
    state,
    { kind: 'stopped', ...input },
    ladder,
    await limitsOf(tx, release, ladder, null),
  )
  if (next.kind !== 'moved')
    throw new AppError('conflict', `Not rolled back: ${next.why}.`, 'Nothing needs to be done.')
  const moved = await recordDecisions(tx, effects, release, next.decisions, {
    actor: input.actor,
    reason: input.reason,
    checkId: null,
    evidence: null,
  })
  return { ordinal: (await decisionsOf(tx, release.projectId, release.id)).length, moved }
}

/** Recomputes a recorded check from selections and frozen labels: what an auditor does. */
export async function recomputeCheck(
  executor: Executor,
  release: ReleaseRow,
  checkId: string,
): Promise<{ readonly recorded: CheckView; readonly again: CheckView; readonly sameRows: boolean }> {
  const [row] = await checksById(executor, release, [checkId])
  if (!row)
    throw new AppError(
      'not_found',
      'There is no such check in this release.',
      'List the checks of the release.',
    )
  const ladder = await ladderById(executor, release.projectId, release.ladderId)
  const stage = ladder.stages.find(({ name }) => name === row.stage)
  if (!stage) throw new Error(`the ladder has no stage ${row.stage}`)
  // Gold and conversations go on growing; what the check knew of them stands in the check.
  const { labelError, kl = null, behaviour = null, behaviouralKl } = row.result as CheckView
  const gold = labelError?.gold ?? null
  const rows = await readGateRows(executor, release, stage, {
    gold,
    kl,
    behaviour,
    pairedAnswers: readsPairedAnswers(ladder, stage.name),
    uptoSequence: row.uptoSequence,
  })
  const again = await evaluate(
    executor,
    release,
    ladder,
    stage,
    { rows, gold, kl, behaviour, shown: behaviouralKl },
    {
      id: row.id,
      ordinal: row.ordinal,
      at: row.at,
    },
  )
  return { recorded: row.result as CheckView, again, sameRows: rows.rowsSha256 === row.rowsSha256 }
}

/** What gold says of the raters; null where the labels are taken for the truth. */
async function goldOf(executor: Executor, release: ReleaseRow): Promise<GoldCounts | null> {
  const truth = truthOf(release)
  return truth.kind === 'criterion' && truth.labelError === 'shared'
    ? measureGold(executor, release.projectId, truth)
    : null
}

/** How errors of the labels enter the decision; undefined where they are taken for the truth. */
function errorPlanOf(release: ReleaseRow, gold: GoldCounts | null): LabelErrorPlan | undefined {
  if (gold !== null) return { kind: 'shared', gold, alphaShare: ALPHA_SHARE }
  const truth = truthOf(release)
  if (truth.kind === 'outcome' || truth.secondLookShare === undefined) return undefined
  const floor = { passed: truth.secondLookShare, failed: truth.secondLookShare }
  return { kind: 'differential', floor, gold: null, alphaShare: ALPHA_SHARE }
}

async function evaluate(
  executor: Executor | Transaction,
  release: ReleaseRow,
  ladder: Ladder,
  stage: Stage,
  {
    rows,
    gold,
    kl,
    behaviour,
    shown,
  }: {
    readonly rows: GateRows
    readonly gold: GoldCounts | null
    readonly kl: KlStanding | null
    readonly behaviour: BehaviouralStanding | null
    readonly shown: CheckView['behaviouralKl']
  },
  record: { readonly id: string; readonly ordinal: number; readonly at: Date },
): Promise<CheckView> {
  const alpha = alphaOf(release, stage, ladder)
  const candidate = await policyById(executor, release.projectId, release.candidatePolicyId)
  const baseline = await policyById(executor, release.projectId, release.baselinePolicyId)
  const plan = planOfGate(stage.gate, alpha, errorPlanOf(release, gold))
  const check = checkGate(rows.units, plan, rows.severe, kl, behaviour)
  return checkView(
    check,
    {
      candidate: candidate.name,
      baseline: baseline.name,
      ...(stage.autonomy === 'act' && release.unitSource === 'stream'
        ? { blockUnits: blockSize(stage.exposure) }
        : {}),
    },
    { ...record, stage: stage.name },
    shown,
  )
}

/** The release's own share of the error of promotion. */
function alphaOf({ ordinal }: ReleaseRow, { gate }: Stage, { alphaAcrossReleases }: Ladder): number {
  return alphaOfRelease(gate.alpha, ordinal, alphaAcrossReleases)
}

function evidenceOf(view: CheckView, rowsSha256: string) {
  return {
    verdict: view.verdict,
    eValuePromoteMax: view.eValuePromoteMax,
    eValueRollbackMax: view.eValueRollbackMax,
    units: view.units,
    labels: view.labels,
    missing: view.missing,
    difference: view.difference,
    margin: view.margin,
    alpha: view.alpha,
    severeRateMax: view.severe.rateMax,
    ...(view.kl === undefined ? {} : { kl: view.kl }),
    ...(view.behaviour === undefined ? {} : { behaviour: view.behaviour }),
    rowsSha256,
  }
}
