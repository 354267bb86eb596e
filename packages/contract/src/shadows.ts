/** What a candidate that may not act answered beside the baseline. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

const Share = z.object({ share: z.number(), low: z.number(), high: z.number() })

/** Answers of one kind that were compared with the baseline's. */
const Compared = z.object({
  compared: z.number().int(),
  units: z.number().int(),
  /** Of those compared: the same tools, the same calls byte for byte, the same text byte for byte. */
  sameTools: z.number().int(),
  sameCalls: z.number().int(),
  sameText: z.number().int(),
  /** Share with the same tools, at 95 %, over units; null where nothing was compared. */
  agreement: Share.nullable(),
})
export type ComparedAnswers = z.infer<typeof Compared>

/** Pairs of answers put before raters, and those of which both answers have a label. */
const Asked = z.object({ drawn: z.number().int(), labelled: z.number().int() })

/** What of it is evidence. Never for a stage that acts, and never episodes. */
const ShadowEvidence = z.object({
  /** Where the release stands, or stood last. */
  stage: z.string(),
  /** Why the gate of this stage reads no such pairs; null where it does. */
  whyNone: z.enum(['truth', 'units', 'stage']).nullable(),
  /** Of all stages. */
  firstTurns: Asked,
  steps: Asked,
})
export type ShadowEvidence = z.infer<typeof ShadowEvidence>

export const ShadowView = z.object({
  /** Turns that the baseline answered and the candidate should have answered beside it. */
  turns: z.number().int(),
  /** Where there is nothing to compare, and why; the most frequent first. */
  without: z.array(z.object({ why: z.string(), turns: z.number().int() })),
  /** Of conversations that nobody had answered yet. */
  firstTurns: Compared,
  /** On what the baseline made of a conversation. */
  steps: Compared,
  evidence: ShadowEvidence,
  /** US dollars of all answers of the candidate; null where no price was known. */
  usd: z.number().nullable(),
  /** The newest in which other tools were chosen. */
  differing: z.array(
    z.object({
      turnId: z.string(),
      conversation: z.string(),
      pairedAs: z.enum(['first-turn', 'step']),
      baselineTools: z.array(z.string()),
      candidateTools: z.array(z.string()),
      at: z.string(),
    }),
  ),
})
export type ShadowView = z.infer<typeof ShadowView>

export const showShadow = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/releases/{releaseId}/shadow',
  response: ShadowView,
})
