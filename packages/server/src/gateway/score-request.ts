/**
 * What an upstream is asked to say how probable its model finds the words of a candidate, and how its answer is read.
 *
 * vllm-prompt-logprobs  the conversation with the answer behind it, as a chat; vLLM gives the log probability of each token of the
 *                       prompt. Its own template is used, and tools are in it.
 * completions-echo      the same as one text, in ChatML, echoed with log probabilities. For models that speak ChatML, and for
 *                       conversations without tools: how a model is told of tools only its own template knows.
 *
 * The answer is scored only where the very same tokens stand in what was scored: another way of cutting the text into tokens has
 * other probabilities. What is refused here was sampled from another distribution than the one that is reported.
 */
import type { ScoresWith } from '@leeway/contract/gateway'
import { type Sampling, type TokenLogprobs, whyIncomparable } from '@leeway/core/divergence/token-logprobs'
import { type ChatAnswer, fieldsOf, type SampledToken, textIn } from './chat-answer.ts'

/** Why an answer has no score, in a sentence. */
export class NotScored extends Error {
  override readonly name = 'NotScored'
}

/** Bodies of requests for a chat completion, and what came of the first. */
export type AnswerToScore = {
  readonly asked: string
  /** What the baseline would have been asked in its place. */
  readonly baselineAsked: string
  readonly answer: ChatAnswer
}

export type ScoreRequest = {
  readonly path: '/chat/completions' | '/completions'
  readonly body: string
  /** Throws NotScored, SyntaxError. */
  readonly read: (body: string) => TokenLogprobs
  /** The token that ends the answer is scored as well, or a limit ended it. */
  readonly isWhole: boolean
}

type Fields = Readonly<Record<string, unknown>>
type PromptToken = { readonly text: string; readonly logprob: number | null }

/** A template puts no more than this behind an answer. */
const BEHIND_MAX = 4
/** How models write the token that ends an answer. */
const END = /^(?:<[|｜].*[|｜]>|<\/s>|<eos>|<end_of_turn>)$/u

/** Throws NotScored. */
export function scoreRequest(
  scoresWith: Exclude<ScoresWith, 'none'>,
  { asked, baselineAsked, answer }: AnswerToScore,
): ScoreRequest {
  const fields = JSON.parse(asked) as Fields
  const baseline = JSON.parse(baselineAsked) as Fields
  requireAsSampled(fields)
  requireAsSampled(baseline)
  const { tokens, text, isWhole } = sampledText(answer)
  const scored = scoresWith === 'completions-echo' ? asEcho(baseline, text) : asPrompt(baseline, text)
  return {
    path: scored.path,
    body: JSON.stringify(scored.body),
    isWhole,
    read: (body) => ({
      candidate: tokens.map(({ logprob }) => logprob),
      baseline: aligned(scored.tokensIn(JSON.parse(body)), tokens),
    }),
  }
}

/** What was sampled: also what a server took for calls, and read out of the text. */
function sampledText({ choices, calls }: ChatAnswer): {
  readonly tokens: readonly SampledToken[]
  readonly text: string
  readonly isWhole: boolean
} {
  const [choice] = choices
  if (choice === undefined || choices.length > 1) throw new NotScored('It has more than one choice, or none.')
  const { tokens, finishReason } = choice
  if (tokens === null || tokens.length === 0)
    throw new NotScored('The candidate’s upstream gave no log probabilities.')
  const ends = END.test(tokens.at(-1)?.text ?? '')
  const text = (ends ? tokens.slice(0, -1) : tokens).map((token) => token.text).join('')
  if (calls.length > 0 && text === choice.text)
    throw new NotScored('The candidate’s upstream gave no log probabilities of its calls.')
  if (calls.length === 0 && text !== choice.text)
    throw new NotScored('The tokens that the candidate’s upstream gave are not those of its text.')
  return { tokens, text, isWhole: ends || finishReason === 'length' }
}

/** Throws NotScored where the words came from another distribution than the reported one. */
function requireAsSampled(fields: Fields): void {
  const number = (name: string) => (typeof fields[name] === 'number' ? (fields[name] as number) : null)
  const sampling: Sampling = {
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    minP: number('min_p'),
    logprobs: null,
  }
  const why = whyIncomparable(sampling) ?? whyConstrained(fields)
  if (why !== null) throw new NotScored(`Its ${why}.`)
}

function whyConstrained(fields: Fields): string | null {
  const isSet = (name: string, nothing: number) =>
    typeof fields[name] === 'number' && fields[name] !== nothing
  if (isSet('presence_penalty', 0) || isSet('frequency_penalty', 0) || isSet('repetition_penalty', 1))
    return 'tokens were sampled with penalties'
  if (Object.keys(fieldsOf(fields.logit_bias) ?? {}).length > 0) return 'tokens were sampled with a bias'
  const format = fieldsOf(fields.response_format)?.type
  const choice = fields.tool_choice
  return (format !== undefined && format !== 'text') || choice === 'required' || fieldsOf(choice) !== null
    ? 'tokens were held to a form'
    : null
}

/** Members of a request that make the prompt. */
const PROMPT_MEMBERS = ['model', 'tools', 'chat_template', 'chat_template_kwargs', 'documents'] as const

function asPrompt(asked: Fields, text: string) {
  return {
    path: '/chat/completions',
    body: {
      ...Object.fromEntries(
        PROMPT_MEMBERS.filter((name) => asked[name] !== undefined).map((name) => [name, asked[name]]),
      ),
      messages: [...(asked.messages as readonly unknown[]), { role: 'assistant', content: text }],
      add_generation_prompt: false,
      prompt_logprobs: 0,
      max_tokens: 1,
      stream: false,
    },
    tokensIn: (answer: unknown): readonly PromptToken[] => {
      const listed = fieldsOf(answer)?.prompt_logprobs
      if (!Array.isArray(listed))
        throw new NotScored('The baseline’s upstream gave no log probabilities of the prompt.')
      return listed.map((one): PromptToken => {
        // More than one: which of them stood there cannot be told from the order of a JSON object.
        const [only, ...more] = Object.values(fieldsOf(one) ?? {}).map(fieldsOf)
        return more.length > 0 ? NOWHERE : promptToken(only?.decoded_token, only?.logprob)
      })
    },
  } as const
}

function asEcho(asked: Fields, text: string) {
  const { model, tools, functions } = asked
  if (tools !== undefined || functions !== undefined)
    throw new NotScored('Its request has tools, which a completion cannot be told of.')
  const said = (asked.messages as readonly unknown[]).map((message) => chatMl(fieldsOf(message) ?? {}))
  return {
    path: '/completions',
    body: {
      model,
      prompt: `${said.join('')}<|im_start|>assistant\n${text}<|im_end|>`,
      echo: true,
      logprobs: 1,
      max_tokens: 0,
      stream: false,
    },
    tokensIn: (answer: unknown): readonly PromptToken[] => {
      const choices = fieldsOf(answer)?.choices
      const found = fieldsOf(fieldsOf(Array.isArray(choices) ? choices[0] : null)?.logprobs)
      const { tokens, token_logprobs: logprobs } = found ?? {}
      if (!Array.isArray(tokens) || !Array.isArray(logprobs) || tokens.length !== logprobs.length)
        throw new NotScored('The baseline’s upstream echoed no log probabilities.')
      return tokens.map((token, at) => promptToken(token, logprobs[at]))
    },
  } as const
}

const CHATML_ROLES: readonly unknown[] = ['system', 'user', 'assistant']

function chatMl({ role, content, tool_calls: calls }: Fields): string {
  const isText =
    typeof content === 'string' ||
    (Array.isArray(content) && content.every((part) => fieldsOf(part)?.type === 'text'))
  if (!CHATML_ROLES.includes(role) || !isText || calls !== undefined)
    throw new NotScored('Its conversation holds more than texts, which a completion cannot be told of.')
  return `<|im_start|>${role}\n${textIn(content)}<|im_end|>\n`
}

const NOWHERE: PromptToken = { text: '', logprob: null }

const promptToken = (text: unknown, logprob: unknown): PromptToken =>
  typeof text === 'string' && typeof logprob === 'number' && logprob <= 0 ? { text, logprob } : NOWHERE

/** The log probabilities of the answer's tokens, where they stand at the end of the prompt. Throws NotScored. */
function aligned(prompt: readonly PromptToken[], tokens: readonly SampledToken[]): readonly number[] {
  const found: number[] = []
  for (let behind = 0; behind <= BEHIND_MAX; behind++) {
    const from = prompt.length - behind - tokens.length
    if (from >= 0 && tokens.every(({ text }, at) => prompt[from + at]?.text === text)) found.push(from)
  }
  const [from] = found
  if (from === undefined || found.length > 1)
    throw new NotScored('The baseline’s model cuts the answer into other tokens, or its place is not clear.')
  const logprobs = prompt.slice(from, from + tokens.length).map(({ logprob }) => logprob)
  if (!logprobs.every((one) => one !== null))
    throw new NotScored('The baseline’s upstream left out the log probability of a token.')
  return logprobs
}
