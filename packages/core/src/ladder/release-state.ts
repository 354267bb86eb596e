/**
 * The state machine of a release: state x evidence -> decision. Pure; the server only stores what it answers.
 *
 * One stage at a time upwards, and only with named approvals of the very check that proposed it. Downwards at once:
 * rollback ends the release, an unhealthy gate closes the stage to the previous one.
 */
import type { Check } from '../gate/check.ts'
import { brokenLink, type SupervisionChain } from '../oversight/supervision-link.ts'
import type { Ladder, Stage } from './ladder.ts'

export type Approval = { readonly actor: string; readonly at: string; readonly reason: string }

export type ReleaseState =
  | { readonly kind: 'climbing'; readonly stage: number }
  | {
      readonly kind: 'proposed'
      readonly stage: number
      readonly checkId: string
      readonly approvals: readonly Approval[]
    }
  | { readonly kind: 'rolled-back'; readonly stage: number }
  | { readonly kind: 'completed'; readonly stage: number }

export type ReleaseEvent =
  | { readonly kind: 'checked'; readonly checkId: string; readonly check: Pick<Check, 'verdict' | 'reason'> }
  | { readonly kind: 'approved'; readonly checkId: string; readonly approval: Approval }
  | { readonly kind: 'stopped'; readonly actor: string; readonly reason: string }

/** Facts about the release that limit how far it may climb. */
export type ReleaseLimits = {
  readonly candidateDeclared: boolean
  readonly anchorDeclared: boolean
  /** Rise in failure rate spent since the anchor, with this release's own part. */
  readonly marginSpent: number
  /**
   * How far the labels are known to err. `trusted`: outcomes of the environment. `shared`: raters, measured on gold as if
   * they missed the faults of both policies alike. `differential`: measured on each policy's own faults. `unmeasured`:
   * raters nobody measured.
   */
  readonly labelError: 'trusted' | 'shared' | 'differential' | 'unmeasured'
  /** Who vouches for whom, from the anchor up to the candidate; null: nobody looked, which opens no stage that asks. */
  readonly chain: SupervisionChain | null
  /** Whether the candidate's words can be scored by the baseline's model. */
  readonly referenceScores: boolean
}

export type Decision = {
  readonly kind: 'propose' | 'withdraw' | 'approve' | 'promote' | 'rollback' | 'close' | 'complete'
  readonly fromStage: string
  readonly toStage: string | null
}

export type Transition =
  | { readonly kind: 'moved'; readonly state: ReleaseState; readonly decisions: readonly Decision[] }
  | { readonly kind: 'unchanged'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string; readonly fix: string }

export function nextState(
  state: ReleaseState,
  event: ReleaseEvent,
  ladder: Ladder,
  limits: ReleaseLimits,
): Transition {
  if (state.kind === 'rolled-back' || state.kind === 'completed') {
    return event.kind === 'checked'
      ? { kind: 'unchanged', why: `the release has ended (${state.kind})` }
      : { kind: 'refused', why: `the release has ended (${state.kind})`, fix: 'start a new release' }
  }
  switch (event.kind) {
    case 'stopped':
      return rollBack(state, ladder)
    case 'approved':
      return approve(state, event.checkId, event.approval, ladder, limits)
    case 'checked':
      return check(state, event, ladder, limits)
  }
}

type OpenState = Extract<ReleaseState, { kind: 'climbing' | 'proposed' }>

function check(
  state: OpenState,
  event: Extract<ReleaseEvent, { kind: 'checked' }>,
  ladder: Ladder,
  limits: ReleaseLimits,
): Transition {
  const from = stageAt(ladder, state.stage)
  switch (event.check.verdict) {
    case 'rollback':
      return rollBack(state, ladder)
    case 'unhealthy': {
      // With nothing read yet there is nothing to close: a stage that has just opened waits for its first labels.
      if (event.check.reason === 'no-units') return { kind: 'unchanged', why: 'no labels yet' }
      if (state.stage === 0) {
        return state.kind === 'climbing'
          ? { kind: 'unchanged', why: 'already at the first stage' }
          : {
              kind: 'moved',
              state: { kind: 'climbing', stage: 0 },
              decisions: [{ kind: 'withdraw', fromStage: from.name, toStage: from.name }],
            }
      }
      const to = stageAt(ladder, state.stage - 1)
      return {
        kind: 'moved',
        state: { kind: 'climbing', stage: state.stage - 1 },
        decisions: [{ kind: 'close', fromStage: from.name, toStage: to.name }],
      }
    }
    case 'promote': {
      if (state.kind === 'proposed') return { kind: 'unchanged', why: 'already proposed' }
      const barrier = barrierAbove(state.stage, ladder, limits)
      if (barrier) return { kind: 'unchanged', why: barrier.why }
      const to = ladder.stages[state.stage + 1]
      return {
        kind: 'moved',
        state: { kind: 'proposed', stage: state.stage, checkId: event.checkId, approvals: [] },
        decisions: [{ kind: 'propose', fromStage: from.name, toStage: to?.name ?? null }],
      }
    }
    case 'hold':
      // Evidence that once crossed stays crossed, so a hold after a proposal means that the plan's other conditions fell.
      return state.kind === 'proposed'
        ? {
            kind: 'moved',
            state: { kind: 'climbing', stage: state.stage },
            decisions: [{ kind: 'withdraw', fromStage: from.name, toStage: from.name }],
          }
        : { kind: 'unchanged', why: 'hold' }
  }
}

function approve(
  state: OpenState,
  checkId: string,
  approval: Approval,
  ladder: Ladder,
  limits: ReleaseLimits,
): Transition {
  if (state.kind !== 'proposed')
    return { kind: 'refused', why: 'no promotion is proposed', fix: 'wait until a check says promote' }
  if (state.checkId !== checkId)
    return {
      kind: 'refused',
      why: 'the proposal rests on another check',
      fix: 'read the newest check and approve that one',
    }
  if (state.approvals.some((earlier) => earlier.actor === approval.actor))
    return { kind: 'refused', why: 'you have approved it already', fix: 'another named person must approve' }
  const barrier = barrierAbove(state.stage, ladder, limits)
  if (barrier) return { kind: 'refused', ...barrier }
  const from = stageAt(ladder, state.stage)
  const to = ladder.stages[state.stage + 1]
  const approvals = [...state.approvals, approval]
  const approved: Decision = { kind: 'approve', fromStage: from.name, toStage: to?.name ?? null }
  if (approvals.length < ladder.approvals)
    return { kind: 'moved', state: { ...state, approvals }, decisions: [approved] }
  if (!to)
    return {
      kind: 'moved',
      state: { kind: 'completed', stage: state.stage },
      decisions: [approved, { kind: 'complete', fromStage: from.name, toStage: null }],
    }
  return {
    kind: 'moved',
    state: { kind: 'climbing', stage: state.stage + 1 },
    decisions: [approved, { kind: 'promote', fromStage: from.name, toStage: to.name }],
  }
}

function rollBack(state: OpenState, ladder: Ladder): Transition {
  return {
    kind: 'moved',
    state: { kind: 'rolled-back', stage: state.stage },
    decisions: [{ kind: 'rollback', fromStage: stageAt(ladder, state.stage).name, toStage: null }],
  }
}

/** What keeps the next stage shut although the gate says promote; null when nothing does. */
export function barrierAbove(
  stage: number,
  ladder: Ladder,
  limits: ReleaseLimits,
): { readonly why: string; readonly fix: string } | null {
  const next = ladder.stages[stage + 1]
  const acts = next === undefined || next.autonomy === 'act'
  if (acts && !limits.candidateDeclared)
    return {
      why: 'the candidate is undeclared: nobody recorded its configuration',
      fix: 'import its episodes with a configuration (--config); an undeclared policy is never promoted past suggest',
    }
  if (acts && !limits.anchorDeclared)
    return {
      why: 'the agent has no anchor',
      fix: 'let named people declare a known-safe policy as the anchor first',
    }
  if (acts && limits.labelError === 'unmeasured')
    return {
      why: "the labels are raters' answers, and nothing measures how often they err",
      fix: 'start a release whose truth has labelError "shared", and give known answers (gold) to its question, or "differential", and let experts look again',
    }
  // Gold shows what raters miss in general, not what this candidate hides: enough where an error can be undone.
  const cannotBeUndone = next !== undefined && ['costly', 'irreversible'].includes(next.region.stakes)
  if (acts && cannotBeUndone && limits.labelError === 'shared')
    return {
      why: `"${next.name}" has ${next.region.stakes} stakes, and gold does not show which faults of this very candidate raters miss`,
      fix: 'use a trusted outcome, or start a release whose truth has labelError "differential": experts look again at a random share of both policies',
    }
  // In a stage that acts its conversations answer for its budget, and to complete is to have answered.
  if (next?.autonomy === 'act' && next.region.klNatsMax !== null && !limits.referenceScores)
    return {
      why: `"${next.name}" has a KL budget of ${next.region.klNatsMax} nats, and nothing scores the candidate's words by the baseline's model`,
      fix: 'set scoresWith on the upstream that serves the baseline, or start a release with a ladder that has no KL budget',
    }
  // The comparison allows for sums such as 0.05 + 0.05 that are a hair above 0.1 in binary.
  if (acts && limits.marginSpent > ladder.marginBudget + 1e-9) {
    return {
      why: `releases since the anchor have spent ${points(limits.marginSpent)} of the ${points(ladder.marginBudget)} margin budget`,
      fix: 'compare the candidate with the anchor directly (start a release with the anchor as baseline)',
    }
  }
  // To complete is to serve everything: no less is asked than for the last stage.
  const bar = (next ?? stageAt(ladder, stage)).supervision
  return bar === undefined ? null : brokenLink(limits.chain, bar)
}

/** Type-I error of the k-th release of an agent (k from 1) when all its releases share `alpha`. */
export function alphaOfRelease(
  alpha: number,
  ordinal: number,
  across: Ladder['alphaAcrossReleases'],
): number {
  return across === 'count' ? alpha : (alpha * 6) / (Math.PI ** 2 * ordinal ** 2)
}

function stageAt(ladder: Ladder, index: number): Stage {
  const stage = ladder.stages[index]
  if (!stage) throw new RangeError(`the ladder has no stage ${index}`)
  return stage
}

function points(rate: number): string {
  return `${Math.round(rate * 1000) / 10} points`
}
