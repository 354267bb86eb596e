/**
 * One question, safe to break off anywhere: claim it (and its cost) → ask the model → record call, rating and the end
 * of the claim in one transaction. A recorded question is never asked again; two askers never ask one at once.
 */
import { hash } from 'node:crypto'
import type { Claim } from '@leeway/core/critiques/claim'
import type { Answer } from '@leeway/core/rubrics/answer'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedWords } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { voiceOf } from '../raters/voice-of.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { askJudge } from './ask-judge.ts'
import { type AskEnvironment, askMsMax, OUTPUT_TOKENS_MAX } from './ask-model.ts'
import { formOfQuestion } from './form-of-question.ts'
import type { Judge } from './judge.ts'
import type { JudgeDefinition } from './judge-definition.ts'
import { type JudgePrompt, judgePrompt } from './judge-prompt.ts'
import { findCall, type Question } from './judge-store.ts'
import { recordCall } from './record-call.ts'
import { claimQuestion, giveBackClaim } from './spend.ts'
import { voicesAsked, voicesOn } from './voices-on.ts'

/**
 * 'recorded', and 'unavailable' when what was recorded is that the endpoint did not answer. 'taken': someone else asks
 * it. 'gone': the text of the episode was erased.
 */
export type QuestionOutcome = 'recorded' | 'unavailable' | 'taken' | 'over-limit' | 'gone'

type Asking = {
  readonly judge: Judge
  readonly criterion: Criterion
  readonly question: Question
  /** Chance that the question is put as a check of somebody's answer. */
  readonly verifyShare: number
  /** Asked only where fewer independent voices are heard or being asked; null: wherever it was not. */
  readonly voicesWanted: number | null
}

/** Throws what the database throws, and when stopped; then nothing is recorded. */
export async function answerQuestion(
  effects: Effects,
  asking: Asking,
  environment: AskEnvironment,
): Promise<QuestionOutcome> {
  const { judge, criterion, question } = asking
  const { projectId, id: raterId } = judge.rater
  const episode = await storedWords(effects.db, projectId, question.episodeId)
  if (episode === undefined) return 'gone'
  const proposed = await formOfQuestion(effects, judge, criterion, question, asking.verifyShare)
  const prompt = judgePrompt(criterion, episode, effects.randomBytes, proposed)
  // The model has answered this before: about another episode with the very same text.
  const rateAsRecorded = async (executor: Executor): Promise<boolean> => {
    const call = await findCall(executor, projectId, raterId, prompt.sha256)
    if (call !== undefined)
      await rate(effects, executor, asking, prompt, call.response as StoredAnswer, effects.now())
    return call !== undefined
  }
  if (asking.voicesWanted === null && (await rateAsRecorded(effects.db))) return 'recorded'
  const claimId = claimIdOf(raterId, prompt.sha256)
  const costUsdMax = costMax(judge.definition, prompt)
  const claim = { projectId, id: claimId, costUsdMax, holdMs: askMsMax(judge.definition) }
  const isWanted = await wantedHere(effects, asking, prompt)
  // Looked up again within the claim: another may have recorded it since.
  let enough = false
  const claimed = await claimQuestion(effects, claim, async (tx) => {
    enough = !(await isWanted(tx))
    return enough || (await rateAsRecorded(tx))
  })
  if (enough) return 'taken'
  if (claimed !== 'claimed') return claimed === 'settled' ? 'recorded' : claimed

  const startedAt = effects.now()
  const startMs = performance.now()
  const asked = await askJudge(judge.definition, prompt, { criterion, episode }, environment)
  const durationMs = performance.now() - startMs
  await effects.db.transaction(async (tx) => {
    const { answer, probability, reason, steps, text } = asked
    const claims = asked.claims.map((claim) => ({ ...claim }))
    const response = { answer, probability, reason, steps, claims, text } satisfies StoredAnswer
    await recordCall(tx, effects, judge, {
      requestSha256: prompt.sha256,
      promptVersion: prompt.version,
      status: asked.status,
      response,
      spent: asked,
      costUsdMax,
      durationMs,
    })
    await rate(effects, tx, asking, prompt, response, startedAt)
    await giveBackClaim(tx, projectId, claimId)
  })
  return asked.status === 'unavailable' ? 'unavailable' : 'recorded'
}

/**
 * Counts within the claim: they are made one at a time, so that of two models of one family only one finds that it is wanted. Whose
 * word counts is read before, as every claim of the project waits behind that one.
 */
async function wantedHere(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  { judge: { rater }, question, voicesWanted }: Asking,
  prompt: JudgePrompt,
): Promise<(tx: Executor) => Promise<boolean>> {
  if (voicesWanted === null) return async () => true
  const { projectId } = rater
  const { episodeId, criterionSha256 } = question
  const voices = await voicesOn(db, projectId, [criterionSha256])
  return async (tx) => {
    // Whoever is asked now first: a claim ends with the answer that it was for, so that one of the two is seen.
    const asked = await voicesAsked(tx, projectId, (id) => claimIdOf(id, prompt.sha256), now())
    const { rows } = await tx.execute<{ heard: readonly string[] }>(sql`
      select ${voices(sql`${episodeId}::uuid`, sql`${criterionSha256}`)} as heard`)
    const all = new Set([...(rows[0]?.heard ?? []), ...asked])
    return all.size < voicesWanted && !all.has(voiceOf(rater))
  }
}

/** The most an answer can cost, US dollars. Endpoints without a price are not asked; 0 is a price. */
export function costMax(
  { usdPerMillion }: JudgeDefinition,
  {
    inputTokensMax,
    outputTokensMax = OUTPUT_TOKENS_MAX,
  }: { readonly inputTokensMax: number; readonly outputTokensMax?: number },
): number {
  if (usdPerMillion === null) return Number.MAX_VALUE
  return (inputTokensMax * usdPerMillion.input + outputTokensMax * usdPerMillion.output) / 1e6
}

/** `model_calls.response`: all that a rating is made of, and what the model wrote. */
type StoredAnswer = {
  readonly answer: Answer
  readonly probability: number | null
  readonly reason: string
  readonly steps: readonly number[]
  readonly claims: readonly Claim[]
  readonly text: string | null
}

async function rate(
  effects: Pick<Effects, 'newId' | 'now'>,
  executor: Executor,
  { judge, question }: Asking,
  prompt: JudgePrompt,
  said: StoredAnswer,
  startedAt: Date,
): Promise<void> {
  const { answer } = said
  await insertRatings(executor, [
    {
      projectId: judge.rater.projectId,
      id: effects.newId(),
      ...question,
      raterId: judge.rater.id,
      assignmentId: null,
      kind: answer.kind,
      value: answer.kind === 'answered' ? answer.value : null,
      reason: answer.kind === 'abstained' ? answer.reason : null,
      probability: answer.kind === 'abstained' ? null : said.probability,
      comment: said.reason,
      evidence: [...said.steps],
      claims: said.claims,
      flagged: false,
      assistance: 'none',
      form: prompt.form,
      supersedes: null,
      // Begins with the hash of the request, by which the call of a rating is found.
      commitKey: `${prompt.sha256}:${question.episodeId}`,
      startedAt,
      committedAt: effects.now(),
    },
  ])
}

/** 128 bits of a hash, in the form of an id. */
function claimIdOf(raterId: string, requestSha256: string): string {
  return hash('sha256', `${raterId}:${requestSha256}`)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
