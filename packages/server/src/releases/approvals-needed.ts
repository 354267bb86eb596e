import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Ladder } from '@leeway/core/ladder/ladder'
import type { Executor } from '../db/connect.ts'
import { currentLadder, ladderById, openReleases } from './release-store.ts'

/** How many named people a contract of the agent takes: the most that its ladder, or that of its open release, names for a promotion. */
export async function approvalsNeeded(
  executor: Executor,
  projectId: string,
  agentId: string,
): Promise<Ladder['approvals']> {
  const row = await currentLadder(executor, projectId, agentId)
  // Validated when it was written; rows are never changed.
  const own = (row?.definition as Ladder | undefined) ?? DEFAULT_LADDER
  // A ladder that was set while a release is open does not hold for it.
  const open = (await openReleases(executor, projectId)).filter((release) => release.agentId === agentId)
  const ladders = await Promise.all(open.map(({ ladderId }) => ladderById(executor, projectId, ladderId)))
  return [own, ...ladders].some(({ approvals }) => approvals === 2) ? 2 : 1
}
