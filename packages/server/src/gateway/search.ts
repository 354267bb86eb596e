import type { JudgeAsking, JudgedDrafts } from '../rewards/judged-drafts.ts'
import type { ServedAgent } from './bundle.ts'
import type { MeasuredGold } from './measured-gold.ts'

/** What chooses among answers, and what is known of choosing so. */
export type Search = {
  readonly judge: (asking: Omit<JudgeAsking, 'stop'>, stop: AbortSignal) => Promise<JudgedDrafts>
  readonly gold: (agent: ServedAgent, n: number) => Promise<MeasuredGold | null>
}
