import { EPISODE_LIMITS, type Episode, type Json, NORMALISER_VERSION, type Step } from './episode.ts'
import type { DraftPaths, EpisodeDraft, StepDraft } from './episode-draft.ts'
import { readKey, readNumber, readText, readTime, readWhole } from './field-value.ts'
import { inspectJson, joinPath } from './json-text.ts'
import { type RecordProblem, type Refused, refused } from './record-problem.ts'
import { textBytes } from './text-size.ts'

type NormaliseLimits = { readonly stepBytesMax?: number; readonly stepsMax?: number }

/**
 * Turns what a format read into an episode, or says which field is wrong. Never throws on any JSON.
 *
 * Success has to be a finite number in [0, 1] or true/false; text is refused, even "1": a guess here would be a
 * wrong outcome. Times are ISO 8601 (UTC when they carry no zone) and become UTC with milliseconds. Empty keys and
 * names become null. Steps keep their order and get ordinals from 0; a parent has to come before its child.
 */
export function normaliseEpisode(
  draft: EpisodeDraft,
  limits: NormaliseLimits = {},
): { readonly ok: true; readonly episode: Episode } | Refused {
  const problems: RecordProblem[] = []
  const path = (field: keyof DraftPaths) => draft.paths[field] ?? field
  const key = (field: 'sourceId' | 'taskKey' | 'userKey' | 'sessionKey' | 'agentName' | 'policyName') =>
    readKey(draft[field], path(field), problems)
  const json = (field: 'detail' | 'policyConfig'): Json => {
    const value = draft[field] ?? null
    const problem =
      inspectJson(value) ?? sizeProblem(value, limits.stepBytesMax ?? EPISODE_LIMITS.stepBytesMax)
    if (problem !== null) problems.push({ ...problem, field: joinPath(path(field), problem.field ?? '') })
    return value
  }
  const episode: Episode = {
    normaliserVersion: NORMALISER_VERSION,
    sourceId: key('sourceId'),
    instructions: readText(draft.instructions, path('instructions'), problems) ?? '',
    taskKey: key('taskKey'),
    trial: readWhole(draft.trial, path('trial'), problems, -2_147_483_648),
    userKey: key('userKey'),
    sessionKey: key('sessionKey'),
    startedAt: readTime(draft.startedAt, path('startedAt'), problems),
    durationMs: readNumber(draft.durationMs, path('durationMs'), problems, 0),
    steps: normaliseSteps(draft.steps, path('steps'), draft.stepPath, limits, problems),
    outcome: {
      success: readSuccess(draft.success, path('success'), problems),
      severe: readSevere(draft.severe, path('severe'), problems),
      detail: json('detail'),
    },
    agentName: key('agentName'),
    policyName: key('policyName'),
    policyConfig: json('policyConfig'),
  }
  return problems[0] === undefined ? { ok: true, episode } : refused(problems[0])
}

function readSuccess(value: Json | undefined, field: string, problems: RecordProblem[]): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' && value >= 0 && value <= 1) return value + 0 // -0 becomes 0
  problems.push({
    field,
    reason: `${field} is ${described(value)}.`,
    expected: 'A number from 0 (failure) to 1 (success), true or false; null when it was not measured.',
    fix: 'Divide by the largest possible value if the scale is another one; write null for what is unknown.',
  })
  return null
}

function readSevere(value: Json | undefined, field: string, problems: RecordProblem[]): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'boolean') return value
  problems.push({
    field,
    reason: `${field} is ${described(value)}.`,
    expected: 'true or false.',
    fix: 'Write true when the episode did harm of the severe kind, else false.',
  })
  return false
}

function normaliseSteps(
  drafts: readonly StepDraft[],
  stepsPath: string,
  stepPath: ((ordinal: number) => string) | undefined,
  limits: NormaliseLimits,
  problems: RecordProblem[],
): readonly Step[] {
  const stepsMax = limits.stepsMax ?? EPISODE_LIMITS.stepsMax
  const stepBytesMax = limits.stepBytesMax ?? EPISODE_LIMITS.stepBytesMax
  if (drafts.length > stepsMax) {
    problems.push({
      field: stepsPath,
      reason: `The episode has ${drafts.length.toLocaleString('en')} steps.`,
      expected: `At most ${stepsMax.toLocaleString('en')} steps.`,
      fix: 'Split the run into several episodes.',
    })
    return []
  }
  const ordinals = new Map<StepDraft, number>()
  const isTree = drafts.some((draft) => draft.parent !== undefined && draft.parent !== null)
  const steps: Step[] = []
  for (const [ordinal, draft] of drafts.entries()) {
    const path = stepPath?.(ordinal) ?? `${stepsPath}[${ordinal}]`
    steps.push(normaliseStep(draft, ordinal, path, ordinals, stepBytesMax, problems))
    if (problems.length > 0) return []
    if (isTree) ordinals.set(draft, ordinal)
  }
  return steps
}

function normaliseStep(
  draft: StepDraft,
  ordinal: number,
  path: string,
  ordinals: ReadonlyMap<StepDraft, number>,
  stepBytesMax: number,
  problems: RecordProblem[],
): Step {
  const content = draft.content ?? null
  const wrong = inspectJson(content) ?? sizeProblem(content, stepBytesMax)
  if (wrong !== null) problems.push({ ...wrong, field: joinPath(`${path}.content`, wrong.field ?? '') })
  let parent: number | null = null
  if (draft.parent !== undefined && draft.parent !== null) {
    parent = ordinals.get(draft.parent) ?? null
    if (parent === null) {
      problems.push({
        field: `${path}.parent`,
        reason: 'The parent of this step does not come before it.',
        expected: 'The ordinal of an earlier step, or null.',
        fix: 'Write a step after the one it happened inside.',
      })
    }
  }
  return {
    ordinal,
    parent,
    kind: draft.kind,
    name: given(draft, 'name', readKey, path, problems),
    content,
    callId: given(draft, 'callId', readKey, path, problems),
    startedAt: given(draft, 'startedAt', readTime, path, problems),
    durationMs: given(draft, 'durationMs', readNatural, path, problems),
    inputTokens: given(draft, 'inputTokens', readCount, path, problems),
    outputTokens: given(draft, 'outputTokens', readCount, path, problems),
    error: given(draft, 'error', readText, path, problems),
    logprobs: given(draft, 'logprobs', readLogprobs, path, problems),
  }
}

/** The path of a field is put together only when there is a value: most fields of most steps have none. */
function given<T>(
  draft: StepDraft,
  field: keyof StepDraft & keyof Step,
  read: ReadField<T>,
  path: string,
  problems: RecordProblem[],
): T | null {
  const value = draft[field] as Json | undefined
  return value === undefined || value === null ? null : read(value, `${path}.${field}`, problems)
}

type ReadField<T> = (value: Json, field: string, problems: RecordProblem[]) => T | null

const readNatural: ReadField<number> = (value, field, problems) => readNumber(value, field, problems, 0)
const readCount: ReadField<number> = (value, field, problems) => readWhole(value, field, problems, 0)

function readLogprobs(
  value: Json | undefined,
  field: string,
  problems: RecordProblem[],
): readonly number[] | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'number' && Number.isFinite(entry)))
    return value as readonly number[]
  problems.push({
    field,
    reason: `${field} is not a list of numbers.`,
    expected: 'One log probability in nats for each sampled token, or null.',
    fix: 'Leave the field out when the tokens have no log probabilities.',
  })
  return null
}

function sizeProblem(value: Json, bytesMax: number): RecordProblem | null {
  const bytes = textBytes(value, bytesMax)
  if (bytes <= bytesMax) return null
  return {
    field: '',
    reason: `The content is larger than ${bytesMax.toLocaleString('en')} bytes.`,
    expected: `At most ${bytesMax.toLocaleString('en')} bytes of content in one step.`,
    fix: 'Store the large result elsewhere and write where it is.',
  }
}

function described(value: Json): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  if (value === null || typeof value !== 'object') return String(value)
  return Array.isArray(value) ? 'a list' : 'an object'
}
