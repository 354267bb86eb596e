import type { Json } from '../episode.ts'
import type { StepDraft } from '../episode-draft.ts'
import { asArray, asObject, type JsonObject, member, numberMember, textMember } from '../json-field.ts'
import { inspectError, inspectMessage, joinedText } from './inspect-message.ts'
import type { References } from './inspect-references.ts'

type Step = { -readonly [key in keyof StepDraft]: StepDraft[key] }

export type Transcript = {
  readonly steps: readonly StepDraft[]
  /** Where in the sample each step was. */
  readonly paths: readonly string[]
  /** Events of scorers. They tell the outcome, so they are kept with it and never shown as steps. */
  readonly scoring: readonly Json[]
}

/** Members of an event that are said by its step, or repeat what stands elsewhere. */
const BASE = ['event', 'uuid', 'span_id', 'timestamp', 'working_start', 'pending', 'events']
/** `call` is the provider's raw request and response: the whole history again, once a call. */
const MODEL = [...BASE, 'model', 'input', 'input_refs', 'output', 'error', 'call', 'tools', 'completed']
const TOOL = ['agent', 'agent_span_id', 'failed', 'truncated', 'metadata']

/**
 * The events of a sample as steps. Model calls repeat the whole history: each message becomes one step, where it is
 * first seen. A tool event answers its call. Every other event, known or not, is a note: a `span` named by its kind.
 * Messages of the sample that no event holds come last.
 */
export function inspectTranscript(sample: JsonObject, references: References): Transcript {
  const steps: Step[] = []
  const paths: string[] = []
  const scoring: Json[] = []
  const spans = new Map<string, Step>()
  const scoringSpans = new Set<string>()
  const legacy: { readonly step: Step | null; readonly isScoring: boolean }[] = []
  const heard = heardMessages(references)
  const openCalls = new Map<Json, Step>()
  const answered = new Map<Json, Json>()

  const add = (step: Step, path: string): Step => {
    steps.push(step)
    paths.push(path)
    return step
  }
  const note = (name: string, content: Json, path: string, parent: Step | null, event: JsonObject | null) =>
    add(
      {
        kind: 'span',
        name,
        content: references.resolve(content),
        parent,
        startedAt: member(event, 'timestamp'),
        error:
          name === 'error' || name === 'logger' || name === 'sample_limit' ? problemOf(name, event) : null,
      },
      path,
    )

  function say(message: Json, path: string, parent: Step | null): void {
    const object = asObject(message)
    const callId = textMember(object, 'role') === 'tool' ? member(object, 'tool_call_id') : undefined
    const result = callId === undefined ? undefined : answered.get(callId)
    if (result !== undefined) {
      // The tool's own event came first. What the agent was shown may be shorter: then both are kept.
      const shown = joinedText(references.resolve(member(object, 'content') ?? null))
      if (JSON.stringify(shown) !== JSON.stringify(result))
        note('tool_message', { callId: callId ?? null, content: shown }, path, parent, null)
      return
    }
    const resolved = asObject(references.resolve(message))
    const said = resolved === null ? null : inspectMessage(resolved, parent)
    if (said === null) note('message', message, path, parent, null)
    for (const step of said ?? []) {
      add(step, path)
      if (step.kind === 'tool_call' && isId(step.callId)) {
        openCalls.set(step.callId, step)
        answered.delete(step.callId) // some models use an id again
      }
      if (step.kind === 'tool_result' && isId(step.callId)) answered.set(step.callId, step.content ?? null)
    }
  }

  function model(event: JsonObject, path: string, parent: Step | null): void {
    for (const message of heard.fresh(references.inputOf(event))) say(message, `${path}.input`, parent)
    const output = asObject(member(event, 'output'))
    const choices = asArray(member(output, 'choices')) ?? []
    const usage = asObject(member(output, 'usage'))
    const seconds = numberMember(event, 'working_time') ?? numberMember(output, 'time')
    const first = asObject(choices[0])
    const generation = add(
      {
        kind: 'generation',
        name: textMember(output, 'model') ?? member(event, 'model'),
        parent,
        content: references.resolve({
          ...without(event, MODEL),
          tools: (asArray(member(event, 'tools')) ?? []).map(
            (tool) => member(asObject(tool), 'name') ?? null,
          ),
          output: without(output ?? {}, ['choices', 'model', 'completion']),
          choices: choices.map((choice, at) =>
            at === 0 ? without(asObject(choice) ?? {}, ['message', 'logprobs']) : choice,
          ),
        }),
        startedAt: member(event, 'timestamp'),
        durationMs: milliseconds(seconds),
        inputTokens: numberMember(usage, 'input_tokens'),
        outputTokens: numberMember(usage, 'output_tokens'),
        error: inspectError(member(event, 'error')) ?? inspectError(member(output, 'error')),
        logprobs: logprobsOf(first),
      },
      path,
    )
    const message = member(first, 'message')
    if (message !== undefined && heard.fresh([message], true).length > 0)
      say(message, `${path}.output`, generation)
  }

  function tool(event: JsonObject, path: string, parent: Step | null, depth: number): void {
    const callId = member(event, 'id')
    let call = isId(callId) ? openCalls.get(callId) : undefined
    const name = member(event, 'function')
    if (call === undefined || answered.has(callId as Json)) {
      call = add(
        {
          kind: 'tool_call',
          name,
          callId,
          content: references.resolve(member(event, 'arguments') ?? {}),
          parent,
        },
        path,
      )
    } else if (
      JSON.stringify(references.resolve(member(event, 'arguments') ?? {})) !== JSON.stringify(call.content)
    )
      // An approver may change a call before it runs: what was proposed and what ran are both kept.
      note(
        'executed_call',
        { name: name ?? null, arguments: member(event, 'arguments') ?? {} },
        path,
        parent,
        event,
      )
    events(member(event, 'events'), `${path}.events`, call, depth + 1)
    const result = joinedText(references.resolve(member(event, 'result') ?? null))
    const failed = inspectError(member(event, 'error'))
    add(
      {
        kind: 'tool_result',
        name,
        callId,
        content: result,
        parent,
        startedAt: member(event, 'timestamp'),
        durationMs: milliseconds(numberMember(event, 'working_time')),
        error: failed ?? (member(event, 'failed') === true ? 'The tool failed.' : null),
      },
      path,
    )
    if (isId(callId)) answered.set(callId, result)
    const more = Object.fromEntries(
      TOOL.flatMap((key) => {
        const value = member(event, key)
        return value === undefined || value === null || value === false ? [] : [[key, value]]
      }),
    )
    if (Object.keys(more).length > 0) note('tool', more, path, call, event)
  }

  function begin(
    event: JsonObject,
    id: string | null,
    path: string,
    parent: Step | null,
    isScoring: boolean,
  ) {
    if (isScoring) {
      scoring.push(references.resolve(without(event, ['uuid', 'pending'])))
      if (id !== null) scoringSpans.add(id)
      return null
    }
    const name = textMember(event, 'name') ?? textMember(event, 'type') ?? 'span'
    const step = note(name, without(event, [...BASE, 'name', 'action']), path, parent, event)
    if (id !== null) spans.set(id, step)
    return step
  }

  function one(value: Json, path: string, above: Step | null, depth: number): void {
    const event = asObject(value)
    const kind = textMember(event, 'event')
    if (event === null || kind === null) {
      note('event', value, path, above, null)
      return
    }
    const spanId = textMember(event, kind === 'span_begin' ? 'parent_id' : 'span_id')
    const parent = (spanId === null ? undefined : spans.get(spanId)) ?? legacy.at(-1)?.step ?? above
    const inScoring = (spanId !== null && scoringSpans.has(spanId)) || legacy.at(-1)?.isScoring === true
    const type = textMember(event, 'type')
    const starts = inScoring || type === 'scorer' || type === 'scorers'
    if (kind === 'span_begin') {
      begin(event, textMember(event, 'id'), path, parent, starts)
    } else if (kind === 'span_end') {
      const id = textMember(event, 'id') ?? ''
      const span = spans.get(id)
      if (span !== undefined) span.durationMs ??= between(span.startedAt, member(event, 'timestamp'))
      else if (!scoringSpans.has(id)) note('span_end', without(event, BASE), path, parent, event)
    } else if (kind === 'step' && member(event, 'action') === 'begin') {
      legacy.push({ step: begin(event, null, path, parent, starts), isScoring: starts })
    } else if (kind === 'step' && member(event, 'action') === 'end' && legacy.length > 0) {
      const span = legacy.pop()?.step
      if (span) span.durationMs ??= between(span.startedAt, member(event, 'timestamp'))
    } else if (inScoring || kind === 'score' || kind === 'score_edit') {
      scoring.push(
        references.resolve(
          inScoring && kind === 'model' ? graded(event) : without(event, ['uuid', 'pending']),
        ),
      )
    } else if (kind === 'sample_init') {
      // It repeats the sample, and with it the target, which nobody who rates may see.
      const state = asObject(member(event, 'state'))
      const given = without(state ?? {}, ['messages', 'output', 'metadata', 'store', 'target'])
      note('sample_init', given, path, parent, event)
    } else if (kind === 'model') model(event, path, parent)
    else if (kind === 'tool') tool(event, path, parent, depth)
    else {
      const step = note(kind, without(event, BASE), path, parent, event)
      events(member(event, 'events'), `${path}.events`, step, depth + 1)
    }
  }

  /** What a model that scored was asked and said, without the repetitions. */
  function graded(event: JsonObject): Json {
    return { ...without(event, ['uuid', 'pending', 'call', 'input_refs']), input: references.inputOf(event) }
  }

  function events(list: Json | undefined, path: string, above: Step | null, depth: number): void {
    for (const [at, event] of (asArray(list) ?? []).entries()) {
      if (references.overLimit() !== null) return
      one(event, `${path}[${at}]`, above, depth)
    }
  }

  const transcript = asObject(member(sample, 'transcript'))
  if (transcript !== null) events(member(transcript, 'events'), 'transcript.events', null, 0)
  events(member(sample, 'events'), 'events', null, 0)
  for (const [at, message] of (asArray(member(sample, 'messages')) ?? []).entries())
    if (heard.isNew(message)) say(message, `messages[${at}]`, null)
  return { steps, paths, scoring }
}

/**
 * Tells new messages from the repeated history. A message is known by its id, else by role and words; of equal
 * words without id the n-th in one history is new when only n-1 were heard.
 */
function heardMessages(references: References) {
  const heard = new Map<string, number>()
  const keys = new Map<Json, readonly string[]>()
  const finals = new Map<string, number>()
  const keysOf = (message: Json): readonly string[] => {
    const known = keys.get(message)
    if (known !== undefined) return known
    const object = asObject(message)
    const id = textMember(object, 'id')
    const role = textMember(object, 'role') ?? ''
    const calls = asArray(member(object, 'tool_calls')) ?? []
    const ids = calls.map((call) => member(asObject(call), 'id') ?? null)
    const callId = member(object, 'tool_call_id') ?? null
    const words = JSON.stringify(references.resolve(member(object, 'content') ?? null))
    const key = id === null ? `words ${role} ${JSON.stringify([callId, ids])} ${words}` : `id ${id}`
    const found = [key]
    if (message !== null && typeof message === 'object') keys.set(message, found)
    return found
  }
  return {
    /** Those of a history that were not heard before. `isSaid`: a new saying, even in words heard before. */
    fresh(messages: readonly Json[], isSaid = false): readonly Json[] {
      const here = new Map<string, number>()
      return messages.filter((message) => {
        const [key] = keysOf(message) as [string]
        const before = heard.get(key) ?? 0
        if (isSaid) {
          if (before > 0 && key.startsWith('id ')) return false
          heard.set(key, before + 1)
          return true
        }
        const count = (here.get(key) ?? 0) + 1
        here.set(key, count)
        if (count <= before || (count > 1 && key.startsWith('id '))) return false
        heard.set(key, count)
        return true
      })
    },
    /** For the messages of the sample itself, one after the other. */
    isNew(message: Json): boolean {
      const [key] = keysOf(message) as [string]
      const count = (finals.get(key) ?? 0) + 1
      finals.set(key, count)
      return count > (heard.get(key) ?? 0)
    },
  }
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => value !== null && !keys.includes(key)),
  )
}

function isId(value: Json | undefined): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

function problemOf(name: string, event: JsonObject | null): string | null {
  if (name === 'error') return inspectError(member(event, 'error'))
  if (name === 'sample_limit')
    return textMember(event, 'message') ?? `limit: ${textMember(event, 'type') ?? 'unknown'}`
  const message = asObject(member(event, 'message'))
  return textMember(message, 'level') === 'error' ? textMember(message, 'message') : null
}

function milliseconds(seconds: number | null): number | undefined {
  return seconds !== null && seconds >= 0 ? seconds * 1000 : undefined
}

function between(from: Json | undefined, to: Json | undefined): number | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined
  const span = Date.parse(to) - Date.parse(from)
  return span >= 0 ? span : undefined
}

function logprobsOf(choice: JsonObject | null): Json | undefined {
  const tokens = asArray(member(asObject(member(choice, 'logprobs')), 'content'))
  const values = tokens?.map((token) => member(asObject(token), 'logprob'))
  return values !== undefined && values.length > 0 && values.every((value) => typeof value === 'number')
    ? (values as readonly number[])
    : undefined
}
