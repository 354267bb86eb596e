/** How this week's conversations differ from those that were rated, by agent. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** A share that alerts: at most a few false alarms are a twentieth of all, so less is no limit. */
export const DRIFT_SHARE_MIN = 0.05
export const DRIFT_SHARE_DEFAULT = 0.1

/** `estimate` null: not known; the sentence says why. */
export const UnlikeView = z.object({
  estimate: z
    .object({
      share: z.number(),
      low: z.number(),
      high: z.number(),
      /** Conversations read: fresh ones, of them those that are unlike, and rated ones. */
      fresh: z.number().int(),
      unlike: z.number().int(),
      rated: z.number().int(),
    })
    .nullable(),
  words: z.string(),
  /** The farthest first, at most ten. */
  episodes: z.array(z.string()),
})
export type UnlikeView = z.infer<typeof UnlikeView>

export const DriftReadingView = z.object({
  agent: z.string(),
  at: z.string(),
  /** Conversations from here on are fresh. */
  since: z.string(),
  /** Repeats which conversations were drawn to be read. */
  seed: z.number().int(),
  /** What users asked, and what the agent did. */
  asked: UnlikeView,
  done: UnlikeView,
})
export type DriftReadingView = z.infer<typeof DriftReadingView>

export const DriftView = z.object({
  /** An alert begins where the lower bound of a share is above it; null: none does. */
  shareMax: z.number().nullable(),
  /** Share of conversations that is called unlike where nothing has changed, at most. */
  falseAlarmRate: z.number(),
  /** The newest of each agent. */
  readings: z.array(DriftReadingView),
})
export type DriftView = z.infer<typeof DriftView>

export const SetDriftLimit = z.strictObject({ shareMax: z.number().min(DRIFT_SHARE_MIN).lt(1).nullable() })

const drift = '/api/projects/{project}/drift'
export const showDrift = endpoint({ method: 'GET', path: drift, response: DriftView })
export const setDriftLimit = endpoint({
  method: 'POST',
  path: `${drift}/limit`,
  body: SetDriftLimit,
  response: DriftView,
})
