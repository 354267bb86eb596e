/** Critiques: what a model says is wrong, shown after a first answer, judged by the one who gave it, and measured. */
import { CLAIM_MARKS, SEVERITIES } from '@leeway/core/critiques/claim'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const ClaimView = z.object({
  text: z.string(),
  severity: z.enum(SEVERITIES),
  /** The step that holds the quote, verbatim: checked by the server. */
  step: z.number().int(),
  quote: z.string(),
  /** What this rater said of it; null before. */
  mark: z.enum(CLAIM_MARKS).nullable(),
})
export const CritiqueView = z.object({ assignmentId: z.string(), claims: z.array(ClaimView).min(1) })
export type CritiqueView = z.infer<typeof CritiqueView>

export const MarkClaim = z.strictObject({
  /** Place in `claims`. */
  claim: z.number().int().min(0).max(100),
  mark: z.enum(CLAIM_MARKS),
})

export const SetCritiqueRules = z.strictObject({
  /** Share of answers that are followed by a critique where there is one; the others are the control. */
  share: z.number().min(0).max(1).default(0.5),
  /** What a missed flaw costs, in false alarms. */
  missedCost: z.number().min(0.01).max(1_000).default(3),
})

/** A false claim, to see who believes it. It must quote the episode, like any other. */
export const PlantClaim = z.strictObject({
  episode: z.uuid(),
  criterionSha256: z.string().length(64),
  text: z.string().trim().min(3).max(1_000),
  severity: z.enum(SEVERITIES),
  step: z.number().int().min(0),
  quote: z.string().min(1).max(1_000),
})

const RateView = z.object({ share: z.number(), low: z.number(), high: z.number() })
const ArmView = z.object({
  arm: z.enum(['critique', 'none']),
  /** First answers, then those that stand. */
  answers: z.number().int(),
  changed: z.number().int(),
  /** Of answers on known items; null: none was. */
  known: z.number().int(),
  rightAtFirst: z.number().nullable(),
  rightAtLast: z.number().nullable(),
  seconds: z.number().nullable(),
})
export const CritiqueReport = z.object({
  rules: z.object({ share: z.number(), missedCost: z.number() }).nullable(),
  arms: z.array(ArmView),
  /** Of answers that stand, critique less none, on known items; null when it cannot be told. */
  difference: RateView.nullable(),
  /** Planted ones are not among these. */
  claims: z.object({
    shown: z.number().int(),
    valid: z.number().int(),
    seen: z.number().int(),
    invalid: z.number().int(),
    precision: RateView.nullable(),
  }),
  /** Planted false claims that somebody judged, and how many were believed. */
  planted: z.object({ judged: z.number().int(), believed: RateView.nullable() }),
  /** Least severity that is shown, by the costs and what was judged. */
  shownFrom: z.enum(SEVERITIES),
})
export type CritiqueReport = z.infer<typeof CritiqueReport>

const critiques = '/api/projects/{project}/critiques'
export const showCritiqueReport = endpoint({ method: 'GET', path: critiques, response: CritiqueReport })
export const setCritiqueRules = endpoint({
  method: 'POST',
  path: critiques,
  body: SetCritiqueRules,
  response: CritiqueReport,
})
export const plantClaim = endpoint({
  method: 'POST',
  path: `${critiques}/planted`,
  body: PlantClaim,
  response: z.object({ id: z.string() }),
})
export const markClaim = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/{assignment}/critique',
  body: MarkClaim,
  response: CritiqueView,
})
