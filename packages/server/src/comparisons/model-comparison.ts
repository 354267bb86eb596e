/**
 * One pair in one order by a model, safe to break off anywhere: claim it (and its cost) → ask the model → record call and
 * answer and the end of the claim in one transaction. A recorded answer is never asked for again.
 */
import { hash } from 'node:crypto'
import type { Abstention } from '@leeway/core/rubrics/answer'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { answerProbability } from '../models/answer-probability.ts'
import { costMax } from '../models/answer-question.ts'
import { type AskEnvironment, askModel, askMsMax, type Failure, type Reply } from '../models/ask-model.ts'
import type { Judge } from '../models/judge.ts'
import { storableText } from '../models/read-judgement.ts'
import { recordCall } from '../models/record-call.ts'
import { claimQuestion, giveBackClaim } from '../models/spend.ts'
import { COMPARISON_PROMPT, comparisonPrompt, MODEL_ANSWERS } from './comparison-prompt.ts'
import { isAnswered, type OrderedPair } from './model-pairs.ts'
import { comparisonAnswers } from './tables.ts'

/** 'later': the endpoint did not answer, the limit is reached, or another process is at it. */
export type ModelOutcome = 'recorded' | 'later'

const TEXT_MAX = 16_000
const REASON_MAX = 4_000

/** Throws what the database throws, and when stopped; then nothing is recorded. */
export async function modelComparison(
  effects: Effects,
  judge: Judge,
  criterion: Criterion,
  ordered: OrderedPair,
  environment: AskEnvironment,
): Promise<ModelOutcome> {
  const { projectId, id: raterId } = judge.rater
  const { pairId, first, second } = ordered
  const stored = new Map(
    (await storedEpisodes(effects.db, projectId, [first, second])).map(({ id, episode }) => [id, episode]),
  )
  const runs = { first: stored.get(first), second: stored.get(second) }
  // Erased since: nobody can compare it any more.
  if (runs.first === undefined || runs.second === undefined) return 'later'
  const prompt = comparisonPrompt(criterion, { first: runs.first, second: runs.second }, effects.randomBytes)
  const claimId = claimIdOf(raterId, ordered)
  const costUsdMax = costMax(judge.definition, prompt)
  const claimed = await claimQuestion(
    effects,
    { projectId, id: claimId, costUsdMax, holdMs: askMsMax(judge.definition) },
    (tx) => isAnswered(tx, { projectId, raterId }, ordered),
  )
  if (claimed !== 'claimed') return claimed === 'settled' ? 'recorded' : 'later'

  const startedAt = effects.now()
  const startMs = performance.now()
  const reply = await askModel(judge.definition, prompt, environment)
  const durationMs = performance.now() - startMs
  const said = read(reply)
  const unavailable = reply.kind === 'unavailable'
  await effects.db.transaction(async (tx) => {
    await recordCall(tx, effects, judge, {
      // Of one pair and order there is one call that counts; one that brought nothing must not stand in its way.
      requestSha256: hash('sha256', `${prompt.sha256}:${pairId}${unavailable ? `:${effects.newId()}` : ''}`),
      promptVersion: COMPARISON_PROMPT,
      status: said.status,
      response: {
        reason: said.comment,
        text: reply.kind === 'reply' ? storableText(reply.text).slice(0, TEXT_MAX) : null,
      },
      spent: {
        inputTokens: reply.kind === 'reply' ? reply.inputTokens : null,
        outputTokens: reply.kind === 'reply' ? reply.outputTokens : null,
        charged: reply.kind === 'reply' || reply.charged,
      },
      costUsdMax,
      durationMs,
    })
    if (!unavailable) await record(tx, effects, judge, ordered, said, startedAt)
    await giveBackClaim(tx, projectId, claimId)
  })
  return unavailable ? 'later' : 'recorded'
}

type Said = {
  readonly status: 'answered' | 'refused' | 'malformed' | 'timeout' | 'unavailable'
  readonly value: 'left' | 'right' | 'equal' | null
  readonly reason: Abstention | null
  readonly probability: number | null
  readonly comment: string
}

async function record(
  executor: Executor,
  effects: Pick<Effects, 'newId' | 'now'>,
  judge: Judge,
  { pairId, first }: OrderedPair,
  said: Said,
  startedAt: Date,
): Promise<void> {
  const { value, reason, probability, comment } = said
  await executor
    .insert(comparisonAnswers)
    .values({
      projectId: judge.rater.projectId,
      id: effects.newId(),
      pairId,
      raterId: judge.rater.id,
      // What comes first is to a model what stands on the left is to people.
      leftEpisodeId: first,
      kind: value === null ? 'abstained' : 'answered',
      value,
      reason,
      probability,
      comment,
      leftEvidence: [],
      rightEvidence: [],
      flagged: false,
      supersedes: null,
      commitKey: `${pairId}:${first}`,
      startedAt,
      committedAt: effects.now(),
    })
    .onConflictDoNothing()
}

const VALUE = { first: 'left', second: 'right', equal: 'equal', 'cannot-tell': null } as const

function read(reply: Reply | Failure): Said {
  if (reply.kind !== 'reply') return nothing(reply.kind, reply.why)
  if (reply.refused) return nothing('refused', 'The model refused to answer.')
  const { value } = reply
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  const { answer, reason } = object as { readonly answer?: unknown; readonly reason?: unknown }
  const known = MODEL_ANSWERS.find((one) => one === String(answer).trim().toLowerCase())
  if (known === undefined)
    return nothing(
      'malformed',
      reply.cut
        ? 'The answer was cut off at its longest.'
        : 'The model did not give one of the answers as JSON.',
    )
  return {
    status: 'answered',
    value: VALUE[known],
    reason: known === 'cannot-tell' ? 'missing-information' : null,
    probability: known === 'cannot-tell' ? null : answerProbability(reply.text, reply.tokens),
    comment: typeof reason === 'string' ? storableText(reason).slice(0, REASON_MAX) : '',
  }
}

function nothing(status: Exclude<Said['status'], 'answered'>, comment: string): Said {
  return { status, value: null, reason: status, probability: null, comment }
}

/** By place and not by what is asked: of one pair and order there is one claim. */
function claimIdOf(raterId: string, { pairId, first }: OrderedPair): string {
  return hash('sha256', `comparison:${raterId}:${pairId}:${first}`)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
