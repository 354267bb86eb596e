import type { Json } from '../episode.ts'
import type { StepDraft } from '../episode-draft.ts'

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/** A step while its trace is being put together: a later span can still tell its times or its result. */
export type TraceStep = Mutable<StepDraft> & { content: Json; callId: string | null; name: string | null }
