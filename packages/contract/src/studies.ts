/**
 * Studies with people: what help does to answers, on questions whose answers are known. Everything is fixed before the first
 * answer; who gets which help is drawn by rater and item; results open when the planned answers are in.
 */
import { SEVERITIES } from '@leeway/core/critiques/claim'
import { z } from 'zod'
import { SpeechView } from './debates.ts'
import { endpoint } from './endpoint.ts'
import { PartView } from './splits.ts'

export const STUDY_ARMS = ['unaided', 'critique', 'decomposition', 'debate', 'consultancy'] as const
export type StudyArm = (typeof STUDY_ARMS)[number]

export const SetUpStudy = z.strictObject({
  name: z.string().trim().min(3).max(120),
  /** What is to be found out, for those who take part and for the record. */
  question: z.string().trim().min(10).max(1_000),
  rubric: z.uuid(),
  /** A leaf of the rubric with the scale yes/no and known answers. */
  criterion: z.string().max(80),
  /** The first one is the control. */
  arms: z.array(z.enum(STUDY_ARMS)).min(2).max(STUDY_ARMS.length),
  raters: z.number().int().min(1).max(500),
  itemsPerRater: z.number().int().min(1).max(500),
  /** What people agree to before they take part. */
  consent: z.string().trim().min(20).max(10_000),
  /** Share right that is expected in the control, and how much more with help: what the size was chosen for. */
  expected: z.strictObject({
    control: z.number().min(0.01).max(0.99),
    difference: z.number().min(-0.99).max(0.99),
  }),
})

export const STUDY_STATES = ['open', 'complete', 'stopped'] as const

export const StudySummary = z.object({
  id: z.string(),
  name: z.string(),
  question: z.string(),
  criterion: z.string(),
  arms: z.array(z.enum(STUDY_ARMS)),
  state: z.enum(STUDY_STATES),
  /** Planned, and how many have agreed to take part. */
  raters: z.number().int(),
  joined: z.number().int(),
  itemsPerRater: z.number().int(),
  items: z.number().int(),
  answersPlanned: z.number().int(),
  answers: z.number().int(),
  at: z.string(),
})
export type StudySummary = z.infer<typeof StudySummary>
export const StudyList = z.object({ studies: z.array(StudySummary) })

const Share = z.object({ share: z.number(), low: z.number().nullable(), high: z.number().nullable() })
export const StudyArmView = z.object({
  arm: z.enum(STUDY_ARMS),
  answers: z.number().int(),
  raters: z.number().int(),
  right: Share,
  logScore: z.number().nullable(),
  overconfidence: z.number().nullable(),
  medianSeconds: z.number().nullable(),
  usdAnAnswer: z.number(),
  /** In and out, of the models that helped. */
  tokensAnAnswer: z.number(),
  /** Of the people whose answers were shown as help. */
  helpMinutesAnAnswer: z.number(),
  spoilt: z.number().int(),
  mended: z.number().int(),
  /** Share right less the control's; null for the control. */
  difference: Share.nullable(),
  verdict: z.enum(['shown', 'fragile', 'not-shown', 'insufficient']).nullable(),
  minutesPerErrorRemoved: z.number().nullable(),
  usdPerErrorRemoved: z.number().nullable(),
  tokensPerErrorRemoved: z.number().nullable(),
})
export type StudyArmView = z.infer<typeof StudyArmView>

export const StudyView = z.object({
  summary: StudySummary,
  consent: z.string(),
  expected: z.object({ control: z.number(), difference: z.number() }),
  /** SHA-256 (hex) of all that was fixed; in the ledger since it was. */
  sha256: z.string(),
  /** The seed of the draws, once the study is over: with it every draw can be repeated. */
  seed: z.string().nullable(),
  stopped: z.object({ reason: z.string(), at: z.string() }).nullable(),
  /** Answers of each arm so far: all that is told before the study is over. */
  counts: z.array(z.object({ arm: z.enum(STUDY_ARMS), answers: z.number().int() })),
  /** Null before the planned answers are in: looking early and stopping at will would find what is not there. */
  report: z.array(StudyArmView).nullable(),
})
export type StudyView = z.infer<typeof StudyView>

export const StopStudy = z.strictObject({ reason: z.string().trim().min(3).max(2_000) })

/** A study as one who may take part sees it. Neither arms nor known answers are told. */
export const StudyOffer = z.object({
  id: z.string(),
  name: z.string(),
  question: z.string(),
  consent: z.string(),
  /** Null before one agreed. */
  agreedAt: z.string().nullable(),
  answered: z.number().int(),
  total: z.number().int(),
})
export type StudyOffer = z.infer<typeof StudyOffer>
export const StudyOffers = z.object({ studies: z.array(StudyOffer) })

const StudyClaim = z.object({
  text: z.string(),
  severity: z.enum(SEVERITIES),
  step: z.number().int(),
  quote: z.string(),
})

export const StudyItem = z.object({
  /** Counts from 1. */
  place: z.number().int(),
  total: z.number().int(),
  question: z.string(),
  guidance: z.string(),
  options: z.array(z.string()),
  /** 'final': once more, with the help that came after the first answer. */
  stage: z.enum(['first', 'final']),
  /** Null where the episode itself is not shown. */
  episodeId: z.string().nullable(),
  /** What was answered before the help; null in the first stage. */
  before: z.object({ value: z.string(), probability: z.number() }).nullable(),
  claims: z.array(StudyClaim),
  /** What others said to the parts of the question, in the final stage. */
  parts: z.array(PartView.omit({ mine: true })),
  /** A recorded debate or consultancy, whole. */
  speeches: z.array(SpeechView),
  answers: z.object({ a: z.string(), b: z.string() }).nullable(),
})
export type StudyItem = z.infer<typeof StudyItem>
/** `item` null: nothing is left to answer. */
export const StudyTurn = z.object({ offer: StudyOffer, item: StudyItem.nullable() })
export type StudyTurn = z.infer<typeof StudyTurn>

export const AnswerStudy = z.strictObject({
  place: z.number().int().min(1).max(500),
  stage: z.enum(['first', 'final']),
  value: z.string().max(200),
  /** Of the stated answer: above an even guess, and never certain. */
  probability: z.number().min(0.51).max(0.99),
  startedAt: z.iso.datetime(),
})

const studies = '/api/projects/{project}/studies'
const taking = '/api/projects/{project}/review/studies'
export const listStudies = endpoint({ method: 'GET', path: studies, response: StudyList })
export const setUpStudy = endpoint({ method: 'POST', path: studies, body: SetUpStudy, response: StudyView })
export const showStudy = endpoint({ method: 'GET', path: `${studies}/{study}`, response: StudyView })
export const stopStudy = endpoint({
  method: 'POST',
  path: `${studies}/{study}/stop`,
  body: StopStudy,
  response: StudyView,
})
export const studyOffers = endpoint({ method: 'GET', path: taking, response: StudyOffers })
export const agreeToStudy = endpoint({
  method: 'POST',
  path: `${taking}/{study}/agree`,
  body: z.strictObject({}),
  response: StudyTurn,
})
export const studyTurn = endpoint({ method: 'GET', path: `${taking}/{study}`, response: StudyTurn })
export const answerStudy = endpoint({
  method: 'POST',
  path: `${taking}/{study}/answer`,
  body: AnswerStudy,
  response: StudyTurn,
})
