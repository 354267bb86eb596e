/** A contract for tests. */
import { type AutonomyContract, CONTRACT_FORMAT, DEFAULT_LIMITS, type Grant } from './contract.ts'

export const sampleGrant: Grant = {
  policyId: 'p1',
  policySha256: 'a'.repeat(64),
  autonomy: 'act',
  horizonSteps: 100,
  stakes: 'reversible',
  tools: 'all',
  withoutReview: 0.75,
  klNatsMax: null,
}
export const sampleContract: AutonomyContract = {
  format: CONTRACT_FORMAT,
  projectId: 'project',
  agent: 'desk',
  version: 1,
  issuedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2027-01-01T00:00:00.000Z',
  tools: [
    { name: 'find', stakes: 'read' },
    { name: 'refund', stakes: 'reversible', arguments: { properties: { amount: { maximum: 50 } } } },
  ],
  baseline: sampleGrant,
  candidate: null,
  limits: DEFAULT_LIMITS,
  failOpen: ['read'],
  evidence: { releaseId: null, stage: null, checkId: null },
  approvers: [],
}
