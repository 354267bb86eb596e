/** Reads the `check` of a rubric document into core's `ProgramCheck`. */
import { patternProblem } from '@leeway/core/checks/match-text'
import type { Json } from '@leeway/core/episodes/episode'
import type { CallMatch, ProgramCheck, TextMatch } from '@leeway/core/rubrics/program-check'
import { RESPONSE_FIELDS, readResponseRule } from './response-rule-fields.ts'
import { type FieldReader, readFields, type SayProblem } from './rubric-fields.ts'
import { slowKeyword } from './slow-schema.ts'
import type { YamlPath } from './yaml-document.ts'

/** The kinds as people write them, each with its fields. */
const FIELDS = {
  called: ['tools', 'arguments', 'min', 'max'],
  'not-called': ['tools', 'arguments'],
  before: ['first', 'each'],
  text: ['from', 'pattern', 'ignoreCase', 'present'],
  'final-json': ['schema'],
  response: RESPONSE_FIELDS,
  number: ['tools', 'arguments', 'pointer', 'min', 'max'],
  outcome: ['pointer', 'schema'],
  errors: ['max'],
  steps: ['max'],
} as const
type Kind = keyof typeof FIELDS
const KINDS = Object.keys(FIELDS) as Kind[]

const COUNT = { min: 0, max: 100_000, whole: true }
const PATTERN_MAX = 1_000
const SCHEMA_MAX = 20_000

export function readCheck(value: unknown, path: YamlPath, say: SayProblem): ProgramCheck | null {
  const every = ['kind', ...new Set(KINDS.flatMap((kind) => [...FIELDS[kind]]))]
  const kind = readFields(value, path, every, () => {}, '')?.choice('kind', KINDS)
  if (kind === undefined || kind === null) {
    const fields = readFields(value, path, every, say, 'write check: { kind: called, tools: [name] }')
    fields?.choice('kind', KINDS)
    return null
  }
  const fields = readFields(value, path, ['kind', ...FIELDS[kind]], say)
  return fields && CHECKS[kind](fields, say)
}

const CHECKS: Readonly<Record<Kind, (fields: FieldReader, say: SayProblem) => ProgramCheck | null>> = {
  called(fields, say) {
    const match = callMatch(fields, say)
    const max = fields.optionalNumber('max', COUNT)
    const min = fields.optionalNumber('min', COUNT) ?? Math.min(1, max ?? 1)
    if (max !== null && max < min)
      say([...fields.path, 'max'], `max ${max} is below min ${min}`, 'exchange the two')
    return match && { kind: 'calls', match, min, max }
  },
  'not-called'(fields, say) {
    const match = callMatch(fields, say)
    return match && { kind: 'calls', match, min: 0, max: 0 }
  },
  before(fields, say) {
    const at = fields.path
    const first = readFirst(fields.raw('first'), [...at, 'first'], say)
    const calls = readFields(fields.raw('each'), [...at, 'each'], ['tools', 'arguments'], say, EACH_FIX)
    const each = calls && callMatch(calls, say)
    return first && each && { kind: 'before', first, each }
  },
  text(fields, say) {
    const match = textMatch(fields, say)
    return match && { kind: 'text', match, present: fields.truth('present') ?? true }
  },
  'final-json'(fields, say) {
    const schema = readSchema(fields, 'schema', say)
    return schema === undefined ? null : { kind: 'final-json', schema }
  },
  response(fields, say) {
    const rule = readResponseRule(fields, say)
    return rule && { kind: 'response', rule }
  },
  number(fields, say) {
    const match = callMatch(fields, say)
    const pointer = readPointer(fields, say)
    const [min, max] = [fields.optionalNumber('min', {}), fields.optionalNumber('max', {})]
    if (!fields.has('min') && !fields.has('max'))
      say(fields.path, 'a number check without min and max checks nothing', 'write min, max or both')
    if (min !== null && max !== null && max < min)
      say([...fields.path, 'max'], `max ${max} is below min ${min}`, 'exchange the two')
    return match && pointer !== null ? { kind: 'number', match, pointer, min, max } : null
  },
  outcome(fields, say) {
    const pointer = fields.has('pointer') ? readPointer(fields, say) : '/success'
    const schema = readSchema(fields, 'schema', say)
    return pointer === null || schema === undefined ? null : { kind: 'outcome', pointer, schema }
  },
  errors: (fields) => ({ kind: 'errors', max: fields.optionalNumber('max', COUNT) ?? 0 }),
  steps(fields) {
    const max = fields.number('max', COUNT)
    return max === null ? null : { kind: 'steps', max }
  },
}

const EACH_FIX = 'write each: { tools: [refund, cancel] }, the calls that something must come before'
const FIRST_FIX = 'write { from: user, pattern: "yes" } for a text, or { tools: [name] } for a call'

function readFirst(value: unknown, path: YamlPath, say: SayProblem): TextMatch | CallMatch | null {
  const fields = readFields(
    value,
    path,
    ['from', 'pattern', 'ignoreCase', 'tools', 'arguments'],
    say,
    FIRST_FIX,
  )
  if (fields === null) return null
  const text = fields.has('from') || fields.has('pattern')
  if (text && (fields.has('tools') || fields.has('arguments'))) {
    say(path, 'first is either a text or a call, not both', FIRST_FIX)
    return null
  }
  return text ? textMatch(fields, say) : callMatch(fields, say)
}

function callMatch(fields: FieldReader, say: SayProblem): CallMatch | null {
  const tools = fields.has('tools') ? fields.texts('tools', { countMax: 100, lengthMax: 200 }) : undefined
  const schema = fields.has('arguments') ? readSchema(fields, 'arguments', say) : undefined
  if (tools === null || (fields.has('arguments') && schema === undefined)) return null
  return { ...(tools && { tools }), ...(schema !== undefined && { arguments: schema }) }
}

function textMatch(fields: FieldReader, say: SayProblem): TextMatch | null {
  const from = fields.choice('from', ['user', 'assistant', 'tool_result'] as const)
  const pattern = fields.text('pattern', { lengthMax: PATTERN_MAX })
  const problem = pattern === null ? null : patternProblem(pattern)
  if (problem !== null)
    say(
      [...fields.path, 'pattern'],
      `the pattern is not RE2: ${problem}`,
      'write it without look-around and back-references; RE2 takes linear time on any text',
    )
  return from === null || pattern === null
    ? null
    : { from, pattern, ignoreCase: fields.truth('ignoreCase') ?? false }
}

function readPointer(fields: FieldReader, say: SayProblem): string | null {
  const pointer = fields.text('pointer', { lengthMax: 500, empty: true })
  if (pointer === null || pointer === '' || /^(\/([^~/]|~[01])*)+$/.test(pointer)) return pointer
  say(
    [...fields.path, 'pointer'],
    `"${pointer}" is no JSON pointer`,
    `write ${pointer.startsWith('/') ? '~0 for ~' : `/${pointer.replaceAll('.', '/')}`}`,
  )
  return null
}

/** Undefined when it is missing, too large, or no schema. */
function readSchema(fields: FieldReader, field: string, say: SayProblem): Json | undefined {
  const schema = fields.raw(field)
  const at = fields.has(field) ? [...fields.path, field] : fields.path
  if (
    typeof schema !== 'boolean' &&
    (typeof schema !== 'object' || schema === null || Array.isArray(schema))
  ) {
    say(at, `${field} must be a JSON schema`, `write ${field}: { required: [name] }`)
    return undefined
  }
  const slow = slowKeyword(schema)
  if (slow !== null) {
    say(
      at,
      `a schema here has no ${slow}: on a hostile text it can take for ever`,
      'use enum, const, required, lengths or ranges, or a check of kind text, whose patterns take linear time',
    )
    return undefined
  }
  const length = JSON.stringify(schema).length
  if (length <= SCHEMA_MAX) return schema as Json
  say(at, `the schema has ${length} characters, at most ${SCHEMA_MAX} are allowed`, 'check less')
  return undefined
}
