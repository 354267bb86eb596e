/**
 * Debates and consultancies about one question on one episode: set up by an admin, spoken and judged by people and
 * models in any mix, replayed by whoever may read. A verdict here is no rating: somebody chose what is debated, so it
 * is never evidence for a gate.
 */
import { PROBABILITY_MIN, ROUND_COST } from '@leeway/core/debates/judge-score'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const DEBATE_KINDS = ['debate', 'consultancy'] as const
export const DEBATE_SEATS = ['a', 'b', 'judge'] as const
export type DebateSeat = (typeof DEBATE_SEATS)[number]

const SEEN = ['quotes', 'episode'] as const
const SeatWanted = z.uuid().nullable()

export const SetUpDebate = z.strictObject({
  kind: z.enum(DEBATE_KINDS).default('debate'),
  rubric: z.uuid(),
  /** Id of the criterion in the rubric; its scale is yes/no or ordinal. */
  criterion: z.string().max(80),
  episode: z.uuid(),
  /** Two answers of the scale. Which is shown as A is drawn. For yes/no they may be left out. */
  answers: z.tuple([z.string().max(200), z.string().max(200)]).optional(),
  /** Raters by id, people or models; null: the first person who may and wants to. Who speaks for which answer is drawn. */
  speakers: z.array(SeatWanted).min(1).max(2),
  judge: SeatWanted.default(null),
  rounds: z.number().int().min(1).max(10).default(3),
  /** Of a speech, quotes aside. */
  words: z.number().int().min(20).max(1_000).default(150),
  /** Bits that a round costs the judge. */
  roundCost: z.number().min(0).max(1).default(ROUND_COST),
  /** 'quotes': the judge reads of the episode only what speakers quote. */
  judgeSees: z.enum(SEEN).default('quotes'),
})

export const SpeechPartView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('words'), text: z.string() }),
  /** `step`: where the words stand, checked by the server; null: nowhere in the episode. */
  z.object({ kind: z.literal('quote'), text: z.string(), step: z.number().int().nullable() }),
])
export const SpeechView = z.object({
  round: z.number().int(),
  side: z.enum(['a', 'b']),
  /** Empty when the speaker had nothing to say, or a model did not answer. */
  parts: z.array(SpeechPartView),
  /** Why nothing was said; null when something was. */
  silent: z.string().nullable(),
})
export type SpeechView = z.infer<typeof SpeechView>
export const JudgmentView = z.object({
  round: z.number().int(),
  probabilityA: z.number().nullable(),
  stop: z.boolean(),
  /** What the judge thinks or asks the speakers. */
  comment: z.string(),
})
export type JudgmentView = z.infer<typeof JudgmentView>

const Setting = {
  id: z.string(),
  kind: z.enum(DEBATE_KINDS),
  question: z.string(),
  guidance: z.string(),
  answers: z.object({ a: z.string(), b: z.string() }),
  rounds: z.number().int(),
  words: z.number().int(),
  roundCost: z.number(),
  judgeSees: z.enum(SEEN),
}

/** A debate as one who sits at it sees it: nobody's name, and of speeches and judgments only what the seat may read. */
export const DebateRoom = z.object({
  ...Setting,
  seat: z.enum(DEBATE_SEATS),
  /** Null for a judge who reads quotes alone. */
  episodeId: z.string().nullable(),
  speeches: z.array(SpeechView),
  judgments: z.array(JudgmentView),
  /** 'you': it is this seat's turn. */
  turn: z.enum(['you', 'others', 'over']),
  round: z.number().int(),
})
export type DebateRoom = z.infer<typeof DebateRoom>

export const DebateSeatOffer = z.object({
  id: z.string(),
  kind: z.enum(DEBATE_KINDS),
  question: z.string(),
  seat: z.enum(DEBATE_SEATS),
  /** 'open': yours if you take it. */
  turn: z.enum(['open', 'you', 'others', 'over']),
  round: z.number().int(),
  rounds: z.number().int(),
})
export const OwnDebates = z.object({ debates: z.array(DebateSeatOffer) })
export type OwnDebates = z.infer<typeof OwnDebates>

export const TakeSeat = z.strictObject({ seat: z.enum(DEBATE_SEATS) })
export const Speak = z.strictObject({
  /** The same round again is the same speech: the first one stands. */
  round: z.number().int().min(1).max(10),
  /** Quotes as [[3: the words of step 3]]. */
  text: z.string().trim().min(1).max(20_000),
  startedAt: z.iso.datetime(),
})
export const JudgeRound = z.strictObject({
  round: z.number().int().min(1).max(10),
  probabilityA: z
    .number()
    .min(PROBABILITY_MIN)
    .max(1 - PROBABILITY_MIN),
  stop: z.boolean(),
  comment: z.string().max(4_000).default(''),
  startedAt: z.iso.datetime(),
})

const Rate = z.object({ share: z.number(), low: z.number(), high: z.number() })
/** A log strength with its interval; null: not to be told, and `why`. */
const Strength = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  why: z.string().nullable(),
})
export type Strength = z.infer<typeof Strength>

export const DebateSummary = z.object({
  id: z.string(),
  kind: z.enum(DEBATE_KINDS),
  question: z.string(),
  answers: z.object({ a: z.string(), b: z.string() }),
  seats: z.object({ a: z.string().nullable(), b: z.string().nullable(), judge: z.string().nullable() }),
  round: z.number().int(),
  rounds: z.number().int(),
  /** 'waiting': for somebody to speak or judge. */
  state: z.enum(['waiting', 'over']),
  waitsFor: z.array(z.enum(DEBATE_SEATS)),
  /** Why a model does not go on; null when nothing holds it up. */
  resting: z.string().nullable(),
  probabilityA: z.number().nullable(),
  /** The answer that is known to be right, of those that may be told; null: none. */
  known: z.enum(['a', 'b']).nullable(),
  /** In bits, where the right answer is known and the debate over. */
  score: z.number().nullable(),
  at: z.string(),
})
export type DebateSummary = z.infer<typeof DebateSummary>

export const DebateList = z.object({
  /** Newest first, at most 200. */
  debates: z.array(DebateSummary),
  kinds: z.array(
    z.object({
      kind: z.enum(DEBATE_KINDS),
      over: z.number().int(),
      /** Of those whose right answer is known. */
      known: z.number().int(),
      right: Rate.nullable(),
      meanScore: z.number().nullable(),
      minutesPerVerdict: z.number().nullable(),
      usdPerVerdict: z.number().nullable(),
    }),
  ),
  speakers: z.array(
    z.object({ name: z.string(), debates: z.number().int(), honest: Strength, dishonest: Strength }),
  ),
  judges: z.array(z.object({ name: z.string(), debates: z.number().int(), rating: Strength })),
})
export type DebateList = z.infer<typeof DebateList>

/** The whole record, for whoever may read and does not sit at it while it goes on. */
export const DebateRecord = z.object({
  ...Setting,
  summary: DebateSummary,
  episodeId: z.string(),
  speeches: z.array(SpeechView),
  judgments: z.array(JudgmentView),
})
export type DebateRecord = z.infer<typeof DebateRecord>

const debates = '/api/projects/{project}/debates'
const room = '/api/projects/{project}/review/debates'
export const listDebates = endpoint({ method: 'GET', path: debates, response: DebateList })
export const setUpDebate = endpoint({
  method: 'POST',
  path: debates,
  body: SetUpDebate,
  response: z.object({ id: z.string() }),
})
export const showDebate = endpoint({ method: 'GET', path: `${debates}/{debate}`, response: DebateRecord })
export const ownDebates = endpoint({ method: 'GET', path: room, response: OwnDebates })
export const showRoom = endpoint({ method: 'GET', path: `${room}/{debate}`, response: DebateRoom })
export const takeSeat = endpoint({
  method: 'POST',
  path: `${room}/{debate}/seat`,
  body: TakeSeat,
  response: DebateRoom,
})
export const speak = endpoint({
  method: 'POST',
  path: `${room}/{debate}/speech`,
  body: Speak,
  response: DebateRoom,
})
export const judgeRound = endpoint({
  method: 'POST',
  path: `${room}/{debate}/judgment`,
  body: JudgeRound,
  response: DebateRoom,
})
