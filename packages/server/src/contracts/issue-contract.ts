/**
 * Issues the next version of an agent's contract: what people wrote, and what the stage of its release allows the candidate.
 *
 * Called when a person writes one, and whenever a release moves, in the same transaction: what is enforced and what was
 * decided cannot part.
 */
import { type AutonomyContract, CONTRACT_FORMAT, type Grant } from '@leeway/core/autonomy/contract'
import type { Stage } from '@leeway/core/ladder/ladder'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import type { PolicyRow } from '../policies/ensure-policy.ts'
import { contractSha256, signContract } from './sign-contract.ts'
import { type ContractRow, contractOf, findContract, lockContract } from './stored-contracts.ts'
import { autonomyContracts } from './tables.ts'

/** All but what the issuing decides. */
export type ContractTerms = Omit<AutonomyContract, 'format' | 'version' | 'issuedAt'>

/** As it would be issued, to be compared; of version and time nothing is said. */
export function asContract(terms: ContractTerms): AutonomyContract {
  return { ...terms, format: CONTRACT_FORMAT, version: 0, issuedAt: '' }
}

export type Issuing = {
  readonly projectId: string
  readonly agentId: string
  readonly actor: string
  readonly reason: string
}

export async function issueContract(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'ledgerSigner'>,
  { projectId, agentId, actor, reason }: Issuing,
  terms: ContractTerms,
): Promise<ContractRow> {
  const before = await findContract(tx, projectId, agentId)
  const issuedAt = effects.now()
  const contract: AutonomyContract = {
    ...terms,
    format: CONTRACT_FORMAT,
    version: (before?.version ?? 0) + 1,
    issuedAt: issuedAt.toISOString(),
  }
  const sha256 = contractSha256(contract)
  const row: ContractRow = {
    projectId,
    agentId,
    version: contract.version,
    document: contract,
    sha256,
    signature: signContract(effects.ledgerSigner, sha256),
    keyId: effects.ledgerSigner.keyId,
    actor,
    reason,
    issuedAt,
  }
  await tx.insert(autonomyContracts).values(row)
  await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at: issuedAt,
    actor,
    action: 'contract.issued',
    body: {
      agent: agentId,
      version: row.version,
      sha256,
      previous: before?.sha256 ?? null,
      ...terms.evidence,
    },
  })
  return row
}

/** Where a release stands, as far as a contract is concerned. */
export type ReleasePlace = {
  readonly releaseId: string
  readonly stage: Stage
  readonly baseline: PolicyRow
  readonly candidate: PolicyRow
  readonly checkId: string | null
  /** Who approved the move; nobody where the gate moves it. */
  readonly approvers: readonly string[]
  /** 'ended': rolled back, or over; 'completed': the candidate is the baseline from now on. */
  readonly kind: 'open' | 'ended' | 'completed'
}

/** False where the agent has no contract: nobody enforces anything for it. */
export async function followRelease(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'ledgerSigner'>,
  issuing: Issuing,
  place: ReleasePlace,
): Promise<boolean> {
  await lockContract(tx, issuing.agentId)
  const newest = await findContract(tx, issuing.projectId, issuing.agentId)
  if (newest === undefined) return false
  const { format: _, version: __, issuedAt: ___, ...terms } = contractOf(newest)
  await issueContract(tx, effects, issuing, {
    ...terms,
    ...grantsAt(terms.baseline, place),
    evidence: { releaseId: place.releaseId, stage: place.stage.name, checkId: place.checkId },
    approvers: place.approvers.length > 0 ? place.approvers : terms.approvers,
  })
  return true
}

function grantsAt(
  standing: Grant,
  { kind, stage, baseline, candidate }: ReleasePlace,
): Pick<AutonomyContract, 'baseline' | 'candidate'> {
  const own = { ...standing, ...identity(baseline) }
  const grant = grantOf(stage, candidate)
  if (kind === 'open') return { baseline: own, candidate: grant }
  if (kind === 'ended') return { baseline: own, candidate: null }
  // How much people look at before it happens is theirs to say; a ladder speaks of what it has seen.
  return { baseline: { ...grant, withoutReview: standing.withoutReview }, candidate: null }
}

/** What the stage allows. Reviewed are episodes after they ended and calls before they happen, at the same share. */
export function grantOf({ autonomy, region, reviewed }: Stage, policy: PolicyRow): Grant {
  return {
    ...identity(policy),
    autonomy,
    horizonSteps: region.horizonSteps,
    stakes: region.stakes,
    tools: region.tools,
    withoutReview: autonomy === 'act' ? 1 - reviewed : 0,
    klNatsMax: region.klNatsMax,
    ...(region.falseStopMax === undefined ? {} : { falseStopMax: region.falseStopMax }),
  }
}

const identity = ({ id, configSha256 }: PolicyRow) => ({ policyId: id, policySha256: configSha256 })
