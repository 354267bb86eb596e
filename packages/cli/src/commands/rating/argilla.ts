/**
 * Ratings as records of Argilla: a record for each episode, with people under `responses` and the first model under
 * `suggestions` (Argilla has one a question). What Argilla has no field for stands in `leeway` beside each value.
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
type Values = Record<string, unknown>

export function writeArgilla(records: readonly RatingRecord[]): string {
  const byEpisode = new Map<string, { suggestions: Values; responses: Record<string, Values[]> }>()
  for (const record of records) {
    const own = byEpisode.get(record.episode) ?? { suggestions: {}, responses: {} }
    byEpisode.set(record.episode, own)
    const { criterion, value, rater, probability } = record
    const leeway = leewayFields(record)
    if (record.raterKind === 'model' && own.suggestions[criterion] === undefined)
      own.suggestions[criterion] = { value, score: probability, agent: rater, leeway }
    else {
      own.responses[criterion] ??= []
      const status = record.state === 'abstained' ? 'discarded' : 'submitted'
      own.responses[criterion].push({ value, user_id: rater, status, score: probability, leeway })
    }
  }
  const lines = [...byEpisode].map(([episode, own]) =>
    JSON.stringify({ id: episode, fields: { episode }, ...own }),
  )
  return lines.map((line) => `${line}\n`).join('')
}

/** Throws CommandError with file and line. */
export function readArgilla(file: File, elements: readonly JsonElement[]): readonly RatingRecord[] {
  return elements.flatMap(({ line, value }) => {
    const record = objectAt(file, line, value, 'the record')
    const fields = objectAt(file, line, record.fields ?? {}, 'fields')
    const episode = wordOf(fields.episode) || wordOf(record.id)
    if (episode === '') throw missing(file, line, 'fields.episode, the id of the episode in Leeway,')
    const responses = Object.entries(objectAt(file, line, record.responses ?? {}, 'responses'))
    const suggestions = Object.entries(objectAt(file, line, record.suggestions ?? {}, 'suggestions'))
    return [
      ...responses.flatMap(([criterion, given]) =>
        listAt(file, line, given, `responses.${criterion}`).map((one) => {
          const response = objectAt(file, line, one, `responses.${criterion}`)
          return readValue(file, line, {
            episode,
            criterion,
            given: response,
            rater: response.user_id,
            raterKind: 'human',
          })
        }),
      ),
      ...suggestions.map(([criterion, given]) => {
        const suggestion = objectAt(file, line, given, `suggestions.${criterion}`)
        return readValue(file, line, {
          episode,
          criterion,
          given: suggestion,
          rater: suggestion.agent,
          raterKind: 'model',
        })
      }),
    ]
  })
}

function readValue(
  file: File,
  line: number,
  one: {
    readonly episode: string
    readonly criterion: string
    readonly given: Readonly<Values>
    readonly rater: unknown
    readonly raterKind: 'human' | 'model'
  },
): RatingRecord {
  const { episode, criterion, given } = one
  const rater = wordOf(one.rater)
  if (rater === '')
    throw missing(file, line, one.raterKind === 'human' ? `user_id of ${criterion}` : `agent of ${criterion}`)
  const kept = keptFields(given.leeway)
  const state = kept.state ?? (given.status === 'discarded' ? 'abstained' : 'answered')
  const { value } = given
  if (state === 'answered' && typeof value !== 'string' && typeof value !== 'number')
    throw fault(
      file,
      line,
      `the value of ${criterion} is neither text nor a number`,
      'a criterion has one answer: a label, a rating or text',
    )
  return {
    line,
    episode,
    criterion,
    rater,
    raterKind: kept.raterKind ?? one.raterKind,
    state,
    value: state === 'answered' ? (value as string | number) : null,
    reason: state === 'abstained' ? (kept.reason ?? null) : null,
    probability: typeof given.score === 'number' ? given.score : null,
    comment: kept.comment ?? '',
    evidence: kept.evidence ?? [],
    form: kept.form ?? 'find',
    committedAt: kept.committedAt ?? null,
    id: kept.id ?? `argilla:${episode}:${criterion}:${rater}`,
  }
}
