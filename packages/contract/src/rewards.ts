/** The reward of an episode and what it is made of. Not for the eyes of raters. */
import { COMBINATIONS } from '@leeway/core/rubrics/rubric'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { RatingView } from './raters.ts'

/** `insufficient` says what is missing; it is never a number. */
export const RewardValue = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('known'),
    /** Expected reward in [0, 1] and its 95 % interval. */
    estimate: z.number(),
    low: z.number(),
    high: z.number(),
    method: z.enum(['exact', 'monte-carlo']),
  }),
  z.object({ kind: z.literal('insufficient'), missing: z.array(z.string()) }),
])
export type RewardValue = z.infer<typeof RewardValue>

export const RewardPart = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  depth: z.number().int(),
  question: z.string().nullable(),
  combine: z.enum(COMBINATIONS).nullable(),
  weight: z.number(),
  required: z.boolean(),
  value: RewardValue,
  /** Leaves: how the posterior came about. */
  ratings: z.array(RatingView),
})
export type RewardPart = z.infer<typeof RewardPart>

export const EpisodeReward = z.object({
  episodeId: z.string(),
  rubric: z.object({ id: z.string(), name: z.string(), version: z.number().int() }),
  value: RewardValue,
  /** Leaves that have an estimate, of all that arise in this episode. */
  completeness: z.object({
    answered: z.number().int(),
    total: z.number().int(),
    notApplicable: z.number().int(),
  }),
  /** In reading order, the root first. */
  parts: z.array(RewardPart),
})
export type EpisodeReward = z.infer<typeof EpisodeReward>

/** Which steps the answers under a rubric rest on. */
export const EpisodeCoverageView = z.object({
  rubric: z.object({ id: z.string(), name: z.string(), version: z.number().int() }),
  /** Steps by which the agent acted: its words, thoughts and calls. */
  acted: z.number().int(),
  /** Of those, the ones an answer points at, and the others that a program reads. */
  pointed: z.number().int(),
  read: z.number().int(),
  /** (pointed + read) / acted; null where the agent did nothing. */
  share: z.number().nullable(),
  /** Ordinals of the steps that nothing covers, of any kind that raters are shown. */
  unread: z.array(z.number().int()),
})
export type EpisodeCoverageView = z.infer<typeof EpisodeCoverageView>

export const showEpisodeCoverage = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episode}/coverage',
  query: z.object({ rubric: z.uuid().optional() }),
  /** Null while no rubric is set for the agent, and where the text of the episode is gone. */
  response: z.object({ coverage: EpisodeCoverageView.nullable() }),
})

export const showReward = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episode}/reward',
  query: z.object({ rubric: z.uuid().optional() }),
  /** `reward` is null while no rubric is set for the agent. */
  response: z.object({ reward: EpisodeReward.nullable() }),
})
