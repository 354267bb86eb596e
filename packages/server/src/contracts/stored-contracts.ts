/** Statements on `autonomy_contracts`. */
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../db/connect.ts'
import { autonomyContracts } from './tables.ts'

export type ContractRow = typeof autonomyContracts.$inferSelect

/** The newest, or the one asked for. */
export async function findContract(
  executor: Executor,
  projectId: string,
  agentId: string,
  version?: number,
): Promise<ContractRow | undefined> {
  const [row] = await executor
    .select()
    .from(autonomyContracts)
    .where(
      and(
        eq(autonomyContracts.projectId, projectId),
        eq(autonomyContracts.agentId, agentId),
        version === undefined ? undefined : eq(autonomyContracts.version, version),
      ),
    )
    .orderBy(desc(autonomyContracts.version))
    .limit(1)
  return row
}

/** Written by `issueContract`; rows are never changed. */
export function contractOf(row: ContractRow): AutonomyContract {
  return row.document as AutonomyContract
}

/** Two who write at once must not number their versions alike, nor overlook each other. Until commit. */
export async function lockContract(tx: Transaction, agentId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('contract:' || ${agentId}::text, 0))`)
}
