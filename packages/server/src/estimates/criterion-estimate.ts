/**
 * What is believed of one criterion on every episode, from all raters who are not suspended.
 *
 * Families    models that share weights are one voice (`oneVoiceEach`): three copies of a model are no three witnesses. Where its
 *             members differ the voice is another rater, whose errors are learnt by themselves. A model is not heard about episodes of
 *             the policy that it runs, nor of its own family before canaries (`unheardPairs`).
 * Method      MAP Dawid-Skene over the scale's options (with 20 gold items or more, the method that gold prefers), gold clamped.
 *             A question that only programs may answer is what the program says. A number is believed to be any of the
 *             numbers given, alike: no model of raters stands behind it.
 * Checked     a rater who checks an answer is another rater, one for each answer proposed: given the proposal, whose author
 *             speaks for it already, a check adds what this rater does with such proposals. Cards leave checks out.
 * Decided     what an adjudicator decided holds its item like gold, but measures and chooses nothing. Gold goes first.
 * Growth      from 1,000 ratings on, a few more refresh what was inferred before; whatever has grown by a tenth, or whose gold or
 *             decisions have changed, is inferred anew. A server that has been restarted infers anew: beliefs may then differ a little.
 * Absence     more than half of those who spoke say that the question does not arise: not applicable. Nobody spoke: missing.
 */
import { type InferredTruth, inferTruth } from '@leeway/core/inference/infer-truth'
import { ratingIndex } from '@leeway/core/inference/rating-index'
import { refreshTruth } from '@leeway/core/inference/refresh-truth'
import { oneVoiceEach } from '@leeway/core/raters/family-voices'
import type { JudgedRatings } from '@leeway/core/raters/judged-ratings'
import type { Belief } from '@leeway/core/rewards/reward'
import { certain, worthLaw } from '@leeway/core/rewards/worth-law'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { optionsOf, worthOf } from '@leeway/core/rubrics/scale'
import type { CriterionRatings, StandingAnswer } from './criterion-ratings.ts'

export type CriterionEstimate = {
  readonly beliefs: ReadonlyMap<string, Belief>
  /**
   * For cards: every answer that is one of the options, suspended raters' too, beside the belief. `judged.raters` holds
   * ids and the rows of `judged.ratings` point into `answers`. Null for numbers and where nobody answered.
   */
  readonly judged: JudgedRatings | null
  readonly answers: readonly StandingAnswer[]
  /** By rater, who it counts as one with. */
  readonly voices: ReadonlyMap<string, string>
  /** What the next estimate of the same criterion may start from; null where nothing was inferred. */
  readonly standing: StandingTruth | null
}

export type StandingTruth = {
  readonly truth: InferredTruth
  readonly items: readonly string[]
  readonly gold: ReadonlyMap<string, string>
  readonly adjudicated: ReadonlyMap<string, string | null>
  /** Ratings when the method was last chosen. */
  readonly ratings: number
}

const SEED = 1
const REFRESHED_FROM = 1000
const GROWTH_MAX = 1.1
/** Above, EBCC would keep the server from answering for seconds. */
const EBCC_RATINGS_MAX = 5000

export function estimateCriterion(
  criterion: Criterion,
  found: CriterionRatings,
  before: StandingTruth | null,
): CriterionEstimate {
  const counted = voicesOf(found)
  const beliefs = new Map<string, Belief>()
  const spoken = byEpisode(counted)
  for (const [episodeId, own] of spoken) {
    const silent = own.filter(({ value }) => value === null).length
    if (silent > own.length / 2 && !found.adjudicated.has(episodeId))
      beliefs.set(episodeId, { kind: 'not-applicable' })
  }
  for (const [episodeId, value] of found.adjudicated)
    if (value === null && !found.gold.has(episodeId)) beliefs.set(episodeId, { kind: 'not-applicable' })
  const options = optionsOf(criterion.scale)
  const programsOnly = criterion.answeredBy.every((kind) => kind === 'program')
  if (options === null || programsOnly)
    for (const [episodeId, own] of spoken) {
      const worths = own.flatMap(({ value }) => {
        const worth = value === null ? null : worthOf(criterion.scale, value)
        return worth === null ? [] : [worth]
      })
      // The newest program's answer: an older version of the check has been superseded by it.
      const last = worths.at(-1)
      if (beliefs.has(episodeId) || last === undefined) continue
      beliefs.set(episodeId, {
        kind: 'known',
        law: programsOnly
          ? certain(last)
          : worthLaw(worths.map((worth) => ({ worth, probability: 1 / worths.length }))),
      })
    }
  const voices = new Map([...found.raters].map(([id, { voice }]) => [id, voice]))
  if (options === null) return { beliefs, judged: null, answers: found.answers, voices, standing: null }
  const judged = judge(options, found, counted, before)
  if (judged !== null && !programsOnly) {
    const classes = options.length
    judged.items.forEach((episodeId, item) => {
      if (beliefs.has(episodeId)) return
      const law = worthLaw(
        options.flatMap((option, label) => {
          const worth = worthOf(criterion.scale, option)
          return worth === null ? [] : [{ worth, probability: judged.belief[item * classes + label] ?? 0 }]
        }),
      )
      if (law.length > 0) beliefs.set(episodeId, { kind: 'known', law })
    })
  }
  return { beliefs, judged, answers: found.answers, voices, standing: judged?.standing ?? null }
}

type Judged = JudgedRatings & {
  readonly items: readonly string[]
  readonly belief: Float64Array
  readonly standing: StandingTruth
}

/** Items are episodes that somebody who counts answered, or whose answer is known. */
function judge(
  options: readonly string[],
  found: CriterionRatings,
  counted: readonly VoicedAnswer[],
  before: StandingTruth | null,
): Judged | null {
  const classes = options.length
  const labelOf = ({ value }: StandingAnswer) => (typeof value === 'string' ? options.indexOf(value) : -1)
  const items = [
    ...new Set([
      ...counted.filter((one) => labelOf(one) >= 0).map(({ episodeId }) => episodeId),
      ...found.gold.keys(),
      ...found.adjudicated.keys(),
    ]),
  ]
  const raters = [...found.raters.keys()]
  const columns = [...new Set(counted.map(({ column }) => column))]
  if (items.length === 0 || raters.length === 0 || classes < 2) return null
  const itemOf = new Map(items.map((id, index) => [id, index]))
  const columnAt = new Map(columns.map((id, index) => [id, index]))
  const placeOf = new Map(raters.map((id, index) => [id, index]))
  const said = counted.filter((one) => labelOf(one) >= 0)
  const gold = Int32Array.from(items, (id) => options.indexOf(found.gold.get(id) ?? ''))
  const settled = Int32Array.from(items, (id) => options.indexOf(found.adjudicated.get(id) ?? ''))
  const index = ratingIndex({
    items: items.length,
    raters: Math.max(1, columns.length),
    classes,
    item: Int32Array.from(said, ({ episodeId }) => itemOf.get(episodeId) ?? 0),
    rater: Int32Array.from(said, ({ column }) => columnAt.get(column) ?? 0),
    label: Int32Array.from(said, labelOf),
  })
  const kept = before !== null && isFresh(before, said.length, found) ? before : null
  const truth =
    kept === null
      ? inferTruth(index, {
          method: 'auto',
          gold,
          settled,
          iterations: null,
          seed: SEED,
          ebccRatingsMax: EBCC_RATINGS_MAX,
        })
      : refreshTruth(
          index,
          { truth: kept.truth, place: placesIn(kept.items, items) },
          { gold, settled, seed: SEED },
        )
  return {
    items,
    standing: {
      truth,
      items,
      gold: found.gold,
      adjudicated: found.adjudicated,
      ratings: kept?.ratings ?? said.length,
    },
    classes: options,
    raters,
    ratings: found.answers.flatMap((answer, row) => {
      const item = itemOf.get(answer.episodeId)
      const label = labelOf(answer)
      const rater = placeOf.get(answer.raterId)
      return item === undefined || label < 0 || rater === undefined || answer.form === 'verify'
        ? []
        : [{ row, item, rater, label, confidence: answer.probability }]
    }),
    belief: truth.logBeliefs.map(Math.exp),
    gold,
  }
}

type VoicedAnswer = StandingAnswer & { readonly column: string }

/** Whose errors are learnt together: of a voice what it finds, what it checks by what was proposed, and each where it is divided. */
function voicesOf({ answers, raters }: CriterionRatings): readonly VoicedAnswer[] {
  const counted = answers.filter(
    ({ raterId, unheard }) => !unheard && raters.get(raterId)?.suspended === false,
  )
  return oneVoiceEach(counted, ({ episodeId, raterId, value, form, proposed }) => {
    const voice = raters.get(raterId)?.voice ?? raterId
    return {
      item: episodeId,
      voice: form === 'find' ? voice : `${voice} checks ${proposed ?? ''}`,
      rater: raterId,
      said: JSON.stringify(value),
    }
  }).map(({ answer, voice, divided }) => ({ ...answer, column: divided ? `${voice} divided` : voice }))
}

function isFresh(
  before: StandingTruth,
  ratings: number,
  { gold, adjudicated }: Pick<CriterionRatings, 'gold' | 'adjudicated'>,
): boolean {
  return (
    ratings >= REFRESHED_FROM &&
    ratings <= before.ratings * GROWTH_MAX &&
    sameAnswers(gold, before.gold) &&
    sameAnswers(adjudicated, before.adjudicated)
  )
}

function sameAnswers<Value>(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  return (
    a.size === b.size && [...a].every(([episodeId, value]) => b.has(episodeId) && b.get(episodeId) === value)
  )
}

/** Where each of `items` stands among `known`; -1 where it does not. */
function placesIn(known: readonly string[], items: readonly string[]): Int32Array {
  const places = new Map(known.map((id, place) => [id, place]))
  return Int32Array.from(items, (id) => places.get(id) ?? -1)
}

function byEpisode(answers: readonly StandingAnswer[]): ReadonlyMap<string, readonly StandingAnswer[]> {
  const groups = new Map<string, StandingAnswer[]>()
  for (const answer of answers) {
    const group = groups.get(answer.episodeId)
    if (group) group.push(answer)
    else groups.set(answer.episodeId, [answer])
  }
  return groups
}
