/** The state of a release, folded from its decisions: nothing else stores it. */
import type { Ladder } from '@leeway/core/ladder/ladder'
import type { Decision, ReleaseState } from '@leeway/core/ladder/release-state'
import type { DecisionRow } from './release-store.ts'

export type DecisionKind = Decision['kind'] | 'start'

export function stateOf(history: readonly DecisionRow[], ladder: Ladder): ReleaseState {
  let state = { kind: 'climbing', stage: 0 } as ReleaseState
  const indexOf = (name: string | null) => ladder.stages.findIndex((stage) => stage.name === name)
  for (const decision of history) {
    switch (decision.kind as DecisionKind) {
      case 'start':
        state = { kind: 'climbing', stage: 0 }
        break
      case 'propose':
        if (decision.checkId === null) throw new Error('a proposal without its check')
        state = { kind: 'proposed', stage: state.stage, checkId: decision.checkId, approvals: [] }
        break
      case 'approve':
        if (state.kind !== 'proposed') throw new Error('an approval without its proposal')
        state = {
          ...state,
          approvals: [
            ...state.approvals,
            { actor: decision.actor, at: decision.at.toISOString(), reason: decision.reason },
          ],
        }
        break
      case 'promote':
      case 'close':
        state = { kind: 'climbing', stage: indexOf(decision.toStage) }
        break
      case 'withdraw':
        state = { kind: 'climbing', stage: state.stage }
        break
      case 'rollback':
        state = { kind: 'rolled-back', stage: state.stage }
        break
      case 'complete':
        state = { kind: 'completed', stage: state.stage }
        break
    }
  }
  return state
}
