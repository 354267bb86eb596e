/**
 * Puts a streamed chat completion together. Text is passed on at once; calls, and everything that says that the answer is
 * over, are held until somebody has decided and the turn is recorded.
 *
 * An event with text and a call in it is divided: the text goes on, the call stays. What is not understood is not passed on:
 * a client might read a call into it.
 */
import { ANSWER_BYTES_MAX } from './answer-bytes.ts'
import {
  type AnsweredCall,
  type AnsweredChoice,
  type ChatAnswer,
  callPart,
  fieldsOf,
  type SampledToken,
  sampledTokens,
  textIn,
  usageOf,
} from './chat-answer.ts'
import { setMembers } from './set-members.ts'
import type { SseEvent } from './sse-events.ts'

export type ChatStream = {
  /** What the client may have now; empty when nothing. Throws SyntaxError for what is no chunk of a chat completion. */
  readonly push: (event: SseEvent) => Buffer
  /** The upstream said that it is done, or that every choice is. */
  readonly isWhole: () => boolean
  /** What was held, in order, as it came. */
  readonly held: () => Buffer
  readonly answer: () => ChatAnswer
  /** The last chunk's own fields (id, model, created …), for chunks of ours. */
  readonly envelope: () => Readonly<Record<string, unknown>>
}

type Choice = { -readonly [Field in Exclude<keyof AnsweredChoice, 'tokens'>]: AnsweredChoice[Field] } & {
  tokens: SampledToken[] | null
}
type Call = { -readonly [Field in keyof AnsweredCall]: AnsweredCall[Field] }
type Fields = Readonly<Record<string, unknown>>

const NOTHING = Buffer.alloc(0)

/** `model`: what the client calls the model; whose answer it is, is not its to know. Left out: chunks stay as they came. `includesUsage`: whether the client asked for it. */
export function chatStream(model?: string, includesUsage = true): ChatStream {
  const choices = new Map<number, Choice>()
  const calls = new Map<string, Call>()
  const held: Buffer[] = []
  let envelope: Fields = { object: 'chat.completion.chunk' }
  let usage: ChatAnswer['usage'] = null
  let done = false
  let heldBytes = 0

  const hold = (bytes: Buffer): Buffer => {
    held.push(bytes)
    return NOTHING
  }
  const choiceAt = (index: number): Choice => {
    const known = choices.get(index)
    if (known !== undefined) return known
    const made: Choice = {
      index,
      text: '',
      refusal: '',
      reasoning: '',
      finishReason: null,
      tokens: [],
    }
    choices.set(index, made)
    return made
  }
  const addCall = (
    choice: number,
    key: string,
    part: Omit<ReturnType<typeof callPart>, 'form'> & Pick<Call, 'form'>,
  ) => {
    const known = calls.get(`${choice} ${key}`)
    if (known !== undefined) {
      known.id ??= part.id
      known.argumentsText += part.argumentsText
      if (known.tool === '') known.tool = part.tool ?? ''
      // Two in one place would be one call to us and another to the client.
      else if (part.tool !== null && part.tool !== known.tool)
        throw new SyntaxError('a call changes its name')
      if (part.id !== null && part.id !== known.id) throw new SyntaxError('a call changes its id')
      if (part.form !== known.form && part.form === 'custom') throw new SyntaxError('a call changes its form')
      return
    }
    calls.set(`${choice} ${key}`, {
      choice,
      index: part.index ?? 0,
      id: part.id,
      form: part.form,
      tool: part.tool ?? '',
      argumentsText: part.argumentsText,
    })
  }

  /** Takes in one choice of a chunk; says what kinds of things were in it. */
  const take = (
    value: unknown,
  ): { readonly saysText: boolean; readonly calls: boolean; readonly ends: boolean } => {
    const one = fieldsOf(value)
    if (one === null) throw new SyntaxError('a choice is not an object')
    if (one.index !== undefined && !Number.isInteger(one.index))
      throw new SyntaxError('the index of a choice is no number')
    // A whole message in a chunk is nothing that we would hold back.
    if (one.message !== undefined) throw new SyntaxError('a chunk has a whole message')
    const choice = choiceAt((one.index as number | undefined) ?? 0)
    const delta = fieldsOf(one.delta) ?? {}
    const parts = delta.tool_calls
    if (parts !== undefined && parts !== null && !Array.isArray(parts))
      throw new SyntaxError('tool_calls is not a list')
    for (const value of (parts as unknown[] | null | undefined) ?? []) {
      const part = callPart(value)
      if (part.index === null) throw new SyntaxError('a part of a call does not say of which')
      addCall(choice.index, String(part.index), part)
    }
    const older = fieldsOf(delta.function_call)
    if (older !== null)
      addCall(choice.index, 'function_call', {
        index: null,
        id: null,
        form: 'function_call',
        tool: typeof older.name === 'string' && older.name !== '' ? older.name : null,
        argumentsText: textIn(older.arguments),
      })
    const text = textIn(delta.content)
    const refusal = textIn(delta.refusal)
    const reasoning = textIn(delta.reasoning_content) || textIn(delta.reasoning)
    choice.text += text
    choice.refusal += refusal
    choice.reasoning += reasoning
    const tokens = sampledTokens(one.logprobs)
    if (tokens !== null) choice.tokens?.push(...tokens)
    // One part without them, and the sum would be of another text than the answer.
    else if (text !== '') choice.tokens = null
    if (typeof one.finish_reason === 'string') choice.finishReason = one.finish_reason
    return {
      saysText: text !== '' || refusal !== '' || reasoning !== '',
      calls: (Array.isArray(parts) && parts.length > 0) || older !== null,
      ends: choice.finishReason !== null && typeof one.finish_reason === 'string',
    }
  }

  return {
    push({ bytes: came, data, isOdd }) {
      if (done) return NOTHING
      if (isOdd) throw new SyntaxError('a line of the stream is not one of server-sent events')
      const bytes =
        data === null || model === undefined || data.trim() === '[DONE]' ? came : renamed(data, model)
      heldBytes += bytes.length
      if (heldBytes > ANSWER_BYTES_MAX)
        throw new RangeError(`an answer is longer than ${ANSWER_BYTES_MAX} bytes`)
      if (data === null) return bytes
      if (data.trim() === '[DONE]') {
        done = true
        return hold(bytes)
      }
      const chunk = fieldsOf(JSON.parse(data))
      if (chunk === null) throw new SyntaxError('a chunk is not an object')
      if (!Array.isArray(chunk.choices)) throw new SyntaxError('a chunk has no list of choices')
      const { choices: taken, usage: told, ...own } = chunk
      envelope = own
      usage = usageOf(told) ?? usage
      const found = (taken as unknown[]).map(take)
      const hasCalls = found.some(({ calls }) => calls)
      const ends = found.some(({ ends }) => ends) || (found.length === 0 && usageOf(told) !== null)
      if (found.length === 0 && !includesUsage) return NOTHING
      if (!hasCalls && !ends) return bytes
      if (!found.some(({ saysText }) => saysText)) return hold(bytes)
      const { text, rest } = divide(chunk)
      hold(rest)
      return text
    },
    isWhole: () =>
      done || (choices.size > 0 && [...choices.values()].every(({ finishReason }) => finishReason !== null)),
    held: () => Buffer.concat(held),
    answer: () => ({
      id: typeof envelope.id === 'string' ? envelope.id : null,
      model: typeof envelope.model === 'string' ? envelope.model : null,
      choices: [...choices.values()]
        .sort((a, b) => a.index - b.index)
        .map(({ tokens, ...choice }) => ({
          ...choice,
          tokens: tokens !== null && tokens.length > 0 ? tokens : null,
        })),
      calls: [...calls.values()].sort((a, b) => a.choice - b.choice || a.index - b.index),
      usage,
    }),
    envelope: () => envelope,
  }
}

/** One event as two: what it says, and its calls and ends. */
function divide(chunk: Fields): { readonly text: Buffer; readonly rest: Buffer } {
  const choices = (chunk.choices as Fields[]).map((choice) => ({
    choice,
    delta: fieldsOf(choice.delta) ?? {},
  }))
  const text = choices.map(({ choice, delta: { tool_calls: _, function_call: __, ...delta } }) => ({
    ...choice,
    delta,
    finish_reason: null,
  }))
  const rest = choices.map(({ choice: { logprobs: _, ...choice }, delta }) => ({
    ...choice,
    delta: {
      ...(delta.tool_calls === undefined ? {} : { tool_calls: delta.tool_calls }),
      ...(delta.function_call === undefined ? {} : { function_call: delta.function_call }),
    },
  }))
  const { usage, ...own } = chunk
  return {
    text: sseData({ ...own, choices: text }),
    rest: sseData({ ...own, choices: rest, ...(usage === undefined ? {} : { usage }) }),
  }
}

/** The same chunk under the client's name for the model. */
function renamed(data: string, model: string): Buffer {
  return Buffer.from(`data: ${setMembers(data.replaceAll('\n', ' '), { model })}\n\n`)
}

export function sseData(value: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(value)}\n\n`)
}
