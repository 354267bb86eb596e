/** Read models of raters: the list, and one card. Not for raters: a card tells what others answered. */
import type { RaterCard, RaterList, RaterSummary } from '@leeway/contract/raters'
import type { Interval } from '@leeway/core/numeric/interval-estimate'
import { betaInterval } from '@leeway/core/raters/beta-interval'
import { describeDifferences } from '@leeway/core/raters/describe-differences'
import { describePanel, describeRater } from '@leeway/core/raters/describe-panel'
import { correctness } from '@leeway/core/raters/judged-ratings'
import { panelCard } from '@leeway/core/raters/rater-card'
import { raterDependence } from '@leeway/core/raters/rater-dependence'
import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import type { Estimator } from '../estimates/estimator.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { plantedWords } from '../planted-faults/planted-words.ts'
import { requestWords } from '../planted-requests/request-words.ts'
import { formWords } from '../question-forms/form-words.ts'
import { vettingWords } from '../vetting/vetting-words.ts'
import { conflictsOf } from './conflicts.ts'
import { bears, type JudgedQuestion, judgedQuestions, rightAnswers } from './rater-evidence.ts'
import { type RaterRow, type RaterTier, tierOf } from './stored-raters.ts'
import { raters } from './tables.ts'

/** Longer than this at one question is a pause, not work. */
const IDLE_SECONDS = 120
/** Answers of an even hand that every rater starts with, half of them right: nobody is perfect after three. */
const PRIOR = 2
const DRIFT_ANSWERS = 100
const ERRS_WITH_MIN = 0.2

export async function listRaters(
  executor: Executor,
  estimate: Estimator,
  projectId: string,
): Promise<z.infer<typeof RaterList>> {
  const rows = await executor
    .select()
    .from(raters)
    .where(eq(raters.projectId, projectId))
    .orderBy(sql`array_position(array['human', 'model', 'program'], ${raters.kind})`, raters.id)
  const questions = await judgedQuestions(executor, estimate, projectId)
  const counted = await counts(executor, projectId)
  const tiers = await tierOf(
    executor,
    projectId,
    rows.map(({ id }) => id),
  )
  return {
    items: rows.map((row) => summary(row, tiers.get(row.id) ?? 'trainee', counted.get(row.id), questions)),
    words: panelWords(questions, new Map(rows.map(({ id, name }) => [id, name]))),
  }
}

export async function raterSummary(
  executor: Executor,
  estimate: Estimator,
  row: RaterRow,
): Promise<RaterSummary> {
  const questions = await judgedQuestions(executor, estimate, row.projectId)
  const tiers = await tierOf(executor, row.projectId, [row.id])
  const counted = await counts(executor, row.projectId)
  return summary(row, tiers.get(row.id) ?? 'trainee', counted.get(row.id), questions)
}

export async function showRater(
  executor: Executor,
  estimate: Estimator,
  row: RaterRow,
  now: Date,
): Promise<RaterCard> {
  const questions = (await judgedQuestions(executor, estimate, row.projectId)).filter(({ judged }) =>
    judged.raters.includes(row.id),
  )
  const names = new Map(
    (await executor.select().from(raters).where(eq(raters.projectId, row.projectId))).map(({ id, name }) => [
      id,
      name,
    ]),
  )
  const words: string[] = []
  const perQuestion = questions.map((question) => {
    const { criterion, sha256, judged } = question
    const index = judged.raters.indexOf(row.id)
    const counting = bears(question)
    const card = panelCard({ ...judged, ratings: judged.ratings.filter(counting) }, { inOrder: true }).raters[
      index
    ]
    if (card === undefined) throw new Error('a rater of the panel has no card')
    const own = judged.ratings.filter((rating) => rating.rater === index).length
    if (card.skill.ratings > 0)
      for (const sentence of describeRater(card, judged.classes))
        words.push(`“${criterion.question}” ${sentence}`)
    return {
      criterionSha256: sha256,
      question: criterion.question,
      options: [...judged.classes],
      ratings: own,
      accuracy: interval(card.skill.accuracy, card.skill.accuracyInterval),
      confusion: card.skill.confusion.map((rates, truth) =>
        rates.map((rate, label) => {
          const bounds = card.skill.confusionIntervals[truth]?.[label]
          return bounds === undefined ? { estimate: rate, low: 0, high: 1 } : interval(rate, bounds)
        }),
      ),
    }
  })
  const vetting = await vettingWords(executor, row)
  if (vetting !== null) words.unshift(vetting)
  words.push(...(await plantedWords(executor, row)))
  words.push(...(await requestWords(executor, row, now)))
  words.push(...(await formWords(executor, row)))
  if (words.length === 0)
    words.push('Nothing is known yet: nobody else has answered the same questions, and no answer is known.')
  return {
    ...(await raterSummary(executor, estimate, row)),
    words,
    perQuestion,
    errsWith: errsWith(questions, row.id, names),
    drift: drift(questions, row.id),
    conflicts: [...(await conflictsOf(executor, row.projectId, row.id))],
  }
}

type Counted = {
  readonly ratings: number
  readonly abstained: number
  readonly seconds: number | null
  readonly usd: number | null
  readonly last: string | null
}

function summary(
  row: RaterRow,
  tier: RaterTier,
  counted: Counted | undefined,
  questions: readonly JudgedQuestion[],
): RaterSummary {
  const { right, answers } = rightAnswers(questions, row.id)
  return {
    id: row.id,
    kind: row.kind as RaterSummary['kind'],
    name: row.name,
    family: row.family,
    tier,
    ratings: counted?.ratings ?? 0,
    abstained: counted?.abstained ?? 0,
    accuracy: answers === 0 ? null : accuracyOf(right, answers),
    accuracyFrom: answers,
    minutesAnAnswer: counted?.seconds == null ? null : counted.seconds / 60,
    usdAnAnswer: counted?.usd ?? null,
    lastRatingAt: counted?.last == null ? null : new Date(counted.last).toISOString(),
  }
}

function accuracyOf(right: number, answers: number) {
  const [a, b] = [right + PRIOR / 2, answers - right + PRIOR / 2]
  return interval(a / (a + b), betaInterval(a, b, 0.95))
}

function interval(estimate: number, { low, high }: Pick<Interval, 'low' | 'high'>) {
  return { estimate, low, high }
}

async function counts(executor: Executor, projectId: string): Promise<ReadonlyMap<string, Counted>> {
  const found = await executor.execute<Counted & { id: string }>(sql`
    select rater_id as id,
      (count(*) filter (where kind in ('answered', 'not-applicable')))::int as ratings,
      (count(*) filter (where kind = 'abstained'))::int as abstained,
      percentile_cont(0.5) within group
        (order by least(extract(epoch from committed_at - started_at), ${IDLE_SECONDS}))
        filter (where started_at is not null) as seconds,
      (select avg(cost_usd) from model_calls where model_calls.project_id = ${projectId}
        and model_calls.rater_id = standing.rater_id) as usd,
      max(committed_at) as last
    from (select * from ratings where project_id = ${projectId} and kind <> 'withdrawn'
      and ${isNotPlanted(projectId, sql`ratings.episode_id`)}
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)) standing
    group by rater_id`)
  return new Map(found.rows.map((row) => [row.id, row]))
}

/** Whom the errors go with, over all questions; the strongest first. */
function errsWith(
  questions: readonly JudgedQuestion[],
  raterId: string,
  names: ReadonlyMap<string, string>,
): RaterCard['errsWith'] {
  const best = new Map<string, { correlation: number; items: number }>()
  for (const { judged } of questions) {
    const index = judged.raters.indexOf(raterId)
    const { correlations } = raterDependence(judged)
    const own = new Set(judged.ratings.filter(({ rater }) => rater === index).map(({ item }) => item))
    judged.raters.forEach((other, at) => {
      const correlation = at === index ? null : (correlations[index]?.[at] ?? null)
      if (correlation === null || correlation < ERRS_WITH_MIN) return
      const items = new Set(
        judged.ratings.filter(({ rater, item }) => rater === at && own.has(item)).map(({ item }) => item),
      ).size
      const known = best.get(other)
      if (known === undefined || correlation > known.correlation) best.set(other, { correlation, items })
    })
  }
  return [...best]
    .map(([id, found]) => ({ id, name: names.get(id) ?? '', ...found }))
    .sort((a, b) => b.correlation - a.correlation)
    .slice(0, 10)
}

/** Accuracy by hundred answers, oldest first; a last part of fewer stands too. */
function drift(questions: readonly JudgedQuestion[], raterId: string): RaterCard['drift'] {
  const answers = questions
    .flatMap((question) => {
      const { judged, at } = question
      const index = judged.raters.indexOf(raterId)
      const counting = bears(question)
      return judged.ratings
        .filter((rating) => rating.rater === index && counting(rating))
        .map((rating) => ({ at: at(rating), right: correctness(judged, rating) }))
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime())
  const parts: RaterCard['drift'] = []
  for (let from = 0; from < answers.length; from += DRIFT_ANSWERS) {
    const part = answers.slice(from, from + DRIFT_ANSWERS)
    parts.push({
      from: part[0]?.at.toISOString() ?? '',
      ratings: part.length,
      accuracy: accuracyOf(
        part.reduce((sum, { right }) => sum + right, 0),
        part.length,
      ),
    })
  }
  return parts
}

/** Whether raters differ at all; of each question with several, how many independent ones they amount to, and who err together. */
function panelWords(questions: readonly JudgedQuestion[], names: ReadonlyMap<string, string>): string[] {
  const differences = describeDifferences(questions.map(({ judged }) => judged))
  const together = questions.flatMap(({ criterion, judged }) => {
    if (judged.raters.length < 2) return []
    const named = { ...judged, raters: judged.raters.map((id) => names.get(id) ?? id) }
    return describePanel(panelCard(named), judged.classes).map(
      (sentence) => `“${criterion.question}” ${sentence}`,
    )
  })
  return differences === null ? together : [differences, ...together]
}
