/** What the evidence chart is drawn against, and what happened along the way. */
import type { EvidenceState } from '../design/StateMark.tsx'

export type EvidenceMark = {
  readonly sequence: number
  readonly state: EvidenceState
  readonly words: string
}

export type EvidencePlan = {
  /** As fractions of failure rate. */
  readonly margin: number
  readonly harmMargin: number
  /** E-values that are enough for a promotion, and for a rollback. */
  readonly threshold: number
  readonly rollbackThreshold: number
}
