/** Asks a model one question about one episode and says what came of it: an answer, or an abstention with its reason. */
import type { Claim } from '@leeway/core/critiques/claim'
import type { Episode } from '@leeway/core/episodes/episode'
import type { Answer } from '@leeway/core/rubrics/answer'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { answerProbability } from './answer-probability.ts'
import { type AskEnvironment, askModel, type Reply } from './ask-model.ts'
import type { JudgeDefinition } from './judge-definition.ts'
import type { JudgePrompt } from './judge-prompt.ts'
import { readJudgement, storableText } from './read-judgement.ts'

export type AskedJudge = {
  readonly status: 'answered' | 'refused' | 'malformed' | 'timeout' | 'unavailable'
  readonly answer: Answer
  /** Of the stated answer, in [0, 1]; null when the provider gives no log probabilities. */
  readonly probability: number | null
  /** The model's reason, or what went wrong. */
  readonly reason: string
  readonly steps: readonly number[]
  readonly claims: readonly Claim[]
  /** What the model wrote; null when nothing came. */
  readonly text: string | null
  /** Null when the provider did not say. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** False: the endpoint did no work that it could charge for. */
  readonly charged: boolean
}

const TEXT_MAX = 16_000

/** Throws only when stopped. */
export async function askJudge(
  definition: JudgeDefinition,
  prompt: JudgePrompt,
  question: { readonly criterion: Criterion; readonly episode: Pick<Episode, 'steps'> },
  environment: AskEnvironment,
): Promise<AskedJudge> {
  const reply = await askModel(definition, prompt, environment)
  return reply.kind === 'reply' ? fromReply(reply, question) : abstained(reply.kind, reply.why, reply.charged)
}

function fromReply(
  reply: Reply,
  { criterion, episode }: { readonly criterion: Criterion; readonly episode: Pick<Episode, 'steps'> },
): AskedJudge {
  const { inputTokens, outputTokens } = reply
  const spent = { text: storableText(reply.text).slice(0, TEXT_MAX), inputTokens, outputTokens }
  if (reply.refused) return { ...abstained('refused', 'The model refused to answer.', true), ...spent }
  const judgement = readJudgement(reply.value, criterion.scale, episode)
  if (judgement === null) {
    const why = reply.cut
      ? 'The answer was cut off at its longest.'
      : 'The model did not give one of the answers as JSON.'
    return { ...abstained('malformed', why, true), ...spent }
  }
  const { answer, reason, steps, claims } = judgement
  return {
    status: 'answered',
    answer: answer === 'cannot-tell' ? { kind: 'abstained', reason: 'missing-information' } : answer,
    probability: answer === 'cannot-tell' ? null : answerProbability(reply.text, reply.tokens),
    reason,
    steps,
    claims,
    charged: true,
    ...spent,
  }
}

function abstained(
  status: Exclude<AskedJudge['status'], 'answered'>,
  reason: string,
  charged: boolean,
): AskedJudge {
  return {
    status,
    answer: { kind: 'abstained', reason: status },
    probability: null,
    reason,
    steps: [],
    claims: [],
    text: null,
    inputTokens: null,
    outputTokens: null,
    charged,
  }
}
