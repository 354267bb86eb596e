/** What a model answered in OpenAI's responses: the object that stands whole in a body, and ends a stream. */
import { type ChatAnswer, fieldsOf, sampledTokens, textIn, usageOf } from './chat-answer.ts'
import { callInItem, itemKind } from './response-items.ts'

type Fields = Readonly<Record<string, unknown>>

/** Throws SyntaxError for what is no response. */
export function readResponse(response: Fields): ChatAnswer {
  const items = outputOf(response)
  const messages = items.filter(({ type }) => type === 'message')
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content.map(fieldsOf) : []))
  const spoken = parts.filter((part) => part?.type === 'output_text')
  const tokens = spoken.map((part) => sampledTokens({ content: part?.logprobs }))
  const hasTokens = tokens.length > 0 && tokens.every((one) => one !== null && one.length > 0)
  const reasoning = items.filter((item) => itemKind(item) === 'reasoning')
  return {
    id: typeof response.id === 'string' ? response.id : null,
    model: typeof response.model === 'string' ? response.model : null,
    choices: [
      {
        index: 0,
        text: spoken.map((part) => textIn(part?.text)).join(''),
        refusal: parts.map((part) => textIn(part?.refusal)).join(''),
        reasoning: reasoning.map(({ summary, content }) => textIn(summary) || textIn(content)).join('\n'),
        finishReason: typeof response.status === 'string' ? response.status : null,
        tokens: hasTokens ? tokens.flatMap((one) => one ?? []) : null,
      },
    ],
    calls: items
      .filter((item) => itemKind(item) === 'call')
      .map((item, index) => ({ ...callInItem(item), choice: 0, index })),
    usage: usageOf(response.usage),
  }
}

/** Throws SyntaxError. */
export function outputOf({ output }: Fields): readonly Fields[] {
  const items = Array.isArray(output) ? output.map(fieldsOf) : [null]
  if (!items.every((item) => item !== null)) throw new SyntaxError('a response has no list of items')
  return items
}

/** A message that says `text`, as an item of a response that is over. */
export const spokenItem = (text: string) => ({
  id: 'msg_stopped',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
})

/** The response whose only new word is `items`. */
export const finished = (response: Fields, items: readonly unknown[]): Fields => ({
  ...response,
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: items,
})
