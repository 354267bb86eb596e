/** A check of a release as the API shows it: the verdict, its figures and the evidence behind it. */
import { CHECK_REASONS } from '@leeway/core/gate/check'
import { z } from 'zod'

/** Thinned evidence path (at most 400 points), in the order of selection. Rates in [-1, 1], wealth in natural log. */
export const EvidencePointView = z.object({
  n: z.number().int(),
  unit: z.string(),
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  logPromote: z.number(),
  logRollback: z.number(),
})
export type EvidencePointView = z.infer<typeof EvidencePointView>

export const VerdictName = z.enum(['promote', 'hold', 'rollback', 'unhealthy'])

export const CheckView = z.object({
  id: z.string(),
  ordinal: z.number().int(),
  stage: z.string(),
  at: z.string(),
  verdict: VerdictName,
  reason: z.enum(CHECK_REASONS),
  /** Sentences, see core/gate/describe-check. */
  words: z.object({
    verdict: z.string(),
    needed: z.string().nullable(),
    scope: z.string(),
    severe: z.string(),
    /** Null, or left out by earlier checks: nothing was asked about the KL from the baseline. */
    kl: z.string().nullable().optional(),
    behaviour: z.string().nullable().optional(),
  }),
  eValuePromote: z.number(),
  eValueRollback: z.number(),
  /** Largest each has been; a crossing of 1/alpha counts for ever. */
  eValuePromoteMax: z.number(),
  eValueRollbackMax: z.number(),
  /** 1/alpha of promotion, and of rollback. */
  threshold: z.number(),
  rollbackThreshold: z.number(),
  crossedAt: z.number().int().nullable(),
  units: z.number().int(),
  labels: z.number().int(),
  missing: z.number().int(),
  difference: z.object({ estimate: z.number().nullable(), low: z.number(), high: z.number() }),
  candidateFailure: z.number().nullable(),
  baselineFailure: z.number().nullable(),
  margin: z.number(),
  harmMargin: z.number(),
  alpha: z.number(),
  severe: z.object({ seen: z.number().int(), audited: z.number().int(), rateMax: z.number() }),
  /** Only in a stage that acts and has a KL budget: nats a conversation, both bounds together at this check's alpha. */
  kl: z
    .object({
      standing: z.enum(['within', 'over', 'open', 'insufficient']),
      reason: z.string().nullable(),
      natsMax: z.number(),
      scored: z.number().int(),
      notScored: z.number().int(),
      mean: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      capped: z.number().int(),
    })
    .optional(),
  /** Only in a stage that acts and has a budget for what is done: nats a choice, both bounds together at this check's alpha. */
  behaviour: z
    .object({
      standing: z.enum(['within', 'over', 'open', 'insufficient']),
      reason: z.string().nullable(),
      natsMax: z.number(),
      look: z.number().int(),
      candidate: z.number().int(),
      baseline: z.number().int(),
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    })
    .optional(),
  /**
   * Only where the KL of words is insufficient and no such budget is set: how far what the candidate does (which tool, after which) is from the baseline, in
   * nats a choice. Another quantity than `kl`, and nothing is decided by it.
   */
  behaviouralKl: z
    .object({
      value: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      /** Choices seen of either policy. */
      candidate: z.number().int(),
      baseline: z.number().int(),
      words: z.string(),
    })
    .optional(),
  unitsNeededIfEqual: z.number().int().nullable(),
  /** Only where the truth is a criterion: how good its answers are on gold, and what that does to the decision. */
  labelError: z
    .object({
      /** Null where experts' second looks take the place of gold. */
      gold: z
        .object({
          faults: z.number().int(),
          found: z.number().int(),
          sound: z.number().int(),
          passed: z.number().int(),
        })
        .nullable(),
      /** The margin as the labels must show it; 0 or below: nothing can be promoted. */
      marginInForce: z.number(),
      words: z.array(z.string()),
    })
    .optional(),
  /** Only where pairs were found to do the same: how many, and what looking at some of them showed. */
  identical: z
    .object({
      pairs: z.number().int(),
      checked: z.number().int(),
      differed: z.number().int(),
      /** Upper bound of the share that differs after all. */
      differedMax: z.number(),
      /** True when too many differ: nothing is promoted by this definition of the same. */
      broken: z.boolean(),
      labelsSaved: z.number().int(),
    })
    .optional(),
  path: z.array(EvidencePointView),
})
export type CheckView = z.infer<typeof CheckView>
