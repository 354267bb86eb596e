/**
 * Sends a prompt to a model and says what came back: text with what it used, or why there is none.
 *
 * Knows HTTP of providers through the AI SDK. Knows nothing of questions, tables or budgets.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Json } from '@leeway/core/episodes/episode'
import {
  APICallError,
  generateText,
  jsonSchema,
  type LanguageModel,
  NoObjectGeneratedError,
  Output,
} from 'ai'
import { deadline } from '../http/deadline.ts'
import type { TokenLogprob } from './answer-probability.ts'
import { BrokenAnswer, boundedFetch } from './bounded-fetch.ts'
import type { JudgeDefinition } from './judge-definition.ts'

export type AskEnvironment = {
  /** Null: the endpoint needs none. */
  readonly key: string | null
  readonly stop: AbortSignal
  /** Resolves after so many milliseconds; throws when stopped. */
  readonly wait?: (milliseconds: number, stop: AbortSignal) => Promise<unknown>
}

export type ModelPrompt = {
  readonly system: string
  readonly user: string
  /** JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, Json>>
  /** Of the schema, which some models are told; 'judgement' when left out. */
  readonly name?: string
  /** OUTPUT_TOKENS_MAX when left out. */
  readonly outputTokensMax?: number
}

/** Enough for a reason of three sentences, and for models that think before. */
export const OUTPUT_TOKENS_MAX = 2_000
/** Requests for one question. Only those that cost nothing are repeated: busy, failed before answering, unreachable. */
const ATTEMPTS_MAX = 4
const FIRST_WAIT_MS = 1_000
/** A longer Retry-After is not waited for here: the run rests instead. */
const WAIT_MS_MAX = 60_000

// Its notes on unsupported parameters would go to the console, past the log.
globalThis.AI_SDK_LOG_WARNINGS = false

/** Longest time that `askModel` can take. */
export const askMsMax = ({ timeoutMs }: Pick<JudgeDefinition, 'timeoutMs'>): number =>
  (ATTEMPTS_MAX + 1) * (timeoutMs + WAIT_MS_MAX)

/** Throws only when stopped. */
export async function askModel(
  definition: JudgeDefinition,
  prompt: ModelPrompt,
  environment: AskEnvironment,
): Promise<Reply | Failure> {
  const { stop } = environment
  let plain = false
  let failure: Failure = { kind: 'unavailable', why: '', charged: false }
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const reply = await request(definition, prompt, environment, plain)
    stop.throwIfAborted()
    if (reply.kind === 'reply') return reply
    failure = reply
    if (reply.kind !== 'unavailable' || reply.charged) break
    // Some models know no log probabilities, temperature or schema. The prompt alone says all that is needed.
    if (reply.unsupported && !plain) {
      plain = true
      attempt -= 1
      continue
    }
    const waitMs = reply.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1)
    if (!reply.again || waitMs > WAIT_MS_MAX || attempt === ATTEMPTS_MAX) break
    await (environment.wait ?? waitFor)(waitMs, stop)
  }
  return failure
}

const waitFor = (milliseconds: number, signal: AbortSignal) => wait(milliseconds, undefined, { signal })

export type Reply = {
  readonly kind: 'reply'
  readonly text: string
  readonly value: Json | undefined
  readonly refused: boolean
  readonly cut: boolean
  readonly tokens: readonly TokenLogprob[]
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}
export type Failure = {
  readonly kind: 'timeout' | 'malformed' | 'unavailable'
  readonly why: string
  readonly charged: boolean
  readonly again?: boolean
  readonly unsupported?: boolean
  readonly retryAfterMs?: number | undefined
}

async function request(
  definition: JudgeDefinition,
  prompt: ModelPrompt,
  { key, stop }: AskEnvironment,
  plain: boolean,
): Promise<Reply | Failure> {
  const until = deadline(definition.timeoutMs, stop)
  let body = ''
  const keepBody = async (...args: Parameters<typeof fetch>) => {
    const response = await boundedFetch(...args)
    body = await response.clone().text()
    return response
  }
  try {
    const result = await generateText({
      model: languageModel(definition, key, keepBody, plain),
      system: prompt.system,
      prompt: prompt.user,
      output: Output.object({ schema: jsonSchema<Json>(prompt.schema), name: prompt.name ?? 'judgement' }),
      maxOutputTokens: prompt.outputTokensMax ?? OUTPUT_TOKENS_MAX,
      // Anthropic's newest models refuse a temperature, and have no log probabilities to compare.
      ...(plain || definition.provider === 'anthropic' ? {} : { temperature: 0 }),
      maxRetries: 0,
      abortSignal: until.signal,
    })
    const { text, finishReason, usage } = result
    // Without text (a refusal) there is no output to ask for.
    return replyOf({ text, finishReason, usage, ...(text === '' ? {} : { value: result.output }) }, body)
  } catch (error) {
    if (NoObjectGeneratedError.isInstance(error))
      return replyOf({ text: error.text ?? '', finishReason: error.finishReason, usage: error.usage }, body)
    return failureOf(error, until.isOver())
  } finally {
    until.clear()
  }
}

function replyOf(
  given: {
    readonly text: string
    readonly value?: Json
    readonly finishReason: string | undefined
    readonly usage:
      | { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined }
      | undefined
  },
  body: string,
): Reply {
  return {
    kind: 'reply',
    text: given.text,
    value: given.value,
    refused: given.finishReason === 'content-filter',
    cut: given.finishReason === 'length',
    tokens: tokensOf(body),
    inputTokens: given.usage?.inputTokens ?? null,
    outputTokens: given.usage?.outputTokens ?? null,
  }
}

function failureOf(error: unknown, timedOut: boolean): Failure {
  if (timedOut) return { kind: 'timeout', why: 'The model did not answer in time.', charged: true }
  const broken = causes(error).find((cause) => cause instanceof BrokenAnswer)
  if (broken !== undefined) return { kind: 'unavailable', why: broken.message, charged: true }
  if (!APICallError.isInstance(error)) {
    const malformed = causes(error).some(
      (cause) =>
        cause instanceof SyntaxError || /^AI_(JSONParse|TypeValidation|InvalidResponse)/.test(cause.name),
    )
    return malformed
      ? {
          kind: 'malformed',
          why: 'The endpoint answered something that is no chat completion.',
          charged: true,
        }
      : { kind: 'unavailable', why: 'The endpoint cannot be reached.', charged: false, again: true }
  }
  const { statusCode, responseHeaders } = error
  if (statusCode === undefined)
    return { kind: 'unavailable', why: 'The endpoint cannot be reached.', charged: false, again: true }
  if (statusCode >= 200 && statusCode < 300)
    return {
      kind: 'malformed',
      why: 'The endpoint answered something that is no chat completion.',
      charged: true,
    }
  const again = statusCode === 408 || statusCode === 409 || statusCode === 429 || statusCode >= 500
  return {
    kind: 'unavailable',
    why: `The endpoint answered ${statusCode}${statusCode >= 300 && statusCode < 400 ? ', a redirect, which is not followed' : ''}.`,
    charged: false,
    again,
    unsupported: statusCode === 400 || statusCode === 422,
    retryAfterMs: again ? retryAfterMs(responseHeaders?.['retry-after']) : undefined,
  }
}

function causes(error: unknown): readonly Error[] {
  const found: Error[] = []
  for (let one = error; one instanceof Error && found.length < 10; one = one.cause) found.push(one)
  return found
}

/** Seconds or a date; undefined when it is neither. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined
}

function languageModel(
  { provider, model, baseUrl }: JudgeDefinition,
  key: string | null,
  fetchAnswer: typeof fetch,
  plain: boolean,
): LanguageModel {
  if (provider === 'anthropic') {
    const anthropic = createAnthropic({
      apiKey: key ?? '',
      fetch: fetchAnswer,
      ...(baseUrl === null ? {} : { baseURL: baseUrl }),
    })
    return anthropic(model)
  }
  return createOpenAICompatible({
    name: 'judge',
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    ...(key === null ? {} : { apiKey: key }),
    supportsStructuredOutputs: !plain,
    fetch: fetchAnswer,
    transformRequestBody: ({ max_tokens, ...request }) =>
      plain
        ? // Models that refuse the older parameters know the newer name.
          { ...request, max_completion_tokens: max_tokens, response_format: undefined }
        : { ...request, max_tokens, logprobs: true },
  })(model)
}

/** The AI SDK does not hand log probabilities on; they stand in the body of OpenAI's shape. */
function tokensOf(body: string): readonly TokenLogprob[] {
  try {
    const answer = JSON.parse(body) as {
      readonly choices?: readonly { readonly logprobs?: { readonly content?: unknown } | null }[]
    }
    const content = answer.choices?.[0]?.logprobs?.content
    return Array.isArray(content) ? content.filter(isTokenLogprob) : []
  } catch {
    return []
  }
}

function isTokenLogprob(value: unknown): value is TokenLogprob {
  if (typeof value !== 'object' || value === null) return false
  const { token, logprob, bytes } = value as Record<string, unknown>
  const sound =
    bytes === undefined || bytes === null || (Array.isArray(bytes) && bytes.every(Number.isInteger))
  return typeof token === 'string' && typeof logprob === 'number' && sound
}
