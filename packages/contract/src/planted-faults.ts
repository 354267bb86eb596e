/** Planted faults: edited copies of real episodes whose right answer is known, mixed in among questions unannounced. */
import { OPERATOR_NAMES } from '@leeway/core/planted-faults/operator'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { StepBody } from './episodes.ts'

export const PlantFaults = z.strictObject({
  rubric: z.uuid(),
  /** Id of the question within the rubric that the fault breaks. */
  criterion: z.string().min(1).max(80),
  operator: z.enum(OPERATOR_NAMES),
  /** The right answer to the question on every copy. */
  value: z.string().min(1).max(200),
  episodes: z.array(z.uuid()).min(1).max(200),
})

export const PlantedFault = z.object({
  /** Of the copy. */
  id: z.string(),
  /** The original. */
  episodeId: z.string(),
  criterionSha256: z.string(),
  question: z.string(),
  operator: z.enum(OPERATOR_NAMES),
  value: z.string(),
  /** Where the fault is in the copy. */
  step: z.number().int(),
  /** 'waiting' until somebody has looked; only accepted ones are shown to raters. */
  state: z.enum(['waiting', 'accepted', 'rejected', 'without-text']),
  /** Raters for whom it was drawn, and answers of theirs. */
  drawn: z.number().int(),
  answers: z.number().int(),
  caught: z.number().int(),
})
export type PlantedFault = z.infer<typeof PlantedFault>

export const FaultsPlanted = z.object({
  planted: z.array(
    z.object({ id: z.string(), episodeId: z.string(), step: z.number().int(), words: z.string() }),
  ),
  /** Episodes with no place for the fault, or planted with it before. */
  skipped: z.array(z.object({ episodeId: z.string(), reason: z.string() })),
})

/** What somebody looks at before it is shown to raters. */
export const PlantedChange = z.object({
  fault: PlantedFault,
  /** Steps of the original that the copy lacks, and of the copy that the original lacks. */
  removed: z.array(StepBody),
  added: z.array(StepBody),
})
export type PlantedChange = z.infer<typeof PlantedChange>

export const ReviewPlanted = z.strictObject({
  accepted: z.boolean(),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

const Detection = z.object({
  caught: z.number().int(),
  answers: z.number().int(),
  low: z.number(),
  high: z.number(),
})
export const PlantedReport = z.object({
  items: z.array(PlantedFault),
  /** By operator, over all raters. */
  operators: z.array(z.object({ operator: z.enum(OPERATOR_NAMES), detection: Detection })),
  /** By rater who answered at least one; `fastMisses` are those answered faster than careful answers take. */
  raters: z.array(
    z.object({
      raterId: z.string(),
      name: z.string(),
      detection: Detection,
      rubberStamp: z.object({
        verdict: z.enum(['rubber-stamping', 'undecided']),
        fastMisses: z.number().int(),
        low: z.number(),
        high: z.number(),
      }),
    }),
  ),
  /** Share of planted faults caught less that of natural ones, of the same questions; null with the reason. */
  againstNatural: z
    .object({ planted: Detection, natural: Detection, value: z.number(), low: z.number(), high: z.number() })
    .nullable(),
  words: z.array(z.string()),
})
export type PlantedReport = z.infer<typeof PlantedReport>

/** Told to a rater who answers faster than anybody reads; never right after the answers that it rests on. */
export const PauseNote = z.object({
  id: z.string(),
  /** What careful answers mostly take, to ten seconds; null when too little is known. */
  carefulSeconds: z.number().nullable(),
})
export type PauseNote = z.infer<typeof PauseNote>
export const OwnPauseNote = z.object({ note: PauseNote.nullable() })
export type OwnPauseNote = z.infer<typeof OwnPauseNote>

const path = '/api/projects/{project}/planted-faults'
export const showPlantedFaults = endpoint({ method: 'GET', path, response: PlantedReport })
export const plantFaults = endpoint({ method: 'POST', path, body: PlantFaults, response: FaultsPlanted })
export const showPlantedChange = endpoint({
  method: 'GET',
  path: `${path}/{planted}`,
  response: PlantedChange,
})
export const reviewPlanted = endpoint({
  method: 'POST',
  path: `${path}/{planted}/review`,
  body: ReviewPlanted,
  response: PlantedFault,
})
const pause = '/api/projects/{project}/review/pause'
export const showPauseNote = endpoint({ method: 'GET', path: pause, response: OwnPauseNote })
export const readPauseNote = endpoint({
  method: 'POST',
  path: `${pause}/{note}/read`,
  body: z.strictObject({}),
  response: OwnPauseNote,
})
