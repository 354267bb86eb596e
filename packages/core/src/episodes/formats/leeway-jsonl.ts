import { type Episode, type Json, NORMALISER_VERSION, STEP_KINDS, type StepKind } from '../episode.ts'
import type { DraftResult, StepDraft } from '../episode-draft.ts'
import { asArray, asObject, firstMember, type JsonObject, member } from '../json-field.ts'
import { type RecordProblem, type Refused, refused } from '../record-problem.ts'
import type { EpisodeFormat } from './format.ts'

/**
 * Our own format: one `Episode` as JSON per line. Only `steps` is needed; every other field may be left out, and
 * of a step only `kind` and `content` are needed. `outcome` may be a number or true/false instead of an object.
 * A step's `ordinal` is its position; when it is written it has to be that. `parent` is the ordinal of an earlier step.
 *
 * Reading what `episodeLine` wrote gives the same episode.
 */
export const leewayJsonl: EpisodeFormat = {
  name: 'leeway',
  looksLike: 'Leeway episodes: one {steps: [{kind, content}], outcome, taskKey} per line',
  recognise(record) {
    return asArray(member(asObject(record), 'steps')) !== null
  },
  read(record) {
    return [readEpisode(record)]
  },
}

/** One line of our format, without line break. */
export function episodeLine(episode: Episode): string {
  return JSON.stringify(episode)
}

function readEpisode(record: Json): DraftResult {
  const object = asObject(record)
  const version = member(object, 'normaliserVersion')
  if (version !== undefined && version !== NORMALISER_VERSION) {
    return refused({
      field: 'normaliserVersion',
      reason: `The episode was written by normaliser version ${JSON.stringify(version).slice(0, 20)}.`,
      expected: `Version ${NORMALISER_VERSION}.`,
      fix: 'Import it with the version of Leeway that wrote it, or leave the field out to have it read as new.',
    })
  }
  const entries = asArray(member(object, 'steps'))
  if (object === null || entries === null) {
    return refused(wrong('steps', 'steps is not a list.', 'A list of steps, [] if there are none.'))
  }
  const steps = readSteps(entries)
  if (!steps.ok) return steps
  const outcome = member(object, 'outcome')
  const whole = asObject(outcome)
  const bare = whole === null && outcome !== undefined && outcome !== null
  return {
    ok: true,
    draft: {
      sourceId: member(object, 'sourceId'),
      instructions: member(object, 'instructions'),
      taskKey: member(object, 'taskKey'),
      trial: member(object, 'trial'),
      userKey: member(object, 'userKey'),
      sessionKey: member(object, 'sessionKey'),
      startedAt: member(object, 'startedAt'),
      durationMs: member(object, 'durationMs'),
      steps: steps.drafts,
      success: bare ? outcome : firstMember(whole, ['success']),
      severe: member(whole, 'severe'),
      detail: member(whole, 'detail'),
      agentName: member(object, 'agentName'),
      policyName: member(object, 'policyName'),
      policyConfig: member(object, 'policyConfig'),
      paths: {
        success: bare ? 'outcome' : 'outcome.success',
        severe: 'outcome.severe',
        detail: 'outcome.detail',
      },
    },
  }
}

function readSteps(
  entries: readonly Json[],
): { readonly ok: true; readonly drafts: readonly StepDraft[] } | Refused {
  const drafts: StepDraft[] = []
  for (const [ordinal, entry] of entries.entries()) {
    const path = `steps[${ordinal}]`
    const object = asObject(entry)
    if (object === null)
      return refused(wrong(path, 'The step is not an object.', 'An object with kind and content.'))
    const kind = member(object, 'kind')
    if (typeof kind !== 'string' || !isStepKind(kind)) {
      return refused(
        wrong(`${path}.kind`, `The kind of the step is ${short(kind)}.`, `One of ${STEP_KINDS.join(', ')}.`),
      )
    }
    const written = member(object, 'ordinal')
    if (written !== undefined && written !== ordinal) {
      return refused(
        wrong(`${path}.ordinal`, `The ordinal is ${short(written)}.`, `${ordinal}, its position from 0.`),
      )
    }
    const parent = member(object, 'parent') ?? null
    const isEarlier =
      typeof parent === 'number' && Number.isInteger(parent) && parent >= 0 && parent < ordinal
    if (parent !== null && !isEarlier) {
      return refused(
        wrong(
          `${path}.parent`,
          `The parent is ${short(parent)}.`,
          'The ordinal of an earlier step, or null.',
        ),
      )
    }
    drafts.push(readStep(object, kind, parent === null ? null : (drafts[parent as number] as StepDraft)))
  }
  return { ok: true, drafts }
}

function readStep(object: JsonObject, kind: StepKind, parent: StepDraft | null): StepDraft {
  return {
    kind,
    parent,
    name: member(object, 'name'),
    content: member(object, 'content'),
    callId: member(object, 'callId'),
    startedAt: member(object, 'startedAt'),
    durationMs: member(object, 'durationMs'),
    inputTokens: member(object, 'inputTokens'),
    outputTokens: member(object, 'outputTokens'),
    error: member(object, 'error'),
    logprobs: member(object, 'logprobs'),
  }
}

function isStepKind(kind: string): kind is StepKind {
  return (STEP_KINDS as readonly string[]).includes(kind)
}

function short(value: Json | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40)
}

function wrong(field: string, reason: string, expected: string): RecordProblem {
  return { field, reason, expected, fix: 'Correct the field, or leave the step out.' }
}
