/** The qualification round of a trainee: known answers, one after the other, each told as soon as it is answered. */
import type { CommittedAnswer, ReviewQuestion, RoundProgress } from '@leeway/contract/review'
import type { RoundFeedback } from '@leeway/contract/vetting'
import { testSkill } from '@leeway/core/raters/skill-test'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { questionViews } from '../assignments/question-view.ts'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Database, Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { tierOf } from '../raters/stored-raters.ts'
import { answerProblem } from '../ratings/check-answer.ts'
import { drawKnown } from './draw-known.ts'
import type { RaterId } from './hidden-known.ts'
import { isRetired } from './retired.ts'
import { VETTING_ALPHA, type VettingRules, vettingRulesOf } from './rules.ts'
import { skillEvidence } from './skill-evidence.ts'
import { roundAnswers, vettingDraws } from './tables.ts'
import { tierBySkill } from './tier-by-skill.ts'

type Drawn = {
  readonly id: string
  readonly episode_id: string
  readonly criterion_sha256: string
  readonly criterion: Criterion
  readonly value: string
  readonly explanation: string
  readonly answer: CommittedAnswer | null
  readonly is_right: boolean | null
}

/** Null: there is none in this project. `done`: no more is asked of this rater. */
export async function roundOf(db: Executor, rater: RaterId): Promise<RoundProgress | null> {
  const rules = await vettingRulesOf(db, rater.projectId)
  return rules === null || rules.roundQuestions === 0 ? null : progressOf(db, rules, rater)
}

/** Null when the round is over for this rater. */
export async function nextOfRound(
  effects: Effects,
  rater: RaterId,
): Promise<{ readonly question: ReviewQuestion | null; readonly progress: RoundProgress | null }> {
  const rules = await vettingRulesOf(effects.db, rater.projectId)
  if (rules === null || rules.roundQuestions === 0) return { question: null, progress: null }
  const progress = await progressOf(effects.db, rules, rater)
  const drawn = progress.done
    ? undefined
    : ((await waiting(effects.db, rater)) ?? (await draw(effects, rules, rater)))
  if (drawn === undefined) return { question: null, progress }
  const [question] = await questionViews(effects.db, rater, [
    {
      assignmentId: drawn.id,
      episodeId: drawn.episode_id,
      criterionSha256: drawn.criterion_sha256,
      criterion: drawn.criterion,
      proposed: null,
      stepCount: null,
      own: null,
      reserved: true,
      open: true,
    },
  ])
  return { question: question ?? null, progress }
}

/** The first answer stands; the same again is told the same. */
export async function answerOfRound(
  effects: Effects,
  rater: RaterId,
  drawId: string,
  { answer, startedAt }: { readonly answer: CommittedAnswer; readonly startedAt: string },
): Promise<RoundFeedback> {
  const { db } = effects
  const rules = await vettingRulesOf(db, rater.projectId)
  const drawn = (await drawsOf(db, rater)).find(({ id }) => id === drawId)
  if (rules === null || drawn === undefined)
    throw new AppError('not_found', 'There is no such question in your round.', 'Ask for the next question.')
  const problem = answerProblem(drawn.criterion.scale, answer)
  if (problem !== null)
    throw new AppError('unprocessable', `${problem.reason}.`, problem.fix, { field: 'body.answer.value' })
  const at = effects.now()
  const isRight =
    answer.kind === 'abstained' ? null : answer.kind === 'answered' && answer.value === drawn.value
  const started = new Date(startedAt)
  await db
    .insert(roundAnswers)
    .values({
      projectId: rater.projectId,
      raterId: rater.raterId,
      drawId,
      episodeId: drawn.episode_id,
      criterionSha256: drawn.criterion_sha256,
      answer,
      isRight,
      startedAt: started > at ? at : started,
      at,
    })
    .onConflictDoNothing()
  const stored = (await drawsOf(db, rater)).find(({ id }) => id === drawId)
  if (stored?.answer == null) throw new Error(`answer ${drawId} of a round was neither stored nor found`)
  if (!sameAnswer(stored.answer, answer))
    throw new AppError(
      'conflict',
      'You answered this question already, and were told what is right.',
      'Ask for the next question.',
    )
  const [evidence] = await skillEvidence(db, rater.projectId, rater.raterId)
  if (evidence !== undefined) await tierBySkill(effects, rules, evidence)
  return {
    right: stored.is_right,
    known: stored.value,
    explanation: stored.explanation,
    progress: await progressOf(db, rules, rater),
  }
}

function sameAnswer(one: CommittedAnswer, other: CommittedAnswer): boolean {
  const words = (answer: CommittedAnswer) =>
    answer.kind === 'answered' ? answer.value : answer.kind === 'abstained' ? answer.reason : ''
  return one.kind === other.kind && words(one) === words(other)
}

async function progressOf(db: Executor, rules: VettingRules, rater: RaterId): Promise<RoundProgress> {
  const drawn = await drawsOf(db, rater)
  const answered = drawn.filter(({ answer }) => answer !== null)
  const counted = answered.filter(({ is_right }) => is_right !== null)
  const right = counted.filter(({ is_right }) => is_right).length
  const tier = (await tierOf(db, rater.projectId, [rater.raterId])).get(rater.raterId) ?? 'trainee'
  const { verdict } = testSkill(right, counted.length, { ...rules, alpha: VETTING_ALPHA })
  const decided = tier !== 'trainee' || verdict !== 'undecided' || answered.length >= rules.roundQuestions
  // With nothing left to ask, nobody is kept from work.
  const done =
    decided ||
    (drawn.length === answered.length &&
      (await drawKnown(db, rules, rater.raterId, 1, 'round', () => 0)).length === 0)
  return { answered: answered.length, right, total: rules.roundQuestions, tier, done }
}

async function waiting(db: Database, rater: RaterId): Promise<Drawn | undefined> {
  return (await drawsOf(db, rater)).find(({ answer }) => answer === null)
}

async function draw(effects: Effects, rules: VettingRules, rater: RaterId): Promise<Drawn | undefined> {
  const { db } = effects
  // Two windows draw two; the one drawn first is asked first.
  const [item] = await drawKnown(db, rules, rater.raterId, 1, 'round', () => uniformDraw(effects))
  if (item === undefined) return undefined
  await db
    .insert(vettingDraws)
    .values({
      ...rater,
      id: v4({ random: effects.randomBytes(16) }),
      kind: 'round',
      ...item,
      at: effects.now(),
    })
    .onConflictDoNothing()
  return waiting(db, rater)
}

/** Oldest first. */
async function drawsOf(db: Executor, { projectId, raterId }: RaterId): Promise<readonly Drawn[]> {
  const { rows } = await db.execute<Drawn>(sql`
    select draws.id, draws.episode_id, draws.criterion_sha256, criteria.definition as criterion, gold.value,
      gold.explanation, round_answers.answer, round_answers.is_right
    from vetting_draws draws
    join criteria on criteria.project_id = draws.project_id and criteria.sha256 = draws.criterion_sha256
    join gold_answers gold on gold.project_id = draws.project_id and gold.episode_id = draws.episode_id
      and gold.criterion_sha256 = draws.criterion_sha256
    left join round_answers on round_answers.project_id = draws.project_id
      and round_answers.rater_id = draws.rater_id and round_answers.draw_id = draws.id
    where draws.project_id = ${projectId} and draws.rater_id = ${raterId} and draws.kind = 'round'
      and (round_answers.answer is not null
        or not ${isRetired(projectId, { episodeId: sql`draws.episode_id`, sha256: sql`draws.criterion_sha256` })})
    order by draws.at, draws.id`)
  return rows
}
