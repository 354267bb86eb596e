/** Decisions of a release as sentences and as marks on the chart. */
import type { CheckView } from '@leeway/contract/checks'
import type { DecisionView } from '@leeway/contract/releases'
import type { EvidenceMark } from './evidence-plan.ts'

/** One sentence without its full stop: "Ada approved the promotion to sample-50". */
export function decisionWords(decision: DecisionView): string {
  const { actorName, fromStage, toStage } = decision
  const at = fromStage === null ? '' : ` at ${fromStage}`
  switch (decision.kind) {
    case 'start':
      return toStage === null
        ? `${actorName} started the release`
        : `${actorName} started the release at ${toStage}`
    case 'propose':
      return toStage === null ? 'Completion was proposed' : `Promotion to ${toStage} was proposed`
    case 'withdraw':
      return 'The proposal was withdrawn'
    case 'approve':
      return toStage === null
        ? `${actorName} approved the completion`
        : `${actorName} approved the promotion to ${toStage}`
    case 'promote':
      return fromStage === null ? `Promoted to ${toStage}` : `Promoted from ${fromStage} to ${toStage}`
    case 'rollback':
      return decision.actor.startsWith('person:') ? `${actorName} rolled it back${at}` : `Rolled back${at}`
    case 'close':
      return toStage === null ? `Closed${at}` : `${fromStage ?? 'The stage'} closed, back to ${toStage}`
    case 'complete':
      return 'Completed: the candidate is the new baseline'
  }
}

/** Who ended a release, and on what: "Ada Lovelace rolled it back by hand." */
export function endedBy({ actor, actorName, checkOrdinal }: DecisionView): string {
  if (actor !== 'gate') return `${actorName} rolled it back by hand. Nobody else had to sign.`
  const on = checkOrdinal === null ? '' : ` on check ${checkOrdinal}`
  return `The gate rolled it back by itself${on}, as soon as the evidence sufficed. Nobody had to sign.`
}

/** The unit at which the evidence crossed its line, as a mark; none while it has not. */
export function marksOf(check: CheckView): readonly EvidenceMark[] {
  if (check.crossedAt === null) return []
  const state = check.eValueRollbackMax >= check.rollbackThreshold ? 'rollback' : 'promote'
  const words = state === 'rollback' ? 'Enough for rollback' : 'Enough for promotion'
  return [{ sequence: check.crossedAt, state, words }]
}
