/** How far raters agree, question by question. Not for the eyes of raters: it tells what others answered. */
import { RATER_KINDS } from '@leeway/core/rubrics/rubric'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** A number with its interval, or why there is none. */
export const Measured = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('estimate'), value: z.number(), low: z.number(), high: z.number() }),
  z.object({ kind: z.literal('insufficient'), reason: z.string() }),
])
export type Measured = z.infer<typeof Measured>

export const QuestionAgreement = z.object({
  criterionSha256: z.string(),
  question: z.string(),
  /** Answers of people and models that stand, suspended raters' left out. */
  answers: z.number().int(),
  /** Items that two people or more answered. */
  itemsShared: z.number().int(),
  /** Krippendorff's alpha of people: 1 full agreement, 0 as chance would have it. */
  alpha: Measured,
  /**
   * The same of people and models: `voices` hears each family of models once, `raw` every model for itself, which copies of one
   * model inflate. Null where no model answered.
   */
  withModels: z.object({ voices: Measured, raw: Measured }).nullable(),
  /** In the order of the matrix, people first. */
  raters: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(RATER_KINDS) })),
  /** Each two raters once, `first` before `second`; `share` null where too few items are common to say. */
  pairs: z.array(
    z.object({
      first: z.number().int(),
      second: z.number().int(),
      items: z.number().int(),
      share: z.number().nullable(),
      /** Two models that share weights: that they agree says little. */
      sameFamily: z.boolean(),
    }),
  ),
  /** Raters left out of the matrix, because those shown gave more answers. */
  ratersLeftOut: z.number().int(),
  /** Items about which most is unknown, worst first; only those on which voices differ. A family of models is one voice. */
  hardest: z.array(
    z.object({
      episodeId: z.string(),
      answers: z.array(z.object({ value: z.string(), count: z.number().int() })),
      /** Bits that are unknown of the answer, by what is believed. */
      entropy: z.number(),
    }),
  ),
  /** For each rubric that asks it, how it goes with the other questions. */
  withRest: z.array(
    z.object({
      rubric: z.string(),
      criterion: z.string(),
      episodes: z.number().int(),
      correlation: Measured,
    }),
  ),
})
export type QuestionAgreement = z.infer<typeof QuestionAgreement>

export const AgreementView = z.object({ questions: z.array(QuestionAgreement) })
export type AgreementView = z.infer<typeof AgreementView>

export const showAgreement = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/agreement',
  response: AgreementView,
})
