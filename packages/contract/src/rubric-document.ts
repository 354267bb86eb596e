/**
 * Reads a rubric as people write it (YAML or JSON) into core's `Rubric`; docs/guide/rubrics.md explains the fields.
 *
 * Every mistake is found in one pass and told with its line, its path and how to mend it. Values that are not written
 * get defaults that stay visible in `leeway rubric show`.
 */
import { type QuoteFinder, quoteFinder } from '@leeway/core/instruction-coverage/quote-finder'
import { INSTRUCTION_MAX } from '@leeway/core/response-rules/rules-in-instruction'
import {
  COMBINATIONS,
  type Criterion,
  RATER_KINDS,
  type Rubric,
  type RubricNode,
} from '@leeway/core/rubrics/rubric'
import type { Scale } from '@leeway/core/rubrics/scale'
import { readCheck } from './rubric-check.ts'
import { type FieldReader, readFields } from './rubric-fields.ts'
import type { RubricProblem } from './rubrics.ts'
import { joinYamlPath, readYamlDocument, type YamlPath } from './yaml-document.ts'

export type ReadRubric =
  | {
      readonly ok: true
      readonly rubric: Rubric /** Warnings. */
      readonly problems: readonly RubricProblem[]
    }
  /** At least one error. */
  | { readonly ok: false; readonly problems: readonly RubricProblem[] }

const SOURCE_MAX = 500_000
const NODES_MAX = 500
const DEPTH_MAX = 12
/** Quotes of one question, of all together, and characters of one. */
export const CHECKS_MAX = 20
const CHECKS_IN_ALL_MAX = 500
export const CHECK_CHARACTERS_MAX = 500
/** The rest would only repeat the first mistakes. */
const PROBLEMS_MAX = 50

export function readRubric(text: string): ReadRubric {
  const document = readYamlDocument(text, SOURCE_MAX)
  if (!document.ok)
    return {
      ok: false,
      problems: [
        { severity: 'error', line: document.line, path: '', problem: document.problem, fix: document.fix },
      ],
    }
  const problems: RubricProblem[] = []
  const say: Say = (path, problem, fix, severity = 'error') => {
    if (problems.length < PROBLEMS_MAX)
      problems.push({ severity, line: document.lineOf(path), path: joinYamlPath(path), problem, fix })
  }
  const rubric = readRoot(document.value, say)
  if (rubric === null || problems.some(({ severity }) => severity === 'error'))
    return { ok: false, problems: sorted(problems) }
  return { ok: true, rubric, problems: sorted(problems) }
}

const sorted = (problems: readonly RubricProblem[]) => [...problems].sort((a, b) => a.line - b.line)

type Say = (path: YamlPath, problem: string, fix: string, severity?: RubricProblem['severity']) => void

const NODE_FIELDS = [
  'id',
  'question',
  'scale',
  'good',
  'guidance',
  'answeredBy',
  'checks',
  'check',
  'combine',
  'children',
  'weight',
  'points',
  'required',
] as const

function readRoot(value: unknown, say: Say): Rubric | null {
  const fields = readFields(value, [], ['name', 'instruction', ...NODE_FIELDS], say)
  if (fields === null) return null
  const name = fields.text('name', { lengthMax: 80 })
  const instruction = fields.has('instruction')
    ? fields.text('instruction', { lengthMax: INSTRUCTION_MAX })
    : null
  for (const field of ['weight', 'points', 'required'] as const)
    if (fields.has(field))
      say(
        [field],
        `the whole rubric has no ${field}`,
        `leave ${field} out: it belongs to the nodes under children`,
      )
  const root = readNode(
    fields,
    {
      path: [],
      depth: 1,
      parent: null,
      count: { nodes: 0, checks: 0, ids: new Set() },
      find: instruction === null ? null : quoteFinder(instruction),
    },
    say,
  )
  if (name === null || root === null) return null
  // A field that was left out stays out: rubrics of before keep their hash.
  return instruction === null ? { name, root } : { name, instruction, root }
}

type Place = {
  readonly path: YamlPath
  readonly depth: number
  /** How the node above combines; null at the root. */
  readonly parent: string | null
  readonly count: { nodes: number; checks: number; readonly ids: Set<string> }
  /** Null without an instruction. */
  readonly find: QuoteFinder | null
}

function readNode(fields: FieldReader, place: Place, say: Say): RubricNode | null {
  const { path } = place
  place.count.nodes += 1
  if (place.count.nodes === NODES_MAX + 1)
    say(path, `the rubric has more than ${NODES_MAX} nodes`, 'split it into several rubrics')
  if (place.count.nodes > NODES_MAX) return null
  if (place.depth > DEPTH_MAX) {
    say(path, `the tree is more than ${DEPTH_MAX} levels deep`, 'bring the lower levels closer to the root')
    return null
  }
  const id = readId(fields, place, say)
  const share = readShare(fields, place, say)
  const required = fields.truth('required') ?? false
  if (place.count.ids.has(id) && id !== '')
    say([...path, 'id'], `the id "${id}" stands twice`, 'give each node an id of its own')
  place.count.ids.add(id)
  if (required && place.parent === 'any')
    say(
      [...path, 'required'],
      'a required child under any makes the others pointless',
      'combine by all, or leave required out',
      'warning',
    )
  if (fields.has('children')) return readParent(fields, place, say, { id, ...share, required })
  if (fields.has('combine'))
    say(
      [...path, 'combine'],
      'a node without children has nothing to combine',
      'add children, or leave combine out',
    )
  const check = fields.has('check') ? readCheck(fields.raw('check'), [...path, 'check'], say) : null
  const criterion = readCriterion(fields, id, check === null ? ['human', 'model'] : ['program'], say)
  if (criterion === null) return null
  const byProgram = criterion.answeredBy.includes('program')
  if (criterion.answeredBy.length === 0)
    say([...path, 'answeredBy'], 'nobody may answer it', 'name program, model, human or several of them')
  if (byProgram && check === null && !fields.has('check'))
    say(
      [...path, 'answeredBy'],
      'a program may answer it, but there is none',
      'add a check, or leave program out',
    )
  if (check !== null && !byProgram)
    say(
      [...path, 'answeredBy'],
      'its check never runs: no program may answer',
      'add program, or leave the check out',
    )
  if (check !== null && criterion.scale.kind === 'pairwise')
    say([...path, 'check'], 'a program sees one episode and cannot compare two', 'take another scale')
  if (share.weight < 0 && criterion.scale.kind === 'yes-no' && criterion.scale.good === 'yes')
    say(
      [...path, 'points'],
      'points are taken away when the answer is the bad one, and here that is "no"',
      'write good: no where yes is the bad thing, or make the points positive',
    )
  return { kind: 'leaf', weight: share.weight, required, criterion, check, ...readChecks(fields, place, say) }
}

function readParent(
  fields: FieldReader,
  place: Place,
  say: Say,
  node: { readonly id: string; readonly weight: number; readonly required: boolean },
): RubricNode | null {
  const { path } = place
  const combine = fields.choice('combine', COMBINATIONS)
  if (fields.has('check'))
    say(
      [...path, 'check'],
      'a node with children is answered by its children, not by a program',
      'move the check into a child of its own',
    )
  const criterion = fields.has('question') ? readCriterion(fields, node.id, ['human', 'model'], say) : null
  const checks = criterion === null ? {} : readChecks(fields, place, say)
  for (const field of ['scale', 'good', 'guidance', 'answeredBy', 'checks'] as const)
    if (!fields.has('question') && fields.has(field))
      say([...path, field], `${field} without a question`, 'write the question, or leave this out')
  const written = fields.raw('children')
  if (!Array.isArray(written)) {
    say([...path, 'children'], 'children must be a list', 'start each child with a dash')
    return null
  }
  if (written.length === 0)
    say(
      [...path, 'children'],
      'a parent without children has nothing to combine',
      'add a child, or leave combine out',
    )
  const children = written.map((child: unknown, index) => {
    const at = [...path, 'children', index]
    if (place.count.nodes > NODES_MAX) return null
    const below = readFields(child, at, NODE_FIELDS, say)
    return below && readNode(below, { ...place, path: at, depth: place.depth + 1, parent: combine }, say)
  })
  if (combine === null || (fields.has('question') && criterion === null)) return null
  if (children.includes(null)) return null
  if (combine === 'points' && children.length > 0 && children.every((child) => (child?.weight ?? 0) <= 0))
    say(
      [...path, 'children'],
      'no child has positive points, so nothing can be earned',
      'give at least one child positive points',
      'warning',
    )
  return { kind: 'parent', ...node, criterion, combine, children: children as RubricNode[], ...checks }
}

function readId(fields: FieldReader, place: Place, say: Say): string {
  if (place.parent === null && place.depth === 1 && !fields.has('id')) return 'root'
  const id = fields.text('id', { lengthMax: 60 })
  if (id === null) return ''
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id))
    say(
      [...place.path, 'id'],
      `"${id}" is no id: lower-case letters, digits and dashes, starting with a letter or digit`,
      `write for example ${suggestedId(id)}`,
    )
  return id
}

const suggestedId = (id: string) =>
  id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'first-question'

/** `weight` under weighted, `points` under points, neither elsewhere. */
function readShare(fields: FieldReader, { path, parent }: Place, say: Say): { readonly weight: number } {
  if (fields.has('points') && parent !== null && parent !== 'points')
    say(
      [...path, 'points'],
      `points mean nothing under combine: ${parent}`,
      parent === 'weighted' ? 'write weight instead' : 'leave them out, or combine by points',
    )
  if (fields.has('weight') && parent !== null && parent !== 'weighted')
    say(
      [...path, 'weight'],
      `a weight means nothing under combine: ${parent}`,
      parent === 'points' ? 'write points instead' : 'leave it out, or combine by weighted',
    )
  if (parent === 'points') {
    if (!fields.has('points'))
      say(path, 'a child of combine: points needs points', 'write points: 5, or points: -5 for something bad')
    return { weight: fields.optionalNumber('points', { min: -1_000_000, max: 1_000_000 }) ?? 1 }
  }
  if (parent === 'weighted')
    return { weight: fields.optionalNumber('weight', { min: 0, max: 1_000_000 }) ?? 1 }
  return { weight: 1 }
}

function readCriterion(
  fields: FieldReader,
  id: string,
  usual: Criterion['answeredBy'],
  say: Say,
): Criterion | null {
  const question = fields.text('question', { lengthMax: 2_000 })
  const scale = readScale(fields, say)
  const guidance = fields.has('guidance') ? fields.text('guidance', { lengthMax: 10_000, empty: true }) : ''
  const answeredBy = fields.has('answeredBy') ? fields.choices('answeredBy', RATER_KINDS) : usual
  if (question === null || scale === null || guidance === null || answeredBy === null) return null
  return { id, question, scale, guidance, answeredBy }
}

/** The words of the instruction that a question checks; each must stand there word for word. */
function readChecks(
  fields: FieldReader,
  { path, count, find }: Place,
  say: Say,
): { readonly checks?: readonly string[] } {
  if (!fields.has('checks')) return {}
  const checks = fields.texts('checks', { countMax: CHECKS_MAX, lengthMax: CHECK_CHARACTERS_MAX })
  if (checks === null) return {}
  const at = [...path, 'checks']
  count.checks += checks.length
  if (count.checks > CHECKS_IN_ALL_MAX && count.checks - checks.length <= CHECKS_IN_ALL_MAX)
    say(at, `the rubric has more than ${CHECKS_IN_ALL_MAX} quotes`, 'quote longer stretches, fewer times')
  if (count.checks > CHECKS_IN_ALL_MAX) return {}
  if (find === null)
    say(
      at,
      'checks quotes an instruction, and the rubric holds none',
      'write instruction: at the top, or leave checks out',
    )
  else
    for (const [index, quote] of checks.entries())
      if (find(quote).length === 0)
        say(
          [...at, index],
          `the instruction does not say "${shortened(quote)}" word for word`,
          'copy the words from the instruction; only white space may differ',
        )
  return checks.length === 0 ? {} : { checks }
}

const shortened = (quote: string): string => (quote.length > 80 ? `${quote.slice(0, 79)}…` : quote)

const SCALE_FIX =
  'write yes-no, pairwise, { ordinal: [worst, middle, best] } or { number: { min: 0, max: 10 } }'

function readScale(fields: FieldReader, say: Say): Scale | null {
  const at = [...fields.path, 'scale']
  const written = fields.has('scale') ? fields.raw('scale') : 'yes-no'
  const good = fields.has('good') ? fields.choice('good', ['yes', 'no'] as const) : 'yes'
  if (written === 'yes-no') return good && { kind: 'yes-no', good }
  if (fields.has('good')) say([...fields.path, 'good'], 'good belongs to a yes-no scale only', 'leave it out')
  if (written === 'pairwise') return { kind: 'pairwise' }
  if (typeof written === 'string') {
    say(at, `there is no scale "${written.slice(0, 60)}"`, SCALE_FIX)
    return null
  }
  const kinds = readFields(written, at, ['ordinal', 'number'], say, SCALE_FIX)
  if (kinds === null) return null
  if (kinds.has('ordinal') === kinds.has('number')) {
    say(at, 'a scale is either ordinal or number', SCALE_FIX)
    return null
  }
  if (kinds.has('ordinal')) {
    const levels = kinds.texts('ordinal', { countMax: 20, lengthMax: 80 })
    if (levels !== null && new Set(levels).size < 2)
      say([...at, 'ordinal'], 'an ordinal scale needs two different levels', 'write them from worst to best')
    if (levels !== null && new Set(levels).size < levels.length)
      say([...at, 'ordinal'], 'two levels have the same name', 'give each level a name of its own')
    return levels && { kind: 'ordinal', levels }
  }
  const range = readFields(kinds.raw('number'), [...at, 'number'], ['min', 'max'], say, SCALE_FIX)
  const min = range?.number('min', {}) ?? null
  const max = range?.number('max', {}) ?? null
  if (min !== null && max !== null && max <= min)
    say([...at, 'number'], `max ${max} is not above min ${min}`, 'write min below max')
  return min === null || max === null ? null : { kind: 'number', min, max }
}
