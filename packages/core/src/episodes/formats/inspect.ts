import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import {
  asArray,
  asObject,
  firstMember,
  type JsonObject,
  member,
  numberMember,
  textMember,
} from '../json-field.ts'
import { refused } from '../record-problem.ts'
import type { EpisodeFormat } from './format.ts'
import { inspectReferences, NAMED_MESSAGES_MAX, RESOLVED_CHARS_MAX } from './inspect-references.ts'
import { inspectOutcome } from './inspect-score.ts'
import { inspectTranscript } from './inspect-transcript.ts'

/** Inspect evaluation logs written as JSON: one log with its header and all its samples. */
export const inspect: EpisodeFormat = {
  name: 'inspect',
  looksLike:
    'Inspect evaluation logs: {version, status, eval: {task, model, …}, samples: […]}, or a .eval file',
  recognise(record) {
    const object = asObject(record)
    const spec = asObject(member(object, 'eval'))
    return member(object, 'status') !== undefined && member(spec, 'task') !== undefined
  },
  read(record) {
    const log = asObject(record) ?? {}
    const samples = asArray(member(log, 'samples')) ?? []
    if (samples.length === 0) return [refused(noSamples(log))]
    return samples.map((sample, at) => readInspectSample(log, sample, `samples[${at}].`))
  },
}

/**
 * One sample of a log as an episode draft. Never throws.
 *
 * @param log the header: `eval`, `status`, `version`
 * @param prefix what problems put before the names of fields, such as `samples[3].`
 */
export function readInspectSample(log: JsonObject, written: Json, prefix: string): DraftResult {
  const sample = asObject(written)
  const id = member(sample, 'id')
  if (sample === null || (typeof id !== 'number' && (typeof id !== 'string' || id === ''))) {
    return refused({
      field: `${prefix}id`,
      reason: 'The sample has no id.',
      expected: 'A number or text.',
      fix: 'Write the log again with Inspect: `inspect log convert`.',
    })
  }
  const spec = asObject(member(log, 'eval'))
  const task = textMember(spec, 'task') ?? 'task'
  const epoch = member(sample, 'epoch') ?? 1
  const references = inspectReferences(sample)
  const transcript = inspectTranscript(sample, references)
  const instructions = asked(references.resolve(member(sample, 'input') ?? ''))
  const outcome = inspectOutcome(sample)
  const events = asArray(member(sample, 'events')) ?? []
  const run = textMember(spec, 'eval_id', 'run_id') ?? 'log'
  const seconds = numberMember(sample, 'total_time')
  const rest = references.resolve(
    Object.fromEntries(
      Object.entries(sample).filter(([key, value]) => !READ.has(key) && value !== null && !isEmpty(value)),
    ),
  )
  const missing = references.missing()
  const passed = references.overLimit()
  if (passed !== null) {
    const [limit, what] =
      passed === 'resolvedChars'
        ? [RESOLVED_CHARS_MAX, 'characters of attachments']
        : [NAMED_MESSAGES_MAX, 'pooled messages named by model calls']
    return refused({
      field: `${prefix}${passed === 'resolvedChars' ? 'attachments' : 'events'}`,
      reason: 'The references of this sample add up to more than a sample may hold.',
      expected: `At most ${limit.toLocaleString('en')} ${what}, repetitions included.`,
      fix: 'Leave the repeated events out of the log, or split the sample.',
    })
  }
  const lost =
    missing.count === 0
      ? []
      : [
          {
            kind: 'span' as const,
            name: 'missing references',
            content: missing.listed,
            error: `The log names ${missing.count} messages or attachments that it does not hold.`,
          },
        ]
  return {
    ok: true,
    draft: {
      sourceId: textMember(sample, 'uuid') ?? `${run}:${id}:${JSON.stringify(epoch)}`,
      instructions,
      taskKey: `${task}/${id}`,
      trial: epoch,
      startedAt: member(sample, 'started_at') ?? firstMember(asObject(events[0]), ['timestamp']) ?? undefined,
      durationMs: seconds === null || seconds < 0 ? undefined : seconds * 1000,
      steps: [...transcript.steps, ...lost],
      stepPath: (ordinal) => `${prefix}${transcript.paths[ordinal] ?? 'events'}`,
      success: outcome.success,
      detail: {
        ...(rest as JsonObject),
        ...(outcome.note === null ? {} : { outcomeNote: outcome.note }),
        ...(transcript.scoring.length === 0 ? {} : { scoring: transcript.scoring }),
        ...(missing.count === 0 ? {} : { missingReferences: missing.count }),
        log: picked(spec, log),
      },
      agentName: textMember(spec, 'solver') ?? task,
      policyName: textMember(spec, 'model'),
      paths: {
        sourceId: `${prefix}uuid`,
        taskKey: `${prefix}id`,
        trial: `${prefix}epoch`,
        instructions: `${prefix}input`,
        startedAt: `${prefix}started_at`,
        steps: `${prefix}events`,
        success: `${prefix}scores`,
        detail: prefix.replace(/\.$/, ''),
        agentName: 'eval.solver',
        policyName: 'eval.model',
      },
    },
  }
}

/** Members of a sample that the episode says itself; all others are kept as the detail of its outcome. */
const READ: ReadonlySet<string> = new Set([
  'id',
  'epoch',
  'uuid',
  'input',
  'messages',
  'output',
  'events',
  'events_data',
  'message_pool',
  'call_pool',
  'attachments',
  'transcript',
  'started_at',
  'total_time',
])

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Which run a sample belongs to. The plan and the statistics of the log are not repeated in every sample. */
function picked(spec: JsonObject | null, log: JsonObject): Json {
  const keys = ['eval_id', 'run_id', 'created', 'task', 'task_version', 'task_args', 'solver', 'solver_args']
  const more = [
    'model',
    'model_args',
    'model_generate_config',
    'model_roles',
    'config',
    'revision',
    'packages',
  ]
  const kept = [...keys, ...more].flatMap((key) => {
    const value = member(spec, key)
    return value === undefined || value === null || isEmpty(value) ? [] : [[key, value] as const]
  })
  return { status: member(log, 'status') ?? null, ...Object.fromEntries(kept) }
}

/** The words of the person: the text itself, or what the user says in a list of messages. */
function asked(input: Json): Json {
  const messages = asArray(input)
  if (messages === null) return input
  const said = messages.flatMap((message) => {
    const object = asObject(message)
    if (textMember(object, 'role') !== 'user') return []
    const content = member(object, 'content') ?? null
    const parts = asArray(content) ?? [content]
    return parts.flatMap((part) =>
      typeof part === 'string' ? part : (textMember(asObject(part), 'text') ?? []),
    )
  })
  return said.join('\n')
}

function noSamples(log: JsonObject) {
  return {
    field: 'samples',
    reason: `The log holds no samples (status ${JSON.stringify(member(log, 'status') ?? null).slice(0, 40)}).`,
    expected: 'A log with at least one sample.',
    fix: 'Run the evaluation to its end, with `log_samples` on, and import the log again.',
  }
}
