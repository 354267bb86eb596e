/** What a model answered to a chat completion, read from the whole body or put together from a stream. */
export type AnsweredCall = {
  readonly choice: number
  /** Its place among the calls of the choice. */
  readonly index: number
  readonly id: string | null
  /** 'function_call' is the older form, of which a message has one. */
  readonly form: 'function' | 'custom' | 'function_call'
  readonly tool: string
  readonly argumentsText: string
}

export type AnsweredChoice = {
  readonly index: number
  readonly text: string
  readonly refusal: string
  readonly reasoning: string
  readonly finishReason: string | null
  /** Each sampled token; null where the upstream gave none. */
  readonly tokens: readonly SampledToken[] | null
}

export type SampledToken = {
  readonly text: string
  /** Natural log of its probability. */
  readonly logprob: number
}

export type ChatAnswer = {
  readonly id: string | null
  readonly model: string | null
  readonly choices: readonly AnsweredChoice[]
  readonly calls: readonly AnsweredCall[]
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null
}

type Fields = Readonly<Record<string, unknown>>

/** Throws SyntaxError for what is no chat completion. */
export function readChatAnswer(body: string): ChatAnswer {
  const whole = fieldsOf(JSON.parse(body))
  if (whole === null || !Array.isArray(whole.choices))
    throw new SyntaxError('the answer has no list of choices')
  const choices: AnsweredChoice[] = []
  const calls: AnsweredCall[] = []
  for (const [position, one] of whole.choices.entries()) {
    const choice = fieldsOf(one)
    const message = fieldsOf(choice?.message)
    if (choice === null || message === null) throw new SyntaxError('a choice of the answer has no message')
    if (choice.index !== undefined && !Number.isInteger(choice.index))
      throw new SyntaxError('the index of a choice is no number')
    const index = (choice.index as number | undefined) ?? position
    choices.push({
      index,
      text: textIn(message.content),
      refusal: textIn(message.refusal),
      reasoning: textIn(message.reasoning_content) || textIn(message.reasoning),
      finishReason: typeof choice.finish_reason === 'string' ? choice.finish_reason : null,
      tokens: sampledTokens(choice.logprobs),
    })
    for (const [place, { id, form, tool, argumentsText }] of callsOf(message).entries())
      calls.push({ id, form, tool, argumentsText, choice: index, index: place })
  }
  return {
    id: typeof whole.id === 'string' ? whole.id : null,
    model: typeof whole.model === 'string' ? whole.model : null,
    choices,
    calls,
    usage: usageOf(whole.usage),
  }
}

/** Calls that stand whole in a message. */
function callsOf(message: Fields): readonly Omit<AnsweredCall, 'choice' | 'index'>[] {
  const listed = message.tool_calls
  if (listed !== undefined && listed !== null && !Array.isArray(listed))
    throw new SyntaxError('tool_calls is not a list')
  const calls = ((listed as unknown[] | undefined | null) ?? []).map((one) => {
    const call = callPart(one)
    if (call.tool === null) throw new SyntaxError('a tool call has no name')
    return { id: call.id, form: call.form, tool: call.tool, argumentsText: call.argumentsText }
  })
  const older = fieldsOf(message.function_call)
  if (older === null) return calls
  if (typeof older.name !== 'string') throw new SyntaxError('a function call has no name')
  return [
    ...calls,
    { id: null, form: 'function_call', tool: older.name, argumentsText: textIn(older.arguments) },
  ]
}

/** A call, or a part of one in a stream: there only the first part has a name. */
export function callPart(value: unknown): {
  readonly index: number | null
  readonly id: string | null
  readonly form: 'function' | 'custom'
  readonly tool: string | null
  readonly argumentsText: string
} {
  const call = fieldsOf(value)
  const custom = fieldsOf(call?.custom)
  const fn = fieldsOf(call?.function)
  // To us one call, to another reader the other.
  if (custom !== null && fn !== null) throw new SyntaxError('a call is both a function and custom')
  const named = custom?.name ?? fn?.name
  return {
    index: Number.isInteger(call?.index) ? (call?.index as number) : null,
    id: typeof call?.id === 'string' ? call.id : null,
    form: custom === null ? 'function' : 'custom',
    tool: typeof named === 'string' && named !== '' ? named : null,
    argumentsText: custom === null ? argumentsIn(fn?.arguments) : textIn(custom.input),
  }
}

/** Some upstreams send an object where a text is due. */
function argumentsIn(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : textIn(value)
}

/** A list of parts is joined; what is no text says nothing. */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map((part) => textIn(fieldsOf(part)?.text)).join('')
}

export function sampledTokens(value: unknown): readonly SampledToken[] | null {
  const content = fieldsOf(value)?.content
  if (!Array.isArray(content)) return null
  const found = content.flatMap((one): readonly SampledToken[] => {
    const { token, logprob } = fieldsOf(one) ?? {}
    return typeof logprob === 'number' && logprob <= 0
      ? [{ text: typeof token === 'string' ? token : '', logprob }]
      : []
  })
  return found.length === content.length ? found : null
}

export function usageOf(value: unknown): ChatAnswer['usage'] {
  const usage = fieldsOf(value)
  const count = (one: unknown) => (typeof one === 'number' && Number.isInteger(one) && one >= 0 ? one : null)
  const inputTokens = count(usage?.prompt_tokens ?? usage?.input_tokens)
  const outputTokens = count(usage?.completion_tokens ?? usage?.output_tokens)
  return inputTokens === null || outputTokens === null ? null : { inputTokens, outputTokens }
}

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}
