/**
 * HTTP of review. Everything a rater is told here is built from its own answers and the question alone; what a question
 * is for is in a table that nothing here reads.
 */
import { z } from '@hono/zod-openapi'
import {
  AskedQuestions,
  AskQuestions,
  CommitAnswer,
  Committed,
  InboxView,
  NextQuestion,
  nextQuestion as nextQuestionEndpoint,
  ReviewQuestion,
  ReviewSheet,
  UndoAnswer,
  Undone,
} from '@leeway/contract/review'
import type { Context } from 'hono'
import type { AccountServices } from '../accounts/account-services.ts'
import { mayAdjudicate } from '../adjudication/adjudicator-of.ts'
import { countDisagreements } from '../adjudication/disagreements.ts'
import { revealAfter } from '../critiques/reveal.ts'
import { aliasAnswer } from '../episodes/alias-answer.ts'
import { actorOf, type Effects, type ProjectEnv } from '../http/environment.ts'
import { type FeatureRouter, featureRouter, projectRoute } from '../http/feature-router.ts'
import { shownCopies } from '../planted-faults/shown-copies.ts'
import { revealParts } from '../splits/reveal-parts.ts'
import { hiddenKnown, type VettingPlan, vettingPlan } from '../vetting/hidden-known.ts'
import { roundOf } from '../vetting/round.ts'
import { askQuestions } from './ask-questions.ts'
import { commitAnswer, refuseBeforeRound, requireAsked } from './commit-answer.ts'
import { createDayCount } from './last-day.ts'
import { nextQuestion, progressOf, reviewSheet } from './next-question.ts'
import { createOpenQueue } from './open-queue.ts'
import { questionViews } from './question-view.ts'
import { type Reviewer, raterOf } from './rater-of.ts'
import { recentAnswers } from './review-progress.ts'
import { waitingLooks } from './second-looks.ts'
import { undoAnswer } from './undo-answer.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const AssignmentParams = z.object({ assignment: z.uuid() })
const EpisodeParams = z.object({ episode: z.uuid() })

const inboxRoute = projectRoute({
  method: 'get',
  path: '/inbox',
  scope: 'rate',
  summary: 'How far you are, and what you answered last',
  responses: { 200: json(InboxView, 'Your own answers only.') },
})
const nextRoute = projectRoute({
  method: 'post',
  path: '/review/next',
  scope: 'rate',
  summary: 'Reserve your next question for 15 minutes; the same again until you answer it',
  request: body(nextQuestionEndpoint.body),
  responses: { 200: json(NextQuestion, 'The question; null when none is open to you.') },
})
const sheetRoute = projectRoute({
  method: 'get',
  path: '/review/sheet/{episode}',
  scope: 'rate',
  summary: 'The questions about an episode that were given to you',
  request: { params: EpisodeParams },
  responses: { 200: json(ReviewSheet, 'In the order of the queue.') },
})
const questionRoute = projectRoute({
  method: 'get',
  path: '/review/{assignment}',
  scope: 'rate',
  summary: 'Show a question with your own answer',
  request: { params: AssignmentParams },
  responses: { 200: json(ReviewQuestion, 'The question.') },
})
const answerRoute = projectRoute({
  method: 'post',
  path: '/review/{assignment}/answer',
  scope: 'rate',
  summary: 'Answer, skip or correct; the same commitKey again is the same answer',
  request: { params: AssignmentParams, ...body(CommitAnswer) },
  responses: { 200: json(Committed, 'Stored.') },
})
const undoRoute = projectRoute({
  method: 'post',
  path: '/review/undo',
  scope: 'rate',
  summary: 'Take back your newest answer',
  request: body(UndoAnswer),
  responses: { 200: json(Undone, 'Open again, and reserved for you.') },
})
const askRoute = projectRoute({
  method: 'post',
  path: '/review/questions',
  scope: 'admin',
  summary: 'Put questions into the inbox by choice',
  request: body(AskQuestions),
  responses: { 200: json(AskedQuestions, 'Those that were asked before are known, and not asked twice.') },
})

export function reviewRoutes(effects: Effects, { aliases }: Pick<AccountServices, 'aliases'>): FeatureRouter {
  const router = featureRouter()
  const { db } = effects
  const queue = createOpenQueue(effects)
  const day = createDayCount(effects)
  const progress = async (reviewer: Reviewer, plan: VettingPlan | null, fresh = false) =>
    progressOf(
      db,
      queue,
      reviewer,
      {
        hidden: await hiddenKnown(db, reviewer, plan),
        looks: await waitingLooks(db, reviewer, effects.now()),
      },
      { fresh },
    )

  const hidden = async <Body>(c: Context<ProjectEnv>, answer: Body): Promise<Body> => {
    const { project, principal } = c.var
    const { knownAs } = await shownCopies(db, project.id, principal)
    return aliasAnswer(aliases, project.id, answer, knownAs)
  }

  router.openapi(inboxRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const recent = await recentAnswers(db, reviewer)
    const plan = await vettingPlan(db, reviewer)
    const round = plan?.hasRound ? await roundOf(db, reviewer) : null
    const disagreements = (await mayAdjudicate(effects, reviewer, c.var.principal))
      ? (await countDisagreements(db, reviewer)).waiting
      : null
    const view = {
      progress: await progress(reviewer, plan, true),
      lastDay: await day.of(reviewer),
      round,
      disagreements,
      recent,
    }
    return c.json(await hidden(c, InboxView.parse(view)), 200)
  })

  router.openapi(nextRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const answer = await nextQuestion(effects, { queue, day }, reviewer, c.req.valid('json').mode)
    return c.json(await hidden(c, NextQuestion.parse(answer)), 200)
  })

  router.openapi(sheetRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const { episode } = c.req.valid('param')
    const named = aliases.idOf(c.var.project.id, episode) ?? episode
    const copies = await shownCopies(db, c.var.project.id, c.var.principal)
    const id = copies.of.get(named)?.copyId ?? named
    return c.json(await hidden(c, ReviewSheet.parse(await reviewSheet(effects, reviewer, id))), 200)
  })

  // Before `/review/{assignment}`, whose pattern would take "undo" and "questions" for an id.
  router.openapi(undoRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const id = await undoAnswer(effects, queue, reviewer, c.req.valid('json').commitKey)
    const [question] = await questionViews(db, reviewer, [await requireAsked(effects, reviewer, id)])
    const plan = await vettingPlan(db, reviewer)
    return c.json(await hidden(c, Undone.parse({ question, progress: await progress(reviewer, plan) })), 200)
  })

  router.openapi(askRoute, async (c) => {
    const { project, principal } = c.var
    return c.json(await askQuestions(effects, project.id, actorOf(principal), c.req.valid('json')), 200)
  })

  router.openapi(questionRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const asked = await requireAsked(effects, reviewer, c.req.valid('param').assignment)
    const [question] = await questionViews(db, reviewer, [asked])
    return c.json(await hidden(c, ReviewQuestion.parse(question)), 200)
  })

  router.openapi(answerRoute, async (c) => {
    const reviewer = await raterOf(effects, c.var.project.id, c.var.principal)
    const plan = await vettingPlan(db, reviewer)
    if (plan?.hasRound) refuseBeforeRound(await roundOf(db, reviewer))
    const { assignment } = c.req.valid('param')
    const commit = c.req.valid('json')
    const committed = await commitAnswer(effects, queue, reviewer, assignment, commit)
    // One help after a first answer: with two, nobody could say which it was that helped. An answer to check is one already.
    const isFirst =
      commit.supersedes === undefined && commit.answer.kind !== 'abstained' && committed.form === 'find'
    const parts = isFirst && commit.showsParts ? await revealParts(effects, reviewer, committed) : null
    const critique =
      isFirst && commit.showsCritique && parts?.drawn !== true
        ? await revealAfter(effects, reviewer, committed)
        : null
    const { ratingId } = committed
    const view = { ratingId, progress: await progress(reviewer, plan), critique, parts: parts?.view ?? null }
    return c.json(Committed.parse(view), 200)
  })
  return router
}
