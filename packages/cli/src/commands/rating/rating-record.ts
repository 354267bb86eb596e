/** One rating of a file, whatever its format. */
import type { CommittedAnswer } from '@leeway/contract/review'
import { QUESTION_FORMS, type QuestionForm } from '@leeway/core/question-forms/question-form'
import { ABSTENTIONS } from '@leeway/core/rubrics/answer'
import type { Scale } from '@leeway/core/rubrics/scale'
import type { CommandError } from '../../exit-codes.ts'
import { fault } from '../../records/record-file.ts'

export type RatingRecord = {
  /** Where it stands in its file, from 1. */
  readonly line: number
  readonly episode: string
  readonly criterion: string
  readonly rater: string
  readonly raterKind: 'human' | 'model'
  readonly state: 'answered' | 'not-applicable' | 'abstained'
  /** As the file has it; null unless answered. */
  readonly value: string | number | null
  /** Why there is no answer; null unless abstained. */
  readonly reason: string | null
  readonly probability: number | null
  readonly comment: string
  /** Steps that show it, by number from 0. */
  readonly evidence: readonly number[]
  /** Whether the answer was found, or was somebody's and checked. */
  readonly form: QuestionForm
  /** ISO 8601; null when the file does not say. */
  readonly committedAt: string | null
  /** The source's own id: the same again adds nothing. */
  readonly id: string
}

export const STATES = ['answered', 'not-applicable', 'abstained'] as const

/** What Leeway keeps beside the fields of a foreign format, so that nothing is lost on the way there and back. */
export type LeewayFields = Pick<
  RatingRecord,
  'id' | 'raterKind' | 'state' | 'reason' | 'comment' | 'evidence' | 'form' | 'committedAt'
>

export function leewayFields({
  id,
  raterKind,
  state,
  reason,
  comment,
  evidence,
  form,
  committedAt,
}: RatingRecord): LeewayFields {
  return { id, raterKind, state, reason, comment, evidence, form, committedAt }
}

/** The answer on the criterion's scale: files write numbers as text. Throws CommandError with file and line. */
export function answerOf(
  file: { readonly path: string },
  record: RatingRecord,
  scale: Scale | undefined,
): CommittedAnswer {
  if (record.state === 'not-applicable') return { kind: 'not-applicable' }
  if (record.state === 'abstained') {
    const reason = ABSTENTIONS.find((one) => one === (record.reason ?? 'too-hard'))
    if (reason === undefined)
      throw fault(
        file,
        record.line,
        `the reason "${record.reason}" is not known`,
        `one of: ${ABSTENTIONS.join(', ')}`,
      )
    return { kind: 'abstained', reason }
  }
  if (record.value === null || record.value === '')
    throw fault(
      file,
      record.line,
      `there is no answer to "${record.criterion}"`,
      'fill it in, or say state abstained or not-applicable',
    )
  const isNumber = scale?.kind === 'number' && Number.isFinite(Number(record.value))
  return { kind: 'answered', value: isNumber ? Number(record.value) : String(record.value) }
}

/** An object, or a mistake at that line. */
export function objectAt(
  file: { readonly path: string },
  line: number,
  value: unknown,
  what: string,
): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw fault(file, line, `${what} is no object`, 'give the file as the tool exported it')
}

export function listAt(
  file: { readonly path: string },
  line: number,
  value: unknown,
  what: string,
): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw fault(file, line, `${what} is no list`, 'give the file as the tool exported it')
}

export function missing(file: { readonly path: string }, line: number, what: string): CommandError {
  return fault(file, line, `${what} is missing`, 'docs/guide/rating-files.md shows the format')
}

/** Text of a field, '' when there is none. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

/** Fields kept beside a foreign format; absent ones are guessed from that format by its reader. */
export function keptFields(value: unknown): Partial<LeewayFields> {
  if (typeof value !== 'object' || value === null) return {}
  const kept = value as Record<string, unknown>
  const { id, raterKind, state, reason, comment, evidence, form, committedAt } = kept
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(raterKind === 'human' || raterKind === 'model' ? { raterKind } : {}),
    ...(STATES.some((one) => one === state) ? { state: state as RatingRecord['state'] } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof comment === 'string' ? { comment } : {}),
    ...(isSteps(evidence) ? { evidence } : {}),
    ...(QUESTION_FORMS.some((one) => one === form) ? { form: form as QuestionForm } : {}),
    ...(typeof committedAt === 'string' ? { committedAt } : {}),
  }
}

const isSteps = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((step) => Number.isInteger(step) && step >= 0)
