/** A person writes the contract of an agent. What its candidate may do is not theirs to write: that follows from the release. */
import type { SignedContract } from '@leeway/contract/autonomy'
import { contractChanges } from '@leeway/core/autonomy/describe-contract'
import type { Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { approvalsNeeded } from '../releases/approvals-needed.ts'
import { contractTerms, requireAgent, type WantedContract } from './contract-terms.ts'
import { asContract, type ContractTerms, issueContract } from './issue-contract.ts'
import { signedView } from './read-contracts.ts'
import { contractOf, findContract, lockContract } from './stored-contracts.ts'

/** Throws AppError not_found, conflict, unprocessable. */
export async function writeContract(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: WantedContract,
): Promise<SignedContract> {
  return effects.db.transaction(async (tx) => {
    const agent = await requireAgent(tx, projectId, wanted.agent)
    await lockContract(tx, agent.id)
    const terms = await contractTerms(tx, effects, { projectId, agentId: agent.id }, wanted, [actor])
    const row = await issueContract(
      tx,
      effects,
      { projectId, agentId: agent.id, actor, reason: wanted.reason },
      await forOneHand(tx, agent, terms),
    )
    return signedView(tx, row)
  })
}

/**
 * Where the ladder names two approvals, one person alone may only take away: that must not wait for anybody. What is left then holds no
 * longer than what held before. Throws AppError conflict.
 */
async function forOneHand(
  tx: Transaction,
  agent: { readonly projectId: string; readonly id: string; readonly name: string },
  terms: ContractTerms,
): Promise<ContractTerms> {
  const needed = await approvalsNeeded(tx, agent.projectId, agent.id)
  if (needed === 1) return terms
  const before = await findContract(tx, agent.projectId, agent.id)
  const standing = before === undefined ? null : contractOf(before)
  const ended =
    standing !== null && standing.expiresAt < terms.expiresAt ? standing.expiresAt : terms.expiresAt
  const tighter = { ...terms, expiresAt: ended }
  const more = contractChanges(standing, asContract(tighter)).find(({ kind }) => kind !== 'tighter')
  if (more === undefined) return tighter
  throw new AppError(
    'conflict',
    `The ladder of "${agent.name}" wants two people for a contract that may allow more. ${more.words}`,
    'Propose it, and have another person approve it: leeway contract propose FILE.',
  )
}
