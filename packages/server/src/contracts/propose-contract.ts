/**
 * Contracts that wait for a second person. Whoever proposes one has approved it; another person issues it, who says against which version
 * they read it, so that nobody brings back what was taken away in the meantime.
 */
import {
  type ContractProposal,
  type ProposeContract,
  type SignedContract,
  WriteContract,
} from '@leeway/contract/autonomy'
import { contractChanges } from '@leeway/core/autonomy/describe-contract'
import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor, Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { refuseSameHand } from '../http/named-approver.ts'
import { readActorNames } from '../ledger/actor-names.ts'
import { appendLedger } from '../ledger/append.ts'
import { contractTerms, requireAgent } from './contract-terms.ts'
import { asContract, issueContract } from './issue-contract.ts'
import { actorName, signedView } from './read-contracts.ts'
import { contractOf, findContract, lockContract } from './stored-contracts.ts'
import { contractProposalEnds, contractProposals } from './tables.ts'

type By = { readonly projectId: string; readonly actor: string }
type ProposalRow = typeof contractProposals.$inferSelect

/** A newer one takes the place of an older one for the agent. Throws AppError not_found, conflict, unprocessable. */
export async function proposeContract(
  effects: Effects,
  { projectId, actor }: By,
  { approver: _, ...wanted }: z.output<typeof ProposeContract>,
): Promise<ContractProposal> {
  return effects.db.transaction(async (tx) => {
    const agent = await requireAgent(tx, projectId, wanted.agent)
    await lockContract(tx, agent.id)
    // What could never be issued is refused at once.
    await contractTerms(tx, effects, { projectId, agentId: agent.id }, wanted, [actor])
    for (const older of await openRows(tx, projectId, agent.id))
      await end(tx, effects, older, 'replaced', actor)
    const row: ProposalRow = {
      projectId,
      id: effects.newId(),
      agentId: agent.id,
      wanted,
      actor,
      at: effects.now(),
    }
    await tx.insert(contractProposals).values(row)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: row.at,
      actor,
      action: 'contract.proposed',
      body: { agent: agent.id, proposal: row.id },
    })
    return view(tx, effects, row, actor)
  })
}

/** Newest first: one an agent. */
export async function openProposals(
  effects: Effects,
  { projectId, actor }: By,
): Promise<readonly ContractProposal[]> {
  const rows = await openRows(effects.db, projectId)
  return Promise.all(rows.map((row) => view(effects.db, effects, row, actor)))
}

/** `against`: the version that it was compared with, null for none. Throws AppError not_found, conflict, unprocessable. */
export async function approveProposal(
  effects: Effects,
  { projectId, actor }: By,
  proposalId: string,
  against: number | null,
): Promise<SignedContract> {
  return effects.db.transaction(async (tx) => {
    const row = await lockedProposal(tx, projectId, proposalId)
    if (row.actor === actor)
      throw new AppError('conflict', 'You have proposed it.', 'Another person must approve it.')
    refuseSameHand(actor, [row.actor])
    const standing = await findContract(tx, projectId, row.agentId)
    if ((standing?.version ?? null) !== against)
      throw new AppError(
        'conflict',
        'The contract has changed since you read the proposal.',
        'Read what it would change now, and approve that.',
      )
    const wanted = WriteContract.parse(row.wanted)
    const terms = await contractTerms(tx, effects, row, wanted, [row.actor, actor])
    const { reason } = wanted
    const issued = await issueContract(tx, effects, { projectId, agentId: row.agentId, actor, reason }, terms)
    await end(tx, effects, row, 'issued', actor)
    return signedView(tx, issued)
  })
}

/** Throws AppError not_found, conflict. */
export async function withdrawProposal(
  effects: Effects,
  { projectId, actor }: By,
  proposalId: string,
): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const row = await lockedProposal(tx, projectId, proposalId)
    await end(tx, effects, row, 'withdrawn', actor)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at: effects.now(),
      actor,
      action: 'contract.proposal-withdrawn',
      body: { agent: row.agentId, proposal: row.id },
    })
  })
}

/** Throws AppError not_found, conflict: it does not wait any more. */
async function lockedProposal(tx: Transaction, projectId: string, proposalId: string): Promise<ProposalRow> {
  const [row] = await tx
    .select()
    .from(contractProposals)
    .where(and(eq(contractProposals.projectId, projectId), eq(contractProposals.id, proposalId)))
  if (row === undefined)
    throw new AppError(
      'not_found',
      'There is no such proposal.',
      'List those that wait: leeway contract proposals.',
    )
  // Whoever was quicker has ended it by now.
  await lockContract(tx, row.agentId)
  const [ended] = await tx
    .select({ kind: contractProposalEnds.kind })
    .from(contractProposalEnds)
    .where(
      and(eq(contractProposalEnds.projectId, projectId), eq(contractProposalEnds.proposalId, proposalId)),
    )
  if (ended === undefined) return row
  throw new AppError(
    'conflict',
    `The proposal waits no more: it was ${ended.kind}.`,
    'List those that wait: leeway contract proposals.',
  )
}

async function openRows(
  executor: Executor,
  projectId: string,
  agentId?: string,
): Promise<readonly ProposalRow[]> {
  return executor
    .select()
    .from(contractProposals)
    .where(
      sql`${contractProposals.projectId} = ${projectId}
        and ${agentId === undefined ? sql`true` : sql`${contractProposals.agentId} = ${agentId}`}
        and not exists (select 1 from ${contractProposalEnds} where ${contractProposalEnds.projectId} = ${contractProposals.projectId}
          and ${contractProposalEnds.proposalId} = ${contractProposals.id})`,
    )
    .orderBy(sql`${contractProposals.id} desc`)
}

async function end(
  tx: Transaction,
  { now }: Pick<Effects, 'now'>,
  { projectId, id: proposalId }: ProposalRow,
  kind: 'issued' | 'withdrawn' | 'replaced',
  actor: string,
): Promise<void> {
  await tx.insert(contractProposalEnds).values({ projectId, proposalId, kind, actor, at: now() })
}

async function view(
  executor: Executor,
  { now }: Pick<Effects, 'now'>,
  row: ProposalRow,
  asker: string,
): Promise<ContractProposal> {
  const wanted = WriteContract.parse(row.wanted)
  const newest = await findContract(executor, row.projectId, row.agentId)
  const standing = newest === undefined ? null : contractOf(newest)
  const base = {
    id: row.id,
    agent: wanted.agent,
    reason: wanted.reason,
    wanted,
    proposedAt: row.at.toISOString(),
  }
  const names = await readActorNames(executor, row.projectId, [row.actor])
  const said = {
    ...base,
    proposerName: actorName(names, row.actor),
    own: row.actor === asker,
    against: newest?.version ?? null,
  }
  try {
    const terms = await contractTerms(executor, { now }, row, wanted, [row.actor])
    return { ...said, changes: [...contractChanges(standing, asContract(terms))], cannot: null }
  } catch (error) {
    // What was right when it was proposed may not be any more, such as the price of a policy.
    if (!(error instanceof AppError)) throw error
    return { ...said, changes: [], cannot: error.message }
  }
}
