/**
 * Ratings as tasks of Label Studio: a task for each episode, an annotation for each person, a prediction for each model.
 * `from_name` of a result is the criterion. What Label Studio has no field for stands in `meta.leeway`.
 */
import { fault } from '../../records/record-file.ts'
import type { JsonElement } from './json-elements.ts'
import {
  keptFields,
  leewayFields,
  listAt,
  missing,
  objectAt,
  type RatingRecord,
  wordOf,
} from './rating-record.ts'

type File = { readonly path: string }

export function writeLabelStudio(records: readonly RatingRecord[]): string {
  const tasks = [...groups(records, ({ episode }) => episode)].map(([episode, own], at) => ({
    id: at + 1,
    data: { episode },
    annotations: [...groups(own.filter(isHuman), ({ rater }) => rater)].map(([rater, given], number) => ({
      id: (at + 1) * 1_000 + number,
      completed_by: { email: rater },
      was_cancelled: given.every(({ state }) => state === 'abstained'),
      ground_truth: false,
      result: given.map(resultOf),
    })),
    predictions: own
      .filter((record) => !isHuman(record))
      .map((record) => ({
        model_version: record.rater,
        ...(record.probability === null ? {} : { score: record.probability }),
        result: [resultOf(record)],
      })),
  }))
  return `${JSON.stringify(tasks, null, 1)}\n`
}

/** Throws CommandError with file and line. */
export function readLabelStudio(file: File, elements: readonly JsonElement[]): readonly RatingRecord[] {
  return elements.flatMap(({ line, value }) => {
    const task = objectAt(file, line, value, 'the task')
    const data = objectAt(file, line, task.data, 'data')
    const episode = wordOf(data.episode)
    if (episode === '') throw missing(file, line, 'data.episode, the id of the episode in Leeway,')
    const place = { file, line, episode }
    return [
      ...listAt(file, line, task.annotations, 'annotations').flatMap((one, at) => {
        const annotation = objectAt(file, line, one, `annotations[${at}]`)
        const by = annotation.completed_by
        const named = typeof by === 'object' && by !== null ? (by as Record<string, unknown>) : { id: by }
        const rater = wordOf(named.email) || wordOf(named.username) || wordOf(named.id)
        if (rater === '') throw missing(file, line, `annotations[${at}].completed_by`)
        return readResults({
          ...place,
          rater,
          raterKind: 'human',
          results: annotation.result,
          skipped: annotation.was_cancelled === true,
          probability: null,
          committedAt: wordOf(annotation.created_at) || null,
          source: `label-studio:${wordOf(annotation.id) || `${wordOf(task.id)}-${at}`}`,
        })
      }),
      ...listAt(file, line, task.predictions, 'predictions').flatMap((one, at) => {
        const prediction = objectAt(file, line, one, `predictions[${at}]`)
        const rater = wordOf(prediction.model_version)
        if (rater === '') throw missing(file, line, `predictions[${at}].model_version`)
        return readResults({
          ...place,
          rater,
          raterKind: 'model',
          results: prediction.result,
          skipped: false,
          probability: typeof prediction.score === 'number' ? prediction.score : null,
          committedAt: null,
          source: `label-studio:${wordOf(task.id)}:${rater}`,
        })
      }),
    ]
  })
}

function readResults(given: {
  readonly file: File
  readonly line: number
  readonly episode: string
  readonly rater: string
  readonly raterKind: 'human' | 'model'
  readonly results: unknown
  readonly skipped: boolean
  readonly probability: number | null
  readonly committedAt: string | null
  readonly source: string
}): readonly RatingRecord[] {
  const { file, line, episode, rater, raterKind, probability, committedAt, source } = given
  return listAt(file, line, given.results, 'result').map((one) => {
    const result = objectAt(file, line, one, 'a result')
    const criterion = wordOf(result.from_name)
    if (criterion === '') throw missing(file, line, 'from_name of a result, the criterion,')
    const meta = typeof result.meta === 'object' && result.meta !== null ? result.meta : {}
    const kept = keptFields((meta as Record<string, unknown>).leeway)
    const state = kept.state ?? (given.skipped ? 'abstained' : 'answered')
    return {
      line,
      episode,
      criterion,
      rater,
      raterKind,
      state,
      value: state === 'answered' ? singleValue(file, line, result) : null,
      reason: state === 'abstained' ? (kept.reason ?? null) : null,
      probability,
      comment: kept.comment ?? '',
      evidence: kept.evidence ?? [],
      form: kept.form ?? 'find',
      committedAt: kept.committedAt ?? committedAt,
      id: kept.id ?? `${source}:${criterion}`,
    }
  })
}

/** One of the kinds of result that hold a single value. */
function singleValue(file: File, line: number, result: Readonly<Record<string, unknown>>): string | number {
  const { choices, rating, number, text, selected } = objectAt(file, line, result.value, 'value of a result')
  const first = Array.isArray(choices) ? choices : Array.isArray(text) ? text : []
  const value = [rating, number, selected, text, first[0]].find(
    (one) => typeof one === 'string' || typeof one === 'number',
  )
  if (first.length > 1 || value === undefined)
    throw fault(
      file,
      line,
      `the result "${wordOf(result.from_name)}" of type ${wordOf(result.type)} holds ${first.length > 1 ? 'several answers' : 'no answer'}`,
      'a criterion has one answer: choices with one choice, rating, number or text',
    )
  return value as string | number
}

function resultOf(record: RatingRecord) {
  const isNumber = typeof record.value === 'number'
  return {
    id: record.id,
    from_name: record.criterion,
    to_name: 'episode',
    type: isNumber ? 'number' : 'choices',
    value: isNumber ? { number: record.value } : { choices: record.value === null ? [] : [record.value] },
    meta: { leeway: leewayFields(record) },
  }
}

const isHuman = ({ raterKind }: RatingRecord) => raterKind === 'human'

function groups(records: readonly RatingRecord[], keyOf: (record: RatingRecord) => string) {
  const found = new Map<string, RatingRecord[]>()
  for (const record of records) {
    const own = found.get(keyOf(record)) ?? []
    own.push(record)
    found.set(keyOf(record), own)
  }
  return found
}
