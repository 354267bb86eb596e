/** Critiques: what a model or a person says is wrong, shown after a first answer, judged by the one who gave it, and measured. */
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

/** What somebody says is wrong, or plants as a false claim to see who believes it. It must quote the episode, word for word. */
export const WriteClaim = z.strictObject({
  episode: z.uuid(),
  criterionSha256: z.string().length(64),
  text: z.string().trim().min(3).max(1_000),
  severity: z.enum(SEVERITIES),
  step: z.number().int().min(0),
  quote: z.string().min(1).max(1_000),
})

/** What a critic may write about: the questions about an episode, with their own claims and nobody else's. */
export const CriticSheet = z.object({
  questions: z.array(
    z.object({
      criterionSha256: z.string(),
      question: z.string(),
      guidance: z.string(),
      /** Asked of the critic as a rater: who is to judge writes no claims. */
      isOwn: z.boolean(),
      claims: z.array(
        z.object({
          id: z.string(),
          text: z.string(),
          severity: z.enum(SEVERITIES),
          step: z.number().int(),
          quote: z.string(),
        }),
      ),
    }),
  ),
})
export type CriticSheet = z.infer<typeof CriticSheet>

const RateView = z.object({ share: z.number(), low: z.number(), high: z.number() })
/** Answers in one arm of help that comes after a first answer. */
export const HelpArm = z.object({
  /** First answers, then those that stand. */
  answers: z.number().int(),
  changed: z.number().int(),
  /** Of answers on known items; null: none was. */
  known: z.number().int(),
  rightAtFirst: z.number().nullable(),
  rightAtLast: z.number().nullable(),
  seconds: z.number().nullable(),
})
/** What people said of claims of one kind of author. Planted ones are not among these. */
const ClaimsView = z.object({
  author: z.enum(['model', 'person']),
  shown: z.number().int(),
  valid: z.number().int(),
  seen: z.number().int(),
  invalid: z.number().int(),
  precision: RateView.nullable(),
})
/** What would be shown, and what that does, with claims from `severity` on and `most` of a critique. */
const OperatingPointView = z.object({
  severity: z.enum(SEVERITIES),
  most: z.number().int(),
  /** Of the claims that hold, those that would be shown; null when none holds. */
  recall: RateView.nullable(),
  /** Of those shown, the ones that hold; null when none would be shown. */
  precision: RateView.nullable(),
  missed: z.number().int(),
  alarms: z.number().int(),
})
export type OperatingPointView = z.infer<typeof OperatingPointView>
export const CritiqueReport = z.object({
  /** In force since they were set; `shownFrom` and `most` were chosen then, from what had been judged. */
  rules: z
    .object({
      share: z.number(),
      missedCost: z.number(),
      shownFrom: z.enum(SEVERITIES),
      most: z.number().int(),
      at: z.string(),
    })
    .nullable(),
  arms: z.array(HelpArm.extend({ arm: z.enum(['critique', 'none']) })),
  /** Of answers that stand, critique less none, on known items; null when it cannot be told. */
  difference: RateView.nullable(),
  claims: z.array(ClaimsView),
  /** Planted false claims that somebody judged, and how many were believed. */
  planted: z.object({ judged: z.number().int(), believed: RateView.nullable() }),
  /** Claims that vetted people and experts judged in critiques shown whole; from the choice that shows least to all. */
  curve: z.object({
    judged: z.number().int(),
    needed: z.number().int(),
    points: z.array(OperatingPointView),
  }),
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
  body: WriteClaim,
  response: z.object({ id: z.string() }),
})
/** For people who look for flaws, not for those who are asked. The episode by the name that they know it by. */
export const showCriticSheet = endpoint({
  method: 'GET',
  path: `${critiques}/written/{episode}`,
  response: CriticSheet,
})
export const writeClaim = endpoint({
  method: 'POST',
  path: `${critiques}/written`,
  body: WriteClaim,
  response: CriticSheet,
})
export const takeBackClaim = endpoint({
  method: 'POST',
  path: `${critiques}/written/{claim}/take-back`,
  response: z.object({ id: z.string() }),
})
export const markClaim = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/review/{assignment}/critique',
  body: MarkClaim,
  response: CritiqueView,
})
