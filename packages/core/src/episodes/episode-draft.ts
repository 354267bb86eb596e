import type { Json, StepKind } from './episode.ts'
import type { RecordProblem } from './record-problem.ts'

/**
 * What a format makes of one record before anything is checked: values are still as the source wrote them,
 * and `paths` says where in the source they were, so that a refusal names the field a person can find.
 */
export type EpisodeDraft = {
  readonly sourceId?: Json | undefined
  readonly instructions?: Json | undefined
  readonly taskKey?: Json | undefined
  readonly trial?: Json | undefined
  readonly userKey?: Json | undefined
  readonly sessionKey?: Json | undefined
  readonly startedAt?: Json | undefined
  readonly durationMs?: Json | undefined
  readonly steps: readonly StepDraft[]
  readonly success?: Json | undefined
  readonly severe?: Json | undefined
  readonly detail?: Json | undefined
  readonly agentName?: Json | undefined
  readonly policyName?: Json | undefined
  readonly policyConfig?: Json | undefined
  readonly paths: DraftPaths
  /** Where in the source a step was; its place in the list when left out. A function: only a refusal asks. */
  readonly stepPath?: (ordinal: number) => string
}

export type DraftPaths = { readonly [field in Exclude<keyof EpisodeDraft, 'paths' | 'stepPath'>]?: string }

export type StepDraft = {
  readonly kind: StepKind
  readonly name?: Json | undefined
  readonly content?: Json | undefined
  readonly callId?: Json | undefined
  /** The step this one happened inside; it has to come earlier in the list. */
  readonly parent?: StepDraft | null
  readonly startedAt?: Json | undefined
  readonly durationMs?: Json | undefined
  readonly inputTokens?: Json | undefined
  readonly outputTokens?: Json | undefined
  readonly error?: Json | undefined
  readonly logprobs?: Json | undefined
}

export type DraftResult =
  | { readonly ok: true; readonly draft: EpisodeDraft }
  | { readonly ok: false; readonly problem: RecordProblem }
