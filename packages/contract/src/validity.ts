/** Validity rounds: people say of one fault after the other whether it was planted or is the agent's own. */
import { OPERATOR_NAMES } from '@leeway/core/planted-faults/operator'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const OpenValidityRound = z.strictObject({
  /** Null: every fault that has copies. */
  operator: z.enum(OPERATOR_NAMES).nullable().default(null),
  /** Faults shown to each person, at most. */
  questions: z.number().int().min(4).max(100).default(20),
  consent: z.string().trim().min(20, 'say what people agree to').max(4_000),
})
export const EndValidityRound = z.strictObject({
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

const Share = z.object({ value: z.number(), low: z.number(), high: z.number() })
const Detection = z.object({
  caught: z.number().int(),
  answers: z.number().int(),
  low: z.number(),
  high: z.number(),
})
export const ValidityReport = z.object({
  rounds: z.array(
    z.object({
      id: z.string(),
      operator: z.enum(OPERATOR_NAMES).nullable(),
      questions: z.number().int(),
      openedAt: z.string(),
      /** Null while it is open. */
      ended: z.object({ at: z.string(), reason: z.string() }).nullable(),
      /** Whose SHA-256 the ledger has; null while the round is open. */
      seed: z.string().nullable(),
      seedSha256: z.string(),
      people: z.number().int(),
      answers: z.number().int(),
    }),
  ),
  /** By operator with accepted copies, or with answers; over all rounds. */
  operators: z.array(
    z.object({
      operator: z.enum(OPERATOR_NAMES),
      /** Accepted copies, and natural faults of the same questions that may be shown beside them. */
      copies: z.number().int(),
      natural: z.number().int(),
      guesses: z.number().int(),
      people: z.number().int(),
      /** 'too-few' says nothing either way. A failed one is mixed in no more. */
      verdict: z.enum(['passes', 'fails', 'undecided', 'too-few']),
      /** Of guesses; null with too few. */
      right: Share.nullable(),
      /** Further guesses until a verdict, if all goes on as it is; null: none can be foreseen. */
      guessesToGo: z.number().int().nullable(),
      words: z.string(),
      /** How often each kind was caught by raters at work who did not know; null with the reason in `detectionWords`. */
      detection: z.object({ planted: Detection, natural: Detection, difference: Share }).nullable(),
      detectionWords: z.string(),
    }),
  ),
})
export type ValidityReport = z.infer<typeof ValidityReport>

/** What somebody is told of a round; nothing of who guessed what. */
export const ValidityOffer = z.object({
  id: z.string(),
  consent: z.string(),
  agreed: z.boolean(),
  answered: z.number().int(),
  total: z.number().int(),
})
export type ValidityOffer = z.infer<typeof ValidityOffer>
export const ValidityOffers = z.object({ rounds: z.array(ValidityOffer) })

/** The same for both kinds. */
export const ValidityItem = z.object({
  place: z.number().int(),
  episodeId: z.string(),
  question: z.string(),
  guidance: z.string(),
  /** Told: it is the fault that is asked about, not the answer. */
  rightAnswer: z.string(),
})
export type ValidityItem = z.infer<typeof ValidityItem>
export const ValidityTurn = z.object({
  offer: ValidityOffer,
  item: ValidityItem.nullable(),
  /** Right guesses, once all are given; never of a single one. */
  right: z.number().int().nullable(),
})
export type ValidityTurn = z.infer<typeof ValidityTurn>

export const AnswerValidity = z.strictObject({
  place: z.number().int().min(1).max(1_000),
  saidPlanted: z.boolean(),
  startedAt: z.iso.datetime(),
})

const rounds = '/api/projects/{project}/validity-rounds'
const review = '/api/projects/{project}/review/validity-rounds'
export const showValidity = endpoint({ method: 'GET', path: rounds, response: ValidityReport })
export const openValidityRound = endpoint({
  method: 'POST',
  path: rounds,
  body: OpenValidityRound,
  response: ValidityReport,
})
export const endValidityRound = endpoint({
  method: 'POST',
  path: `${rounds}/{round}/end`,
  body: EndValidityRound,
  response: ValidityReport,
})
export const listValidityOffers = endpoint({ method: 'GET', path: review, response: ValidityOffers })
export const agreeToValidity = endpoint({
  method: 'POST',
  path: `${review}/{round}/agree`,
  body: z.strictObject({}),
  response: ValidityTurn,
})
export const showValidityTurn = endpoint({
  method: 'GET',
  path: `${review}/{round}`,
  response: ValidityTurn,
})
export const answerValidity = endpoint({
  method: 'POST',
  path: `${review}/{round}/answer`,
  body: AnswerValidity,
  response: ValidityTurn,
})
