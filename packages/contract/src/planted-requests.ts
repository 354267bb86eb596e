/** Planted requests: held calls with a known fault for which no agent waits, mixed in among those that people decide about. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'
import { OwnPauseNote } from './planted-faults.ts'

export const SHARE_MAX = 0.2

export const SetPlantedRequests = z.strictObject({
  /** Chance that a decision is followed by a planted request; 0: never. */
  share: z.number().min(0).max(SHARE_MAX),
})

export const PlantedRequestReport = z.object({
  /** Null: it was never set, and nothing is planted. */
  share: z.number().nullable(),
  /** Only what was decided, or ran out, before this instant is counted: what came today is told later. */
  countedUntil: z.string(),
  planted: z.number().int(),
  ranOut: z.number().int(),
  /** By person who decided about at least one. */
  people: z.array(
    z.object({
      name: z.string(),
      caught: z.number().int(),
      answers: z.number().int(),
      /** Of the chance to catch one: exact, 95 %. */
      low: z.number(),
      high: z.number(),
      /** Approved in less time than reading takes. */
      fastMisses: z.number().int(),
      verdict: z.enum(['rubber-stamping', 'undecided']),
      /** Between showing and decision, where the page said so; null where it never did. */
      medianSeconds: z.number().nullable(),
    }),
  ),
})
export type PlantedRequestReport = z.infer<typeof PlantedRequestReport>

const Reason = z.string().trim().min(3, 'say in a few words why it should be denied').max(2_000)
const ARGUMENTS_MAX = 20_000
export const BEFORE_MAX = 12

/** A request that an admin writes, to be planted once. */
export const WriteRequest = z.strictObject({
  agent: z.string().min(1).max(200),
  tool: z.string().min(1).max(200),
  arguments: z
    .record(z.string(), JsonValue)
    .refine((given) => JSON.stringify(given).length <= ARGUMENTS_MAX, 'at most 20000 characters of JSON'),
  reason: Reason,
  /** What led to it, oldest first. Left out: it stands where a recorded call of the same tool stood. */
  before: z
    .array(z.strictObject({ role: z.enum(['user', 'assistant']), text: z.string().min(1).max(4_000) }))
    .max(BEFORE_MAX)
    .default([]),
})
export const PlantIncident = z.strictObject({
  /** Of the call in the episode. */
  step: z.number().int().min(0),
  reason: Reason,
})
/** Those that whoever asks wrote: nobody is shown what others wrote, as they may have to decide about it. */
export const WrittenRequests = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      agent: z.string(),
      tool: z.string(),
      reason: z.string(),
      incidentId: z.string().nullable(),
      at: z.string(),
      /** 'planted': it came before people, as is told from the next day on. */
      state: z.enum(['kept', 'planted', 'withdrawn']),
    }),
  ),
})
export type WrittenRequests = z.infer<typeof WrittenRequests>
export const IncidentCalls = z.object({
  /** Why it was reported. */
  reason: z.string(),
  calls: z.array(
    z.object({
      step: z.number().int(),
      tool: z.string(),
      argumentsText: z.string(),
      /** Why it cannot be planted; null: it can. */
      cannot: z.string().nullable(),
    }),
  ),
  /** Why there is no call; null where there are some. */
  none: z.string().nullable(),
})
export type IncidentCalls = z.infer<typeof IncidentCalls>

const path = '/api/projects/{project}/planted-requests'
const written = `${path}/written` as const
const ofIncident = '/api/projects/{project}/incidents/{incident}/planted-request'
export const listWrittenRequests = endpoint({ method: 'GET', path: written, response: WrittenRequests })
export const writeRequest = endpoint({
  method: 'POST',
  path: written,
  body: WriteRequest,
  response: WrittenRequests,
})
export const withdrawRequest = endpoint({
  method: 'POST',
  path: `${written}/{request}/withdraw`,
  body: z.strictObject({}),
  response: WrittenRequests,
})
export const showIncidentCalls = endpoint({ method: 'GET', path: ofIncident, response: IncidentCalls })
export const plantIncident = endpoint({
  method: 'POST',
  path: ofIncident,
  body: PlantIncident,
  response: WrittenRequests,
})
export const showPlantedRequests = endpoint({ method: 'GET', path, response: PlantedRequestReport })
export const setPlantedRequests = endpoint({
  method: 'POST',
  path,
  body: SetPlantedRequests,
  response: PlantedRequestReport,
})
const pause = '/api/projects/{project}/approvals/pause'
export const showApprovalPause = endpoint({ method: 'GET', path: pause, response: OwnPauseNote })
export const readApprovalPause = endpoint({
  method: 'POST',
  path: `${pause}/{note}/read`,
  body: z.strictObject({}),
  response: OwnPauseNote,
})
