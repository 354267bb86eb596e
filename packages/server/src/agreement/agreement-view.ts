/** Read model of agreement: for each question how far raters agree, pair by pair, where not, and how it goes with its rubric. */
import type { AgreementView, Measured, QuestionAgreement } from '@leeway/contract/agreement'
import { itemRestCorrelation } from '@leeway/core/agreement/item-rest'
import { krippendorffAlpha } from '@leeway/core/agreement/krippendorff'
import { ratingTable } from '@leeway/core/agreement/rating-table'
import { replicatesFor } from '@leeway/core/numeric/cluster-bootstrap'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import type { Scale } from '@leeway/core/rubrics/scale'
import type { Executor } from '../db/connect.ts'
import type { Estimator } from '../estimates/estimator.ts'
import { groupBy } from '../releases/group-by.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { newestRubrics, rubricOf } from '../rubrics/stored-rubrics.ts'
import { measured } from './measured.ts'
import {
  type Given,
  type QuestionAnswers,
  questionAnswers,
  unitsOfAnswered,
  worthByEpisode,
} from './question-answers.ts'

const ALPHA = 0.05
const SEED = 1
/** Fewer common items, and a share says more of chance than of the two. */
const PAIR_ITEMS_MIN = 10
/** A matrix of more can no longer be read. */
const RATERS_SHOWN = 12
const HARDEST_SHOWN = 10
/** Of item-rest correlations: the newest so many, so that a page does not hold up the server. */
const EPISODES_READ = 5_000
const REPLICATES = 400

export async function agreementView(
  executor: Executor,
  estimate: Estimator,
  projectId: string,
): Promise<AgreementView> {
  const questions = await questionAnswers(executor, estimate, projectId)
  const units = await unitsOfAnswered(executor, projectId)
  const rest = await withRest(executor, projectId, questions, units)
  return {
    questions: questions.flatMap((question) => {
      // What a program says is so by definition: whether it agrees with itself is no question.
      const given = question.given.filter(({ rater }) => rater.kind !== 'program')
      if (given.length === 0) return []
      return [{ ...agreementOf(question, given, units), withRest: rest.get(question.sha256) ?? [] }]
    }),
  }
}

function agreementOf(
  question: QuestionAnswers,
  given: readonly Given[],
  units: ReadonlyMap<string, string>,
): Omit<QuestionAgreement, 'withRest'> {
  const { scale } = question.criterion
  const people = given.filter(isHuman)
  const voices = question.voices.filter(({ rater }) => rater.kind !== 'program')
  return {
    criterionSha256: question.sha256,
    question: question.criterion.question,
    answers: given.length,
    itemsShared: itemsShared(people),
    // Of people alone: models of one make agree with themselves.
    alpha: alphaOf(scale, people, units),
    withModels: given.every(isHuman)
      ? null
      : { voices: alphaOf(scale, voices, units), raw: alphaOf(scale, given, units) },
    ...matrix(given),
    hardest: hardest(
      question,
      groupBy(voices, ({ episodeId }) => episodeId),
    ),
  }
}

const isHuman = ({ rater }: Given) => rater.kind === 'human'

function itemsShared(given: readonly Given[]): number {
  return [...groupBy(given, ({ episodeId }) => episodeId).values()].filter((own) => own.length > 1).length
}

function alphaOf(scale: Scale, given: readonly Given[], units: ReadonlyMap<string, string>): Measured {
  const rows = given.map(({ episodeId, rater, value }) => ({
    item: episodeId,
    rater: rater.id,
    value: String(value),
    cluster: units.get(episodeId) ?? null,
  }))
  const table =
    scale.kind === 'ordinal'
      ? ratingTable(rows, 'ordinal', scale.levels)
      : ratingTable(rows, scale.kind === 'number' ? 'interval' : 'nominal', null)
  const replicates = replicatesFor(itemsShared(given))
  return measured(krippendorffAlpha(table, { alpha: ALPHA, replicates, seed: SEED }))
}

/** Raters in an order that says nothing of how good they are. */
function matrix(given: readonly Given[]): Pick<QuestionAgreement, 'raters' | 'pairs' | 'ratersLeftOut'> {
  const byRater = groupBy(given, ({ rater }) => rater.id)
  const kinds = ['human', 'model', 'program']
  const shown = [...byRater.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, RATERS_SHOWN)
    .flatMap((own) => own.slice(0, 1).map(({ rater }) => ({ rater, said: answersByEpisode(own) })))
    .sort(
      (a, b) =>
        kinds.indexOf(a.rater.kind) - kinds.indexOf(b.rater.kind) || (a.rater.id < b.rater.id ? -1 : 1),
    )
  return {
    raters: shown.map(({ rater: { id, name, kind } }) => ({ id, name, kind })),
    ratersLeftOut: byRater.size - shown.length,
    pairs: shown.flatMap((one, first) =>
      shown.slice(first + 1).map((other, after) => {
        const common = [...one.said].filter(([episode]) => other.said.has(episode))
        const same = common.filter(([episode, value]) => other.said.get(episode) === value).length
        return {
          first,
          second: first + 1 + after,
          items: common.length,
          sameFamily: one.rater.voice === other.rater.voice,
          share: common.length < PAIR_ITEMS_MIN ? null : same / common.length,
        }
      }),
    ),
  }
}

const answersByEpisode = (given: readonly Given[]) =>
  new Map(given.map(({ episodeId, value }) => [episodeId, value]))

/** Raters differ, and the answers of all together do not settle it. Decided and known ones are settled. */
function hardest(
  { estimate: { judged, answers } }: QuestionAnswers,
  byEpisode: ReadonlyMap<string, readonly Given[]>,
): QuestionAgreement['hardest'] {
  if (judged === null) return []
  const classes = judged.classes.length
  const items = new Map(judged.ratings.map(({ row, item }) => [answers[row]?.episodeId ?? '', item]))
  return [...byEpisode]
    .map(([episodeId, given]) => {
      const item = items.get(episodeId)
      let entropy = 0
      for (let label = 0; item !== undefined && label < classes; label++) {
        const chance = judged.belief[item * classes + label] ?? 0
        if (chance > 0) entropy -= chance * Math.log2(chance)
      }
      const counts = groupBy(given, ({ value }) => String(value))
      return {
        episodeId,
        entropy,
        answers: [...counts].map(([value, own]) => ({ value, count: own.length })),
      }
    })
    .filter(({ answers: said, entropy }) => said.length > 1 && entropy >= 0.005)
    .sort((a, b) => b.entropy - a.entropy || (a.episodeId < b.episodeId ? -1 : 1))
    .slice(0, HARDEST_SHOWN)
}

/** By question: how it goes with the others of each rubric that asks it, by whoever answered them. */
async function withRest(
  executor: Executor,
  projectId: string,
  questions: readonly QuestionAnswers[],
  units: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, QuestionAgreement['withRest']>> {
  const worths = new Map(questions.map((question) => [question.sha256, worthByEpisode(question)]))
  const found = new Map<string, QuestionAgreement['withRest']>()
  for (const row of await newestRubrics(executor, projectId)) {
    const asked = criteriaOf(rubricOf(row)).map((criterion) => ({
      id: criterion.id,
      sha256: criterionSha256(criterion),
    }))
    if (asked.length < 2) continue
    for (const { id, sha256 } of asked) {
      const others = asked.flatMap((other) => (other.sha256 === sha256 ? [] : [worths.get(other.sha256)]))
      const rows = [...(worths.get(sha256) ?? [])]
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .slice(0, EPISODES_READ)
        .flatMap(([episode, item]) => {
          const beside = others.flatMap((other) => other?.get(episode) ?? [])
          return beside.length === 0
            ? []
            : [
                {
                  item,
                  rest: beside.reduce((sum, worth) => sum + worth, 0) / beside.length,
                  cluster: units.get(episode) ?? episode,
                },
              ]
        })
      const correlation = measured(
        itemRestCorrelation(rows, { alpha: ALPHA, replicates: REPLICATES, seed: SEED }),
      )
      const before = found.get(sha256) ?? []
      found.set(sha256, [...before, { rubric: row.name, criterion: id, episodes: rows.length, correlation }])
    }
  }
  return found
}
