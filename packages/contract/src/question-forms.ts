/** Finding and checking: the same question put in two forms, and what each costs and is worth. Not for the eyes of raters. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const SetFormRule = z.strictObject({
  criterionSha256: z.string().length(64),
  /** Share of a person's answers to the question that are checks. At most half: every answer that is checked was found. */
  share: z.number().min(0).max(0.5).default(0.3),
  /** Of the checks: about an item whose answer is known, where there is one. */
  knownShare: z.number().min(0).max(1).default(0.5),
  /** Of the checks of known items: with a wrong answer proposed. */
  plantedShare: z.number().min(0).max(1).default(0.5),
})

const Count = z.object({ count: z.number().int(), of: z.number().int() })
const Share = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
const Cost = z.object({ seconds: z.number().nullable(), usd: z.number().nullable() })
const Side = z.object({
  answers: z.number().int(),
  known: z.number().int(),
  right: z.number().int(),
  seconds: z.number().nullable(),
  usd: z.number().nullable(),
})
export const FormComparison = z.object({
  find: Side,
  verify: Side,
  /** Wrong proposals that were accepted. */
  acceptedWrong: Count.extend({ low: z.number().nullable(), high: z.number().nullable() }),
  refusedRight: Count,
  /** Of answers as they are, not those made up. */
  wrongProposals: Count,
  /** Null while too little is known. */
  accuracy: z
    .object({
      found: Share,
      checked: Share,
      difference: Share,
      perErrorRemoved: z.object({ find: Cost, verify: Cost }),
    })
    .nullable(),
  words: z.array(z.string()),
})
export type FormComparison = z.infer<typeof FormComparison>

export const FormReport = z.object({
  /** Those that people may answer with answers to choose from, and that were asked. */
  questions: z.array(
    z.object({
      criterionSha256: z.string(),
      question: z.string(),
      rule: z.object({ share: z.number(), knownShare: z.number(), plantedShare: z.number() }).nullable(),
      /** Null where nobody of the kind checked anything. */
      people: FormComparison.nullable(),
      models: FormComparison.nullable(),
    }),
  ),
})
export type FormReport = z.infer<typeof FormReport>

const path = '/api/projects/{project}/question-forms'
export const showFormReport = endpoint({ method: 'GET', path, response: FormReport })
export const setFormRule = endpoint({ method: 'POST', path, body: SetFormRule, response: FormReport })
