/**
 * The rewards of conversations with answers that nobody has got yet, by a model and programs: while somebody waits.
 *
 * Rubric      the newest of the agent all of whose questions a program or a model may answer, none of them by the outcome: a draft has
 *             none. A question that a program answers is not put to the model.
 * Money       the most that all questions can cost is claimed first, from what the project may spend on models in a day; each call is
 *             recorded with what it cost, or the most it can where time ran out. The words of drafts are not kept.
 * Time        what has not been answered when `stop` says so is not known.
 */
import { hash } from 'node:crypto'
import type { Episode, Json } from '@leeway/core/episodes/episode'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { type Belief, rewardOf } from '@leeway/core/rewards/reward'
import { certain } from '@leeway/core/rewards/worth-law'
import type { Answer } from '@leeway/core/rubrics/answer'
import { type Criterion, leavesOf, type Rubric, type RubricLeaf } from '@leeway/core/rubrics/rubric'
import { type Scale, worthOf } from '@leeway/core/rubrics/scale'
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import { type AskedJudge, askJudge } from '../models/ask-judge.ts'
import { askMsMax } from '../models/ask-model.ts'
import { type Judge, requireJudge } from '../models/judge.ts'
import { type JudgePrompt, judgePrompt } from '../models/judge-prompt.ts'
import { recordCall } from '../models/record-call.ts'
import { providerKeyOf, whySilent } from '../models/resting.ts'
import { claimQuestion, giveBackClaim } from '../models/spend.ts'
import { newestRubrics, rubricOf } from '../rubrics/stored-rubrics.ts'
import { answersDrafts, beliefOf, readDraft } from './draft-reward.ts'

export type JudgedDrafts = {
  /** By draft, in [0, 1]; null: unknown. */
  readonly rewards: readonly (number | null)[]
  /** US dollars; null where nothing was asked. */
  readonly usd: number | null
  /** Why it was not asked, or did not answer all of it. */
  readonly why: 'answered' | 'no-rubric' | 'no-judge' | 'no-money' | 'no-time'
}

export type JudgeAsking = {
  readonly projectId: string
  readonly agentId: string
  /** Id of a model rater. */
  readonly judge: string
  /** Each a whole conversation. */
  readonly drafts: readonly (readonly Json[])[]
  readonly stop: AbortSignal
}

/** Never throws for what the model does; throws what the database throws. */
export async function judgeDrafts(
  effects: Effects,
  sealingKey: Uint8Array,
  { projectId, agentId, judge: raterId, drafts, stop }: JudgeAsking,
): Promise<JudgedDrafts> {
  const none = (why: JudgedDrafts['why']): JudgedDrafts => ({
    rewards: drafts.map(() => null),
    usd: null,
    why,
  })
  const rubrics = (await newestRubrics(effects.db, projectId, agentId)).map(rubricOf)
  const rubric = rubrics.find((one) =>
    leavesOf(one).every((leaf) => answersDrafts(leaf) || isForModels(leaf)),
  )
  if (rubric === undefined) return none('no-rubric')
  const judge = await requireJudge(effects.db, projectId, raterId)
  if ((await whySilent(effects, judge)) !== null) return none('no-judge')
  const key = await providerKeyOf(effects, sealingKey, judge)
  const episodes = drafts.map(readDraft)
  const questions = new Map<string, Question>()
  for (const episode of episodes)
    for (const { criterion } of leavesOf(rubric).filter((leaf) => !answersDrafts(leaf))) {
      if (episode === null) continue
      const prompt = judgePrompt(criterion, episode, effects.randomBytes)
      questions.set(prompt.sha256, { prompt, criterion, episode })
    }
  const asked = await askAll(effects, judge, key, [...questions.values()], stop)
  if (asked === 'no-money') return none('no-money')
  const rewards = episodes.map((episode) =>
    episode === null ? null : draftWorth(effects, rubric, episode, asked.answers),
  )
  return { rewards, usd: asked.usd, why: asked.late ? 'no-time' : 'answered' }
}

const isForModels = ({ check, criterion }: RubricLeaf) =>
  check?.kind !== 'outcome' && criterion.answeredBy.includes('model')

type Question = { readonly prompt: JudgePrompt; readonly criterion: Criterion; readonly episode: Episode }
type Answers = ReadonlyMap<string, Answer>

async function askAll(
  effects: Effects,
  judge: Judge,
  key: string | null,
  questions: readonly Question[],
  stop: AbortSignal,
): Promise<{ readonly answers: Answers; readonly usd: number; readonly late: boolean } | 'no-money'> {
  const { projectId } = judge.rater
  const claimId = effects.newId()
  const costs = questions.map(({ prompt }) => costMax(judge.definition, prompt))
  const costUsdMax = costs.reduce((sum, cost) => sum + cost, 0)
  const claim = { projectId, id: claimId, costUsdMax, holdMs: askMsMax(judge.definition) }
  if ((await claimQuestion(effects, claim, async () => false)) !== 'claimed') return 'no-money'
  const answered = await Promise.all(questions.map((question) => askOne(judge, key, question, stop)))
  let usd = 0
  await effects.db.transaction(async (tx) => {
    for (const [at, { prompt, asked, durationMs }] of answered.entries())
      usd +=
        (await recordCall(tx, effects, judge, {
          // Asked again in the same words it is another call: of a draft nothing is kept that could be read again.
          requestSha256: hash('sha256', `${prompt.sha256}:draft:${effects.newId()}`),
          promptVersion: prompt.version,
          status: asked.status,
          response: { answer: asked.answer },
          spent: asked,
          costUsdMax: costs[at] ?? 0,
          durationMs,
        })) ?? 0
    await giveBackClaim(tx, projectId, claimId)
  })
  return {
    answers: new Map(answered.map(({ prompt, asked }) => [prompt.sha256, asked.answer])),
    usd,
    late: answered.some(({ asked }) => asked === OUT_OF_TIME),
  }
}

async function askOne(
  { definition }: Judge,
  key: string | null,
  { prompt, criterion, episode }: Question,
  stop: AbortSignal,
): Promise<{ readonly prompt: JudgePrompt; readonly asked: Asked; readonly durationMs: number }> {
  const startMs = performance.now()
  const asked: Asked = await askJudge(definition, prompt, { criterion, episode }, { key, stop }).catch(
    (error: unknown) => {
      if (!stop.aborted) throw error
      return OUT_OF_TIME
    },
  )
  return { prompt, asked, durationMs: performance.now() - startMs }
}

type Asked = Pick<AskedJudge, 'status' | 'answer' | 'charged' | 'inputTokens' | 'outputTokens'>
/** It may have been answered and paid for. */
const OUT_OF_TIME: Asked = {
  status: 'timeout',
  answer: { kind: 'abstained', reason: 'timeout' },
  charged: true,
  inputTokens: null,
  outputTokens: null,
}

function draftWorth(
  { randomBytes }: Pick<Effects, 'randomBytes'>,
  rubric: Rubric,
  episode: Episode,
  answers: Answers,
): number | null {
  const beliefs = new Map(
    leavesOf(rubric).map((leaf): readonly [string, Belief] => {
      const { id, scale } = leaf.criterion
      if (answersDrafts(leaf)) return [id, beliefOf(leaf, episode)]
      const { sha256 } = judgePrompt(leaf.criterion, episode, randomBytes)
      return [id, heard(scale, answers.get(sha256))]
    }),
  )
  const { value } = rewardOf(rubric, beliefs, seededRandom(0))
  return value.kind === 'known' ? value.estimate : null
}

function heard(scale: Scale, answer: Answer | undefined): Belief {
  if (answer?.kind === 'not-applicable') return answer
  const worth = answer?.kind === 'answered' ? worthOf(scale, answer.value) : null
  return worth === null ? { kind: 'missing' } : { kind: 'known', law: certain(worth) }
}
