/**
 * HTTP of comparisons. A rater is told the question, the two episodes by their aliases and its own progress; the answers
 * of all, and whose the runs are, are for readers.
 */
import { z } from '@hono/zod-openapi'
import {
  AddKnownComparison,
  AskComparisons,
  AskedComparisons,
  addKnownComparison,
  CommitComparison,
  ComparisonAnswersQuery,
  ComparisonCommitted,
  ComparisonList,
  ComparisonReport,
  ComparisonUndone,
  listComparisonAnswers,
  NextComparison,
  PreferencePage,
  UndoComparison,
} from '@leeway/contract/comparisons'
import { PageQuery } from '@leeway/contract/page'
import { ReviewProgress } from '@leeway/contract/review'
import type { Context } from 'hono'
import type { AccountServices } from '../accounts/account-services.ts'
import { refuseBeforeRound } from '../assignments/commit-answer.ts'
import { type Reviewer, raterOf } from '../assignments/rater-of.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { decodeCursor, encodeCursor, pageOfRows } from '../http/cursor.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { roundOf } from '../vetting/round.ts'
import { addKnown } from './add-known.ts'
import { askComparisons } from './ask-comparisons.ts'
import { commitComparison } from './commit-comparison.ts'
import { comparedQuestions, requireCompared } from './compared-questions.ts'
import { comparisonProgress } from './comparison-progress.ts'
import { comparisonReport } from './comparison-report.ts'
import { answerRows, preferenceRows } from './export-rows.ts'
import { turnOf } from './find-pair.ts'
import { nextPair } from './next-pair.ts'
import type { Question } from './recorded-answers.ts'
import { undoComparison } from './undo-comparison.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const PairParams = z.object({ pair: z.uuid() })
const QuestionParams = z.object({ agent: z.uuid(), criterion: z.string().regex(/^[0-9a-f]{64}$/) })

const progressRoute = projectRoute({
  method: 'get',
  path: '/review/comparisons',
  scope: 'rate',
  summary: 'How many pairs you have compared, and how many wait for you',
  responses: { 200: json(ReviewProgress, 'Your own answers only.') },
})
const nextRoute = projectRoute({
  method: 'post',
  path: '/review/comparisons/next',
  scope: 'rate',
  summary: 'Reserve your next pair for 15 minutes; the same again until you answer it',
  request: body(z.strictObject({})),
  responses: { 200: json(NextComparison, 'The pair; null when none is open to you.') },
})
const undoRoute = projectRoute({
  method: 'post',
  path: '/review/comparisons/undo',
  scope: 'rate',
  summary: 'Take back your newest answer to a pair',
  request: body(UndoComparison),
  responses: { 200: json(ComparisonUndone, 'Open again, and reserved for you.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/review/comparisons/{pair}/answer',
  scope: 'rate',
  summary: 'Say which is better, or skip; the same commitKey again is the same answer',
  request: { params: PairParams, ...body(CommitComparison) },
  responses: { 200: json(ComparisonCommitted, 'Stored.') },
})
const listRoute = projectRoute({
  method: 'get',
  path: '/comparisons',
  scope: 'read',
  summary: 'Questions by which runs are compared',
  responses: { 200: json(ComparisonList, 'Those asked last first.') },
})
const askRoute = projectRoute({
  method: 'post',
  path: '/comparisons',
  scope: 'admin',
  summary: 'Have runs of the same units compared by people and models',
  request: body(AskComparisons),
  responses: { 200: json(AskedComparisons, 'Drawn at random; each pair is asked about once.') },
})
const knownRoute = projectRoute({
  method: 'post',
  path: '/comparisons/known',
  scope: 'admin',
  summary: 'Put a pair whose better run is known among the others',
  request: body(AddKnownComparison),
  responses: { 200: json(addKnownComparison.response, 'Nothing tells it from the others.') },
})
const reportRoute = projectRoute({
  method: 'get',
  path: '/comparisons/{agent}/{criterion}',
  scope: 'read',
  summary: 'Which policies are preferred, and by what habits of those who answered',
  request: { params: QuestionParams },
  responses: { 200: json(ComparisonReport, 'Never evidence for a gate.') },
})
const answersRoute = projectRoute({
  method: 'get',
  path: '/comparisons/{agent}/{criterion}/answers',
  scope: 'read',
  summary: 'Answers as leeway compare reads them',
  request: { params: QuestionParams, query: ComparisonAnswersQuery },
  responses: { 200: json(listComparisonAnswers.response, 'In the order they came.') },
})
const preferencesRoute = projectRoute({
  method: 'get',
  path: '/comparisons/{agent}/{criterion}/preferences',
  scope: 'read',
  summary: 'Pairs to train on: what was preferred to what, with a weight',
  request: { params: QuestionParams, query: PageQuery },
  responses: { 200: json(PreferencePage, 'Without the units that a release has drawn.') },
})

/** Episodes are read whole for each row. */
const PREFERENCES_A_PAGE = 50

export function comparisonRoutes(
  effects: Effects,
  { aliases }: Pick<AccountServices, 'aliases'>,
): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const reviewerOf = (c: Context<ProjectEnv>) => raterOf(effects, c.var.project.id, c.var.principal)
  const progress = (reviewer: Reviewer) => comparisonProgress(effects, reviewer)
  const hidden = <Body>(c: Context<ProjectEnv>, answer: Body): Body =>
    aliasAnswer(aliases, c.var.project.id, answer)
  const questionOf = (projectId: string, named: { agent: string; criterion: string }): Question => ({
    projectId,
    agentId: named.agent,
    criterionSha256: named.criterion,
  })

  router.openapi(progressRoute, async (c) =>
    c.json(ReviewProgress.parse(await progress(await reviewerOf(c))), 200),
  )

  router.openapi(nextRoute, async (c) => {
    const reviewer = await reviewerOf(c)
    const round = await roundOf(db, reviewer)
    const given = round !== null && !round.done ? null : await nextPair(effects, reviewer)
    const comparison = given === null ? null : await turnOf(db, reviewer, given)
    const answer = NextComparison.parse({ comparison, progress: await progress(reviewer), round })
    return c.json(hidden(c, answer), 200)
  })

  // Before `/review/comparisons/{pair}`, whose pattern would take "undo" for an id.
  router.openapi(undoRoute, async (c) => {
    const reviewer = await reviewerOf(c)
    const given = await undoComparison(effects, reviewer, c.req.valid('json').commitKey)
    const answer = ComparisonUndone.parse({
      comparison: await turnOf(db, reviewer, given),
      progress: await progress(reviewer),
    })
    return c.json(hidden(c, answer), 200)
  })

  router.openapi(answerRoute, async (c) => {
    const reviewer = await reviewerOf(c)
    refuseBeforeRound(await roundOf(db, reviewer))
    const { pair } = c.req.valid('param')
    const answerId = await commitComparison(effects, reviewer, pair, c.req.valid('json'))
    return c.json(ComparisonCommitted.parse({ answerId, progress: await progress(reviewer) }), 200)
  })

  router.openapi(listRoute, async (c) => {
    const questions = await comparedQuestions(db, c.var.project.id)
    return c.json(ComparisonList.parse({ questions }), 200)
  })

  router.openapi(askRoute, async (c) => {
    const { project, principal } = c.var
    const asked = await askComparisons(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json(AskedComparisons.parse(asked), 200)
  })

  router.openapi(knownRoute, async (c) => {
    const { project, principal } = c.var
    const pair = await addKnown(effects, project.id, actorOf(principal), c.req.valid('json'))
    return c.json({ pair }, 200)
  })

  router.openapi(reportRoute, async (c) => {
    const question = questionOf(c.var.project.id, c.req.valid('param'))
    return c.json(ComparisonReport.parse(await comparisonReport(effects, question)), 200)
  })

  router.openapi(answersRoute, async (c) => {
    const question = questionOf(c.var.project.id, c.req.valid('param'))
    await requireCompared(db, question)
    const { limit, cursor, by } = c.req.valid('query')
    const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null
    const rows = await answerRows(db, question, by, { limit: limit + 1, after })
    const page = pageOfRows(rows, limit, ({ id }) => [id])
    return c.json({ items: page.rows.map(({ row }) => row), nextCursor: page.nextCursor }, 200)
  })

  router.openapi(preferencesRoute, async (c) => {
    const question = questionOf(c.var.project.id, c.req.valid('param'))
    await requireCompared(db, question)
    const { limit, cursor } = c.req.valid('query')
    const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null
    const part = await preferenceRows(db, question, { limit: Math.min(limit, PREFERENCES_A_PAGE), after })
    const { rows: items, reserved, leftOut, last } = part
    const nextCursor = last === null ? null : encodeCursor([last])
    return c.json(PreferencePage.parse({ items, reserved, leftOut, nextCursor }), 200)
  })
  return router
}
