/** Planted requests: held calls with a known fault for which no agent waits, mixed in among those that people decide about. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
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

const path = '/api/projects/{project}/planted-requests'
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
