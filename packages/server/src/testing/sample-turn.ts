import type { TurnRecord } from '../gateway/turn-record.ts'

/** What a turn of the gateway leaves that said and did nothing. */
export const SAMPLE_TURN: Omit<TurnRecord, 'id'> = {
  projectId: 'project',
  agentId: 'agent',
  agent: 'desk',
  policyId: 'policy',
  role: 'baseline',
  conversation: 'talk-1',
  unitKey: 'session:talk-1',
  contractVersion: 1,
  outcome: 'release',
  startedAt: '2026-01-15T09:00:00.000Z',
  endedAt: '2026-01-15T09:00:01.000Z',
  from: 0,
  messages: [],
  rounds: [],
  usd: null,
  steps: 1,
  heard: null,
}
