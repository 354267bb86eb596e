/** Where a release stands, and what limits its climb. */
import type { CheckView } from '@leeway/contract/checks'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { marginSpent } from '@leeway/core/ladder/margin-budget'
import type { ReleaseLimits, ReleaseState } from '@leeway/core/ladder/release-state'
import type { Executor } from '../db/connect.ts'
import { chainOf } from '../supervision/chain.ts'
import { hasReferenceScores } from './kl-evidence.ts'
import { stateOf } from './release-history.ts'
import {
  checksById,
  currentAnchor,
  decisionsOf,
  ladderById,
  policyById,
  type ReleaseRow,
  releasesOfAgent,
} from './release-store.ts'
import { truthOf } from './truth.ts'

export async function standing(
  executor: Executor,
  release: ReleaseRow,
): Promise<{ readonly ladder: Ladder; readonly state: ReleaseState }> {
  const ladder = await ladderById(executor, release.projectId, release.ladderId)
  return { ladder, state: stateOf(await decisionsOf(executor, release.projectId, release.id), ladder) }
}

/** What limits the climb: declarations, the anchor, the margin spent since it, and who vouches for whom. */
export async function limitsOf(
  executor: Executor,
  release: ReleaseRow,
  ladder: Ladder,
  view: CheckView | null,
): Promise<ReleaseLimits> {
  const candidate = await policyById(executor, release.projectId, release.candidatePolicyId)
  const anchor = await currentAnchor(executor, release.projectId, release.agentId)
  const margin = view?.margin ?? ladder.stages[0]?.gate.margin ?? 1
  const earlier = anchor ? await completedBounds(executor, release, anchor.at) : []
  return {
    candidateDeclared: candidate.declared,
    anchorDeclared: anchor !== undefined,
    labelError: labelErrorOf(release),
    chain: ladder.stages.some(({ supervision }) => supervision) ? await chainOf(executor, release) : null,
    referenceScores: await hasReferenceScores(executor, release),
    marginSpent: marginSpent({
      baselineIsAnchor: anchor?.policyId === release.baselinePolicyId,
      earlier,
      own: view ? Math.min(margin, view.difference.high) : margin,
    }),
  }
}

function labelErrorOf(release: ReleaseRow): ReleaseLimits['labelError'] {
  const truth = truthOf(release)
  if (truth.kind === 'outcome') return 'trusted'
  return truth.labelError === 'none' ? 'unmeasured' : truth.labelError
}

/** Upper bounds of the difference of each release completed since the anchor was declared. */
async function completedBounds(
  executor: Executor,
  release: ReleaseRow,
  since: Date,
): Promise<readonly number[]> {
  const bounds: number[] = []
  for (const other of await releasesOfAgent(executor, release.projectId, release.agentId)) {
    if (other.id === release.id || other.startedAt < since) continue
    const { state } = await standing(executor, other)
    if (state.kind !== 'completed') continue
    // The loosest bound that opened a stage is what the chain rests on.
    const opened = (await decisionsOf(executor, other.projectId, other.id))
      .filter(({ kind }) => kind === 'promote' || kind === 'complete')
      .flatMap(({ checkId }) => checkId ?? [])
    const views = (await checksById(executor, other, opened)).map((row) => row.result as CheckView)
    bounds.push(Math.max(...views.map((view) => Math.min(view.margin, view.difference.high)), 0))
  }
  return bounds
}
