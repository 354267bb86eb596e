/** What is known of a policy after its promotion: whether it keeps what its release promised. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const WatchView = z.object({
  policy: z.string(),
  startedAt: z.string(),
  /** Another policy of the agent was promoted since: nothing is drawn any more. */
  hasEnded: z.boolean(),
  /** Failure rate that the release allowed. */
  promisedRate: z.number(),
  /** Probability with which a unit is audited. */
  auditProbability: z.number(),
  /** A false alarm comes once in so many units or more, on average. */
  unitsPerFalseAlarm: z.number().int(),
  /** Units read, in the order of their draws; of them audited, and of those without a label in time. */
  units: z.number().int(),
  audited: z.number().int(),
  missing: z.number().int(),
  /** Units behind the first whose label is still awaited, and that one. */
  waiting: z.number().int(),
  /** Mean failure of those that were audited, with an interval that holds at every look with probability 95 %; null: no audit yet. */
  failure: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** Newest first. */
  alarms: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      /** The unit at which it came. */
      unit: z.number().int(),
      words: z.string(),
      ledgerSeq: z.number().int(),
    }),
  ),
  words: z.string(),
  seedCommitment: z.string(),
  /** Shown when the watch has ended. */
  seed: z.string().nullable(),
})
export type WatchView = z.infer<typeof WatchView>

/** Null: nothing is watched, with why in a sentence. */
export const ReleaseWatch = z.object({ watch: WatchView.nullable(), why: z.string() })
export type ReleaseWatch = z.infer<typeof ReleaseWatch>

export const showWatch = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/releases/{releaseId}/watch',
  response: ReleaseWatch,
})
