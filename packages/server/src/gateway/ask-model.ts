/** One request to a model and its answer; what it says is passed on while it comes, what it wants to do is not. */
import type { Serving } from './bundle.ts'
import { passedHeaders, readAnswer, type Upstreams } from './call-upstream.ts'
import { type ChatAnswer, readChatAnswer } from './chat-answer.ts'
import type { ChatClient } from './chat-client.ts'
import { chatStream } from './chat-stream.ts'
import { GatewayRefusal } from './openai-error.ts'
import { setMembers } from './set-members.ts'
import { sseSplitter } from './sse-events.ts'

export type ModelReply =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly answer: ChatAnswer
      /** What the client has not seen: the whole body, or the held end of a stream. */
      readonly held: Buffer
      /** Of a stream's chunks; null where the body came whole. */
      readonly envelope: Readonly<Record<string, unknown>> | null
    }
  | {
      readonly kind: 'failed'
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[]>>
      readonly body: Buffer
    }

/** Throws GatewayRefusal when there is no answer, or none that can be understood. */
export async function askModel(
  upstreams: Upstreams,
  serving: Serving,
  request: {
    readonly body: string
    readonly streams: boolean
    /** As the client calls it. */
    readonly model: string
  },
  client: ChatClient,
): Promise<ModelReply> {
  const { status, headers, body } = await upstreams.call(serving, '/chat/completions', {
    body: request.body,
    signal: client.gone,
    headers: { accept: request.streams ? 'text/event-stream' : 'application/json' },
  })
  const passed = passedHeaders(headers)
  if (status < 200 || status > 299)
    return { kind: 'failed', status, headers: passed, body: await readAnswer(body) }
  client.setHeaders(passed)
  try {
    const type = String(headers['content-type'] ?? '')
    if (!type.includes(request.streams ? 'text/event-stream' : 'json'))
      throw new SyntaxError(`the answer is ${type.slice(0, 60)}`)
    if (!request.streams) {
      const text = (await readAnswer(body)).toString('utf8')
      const answer = readChatAnswer(text)
      const held = Buffer.from(setMembers(text, { model: request.model }))
      return { kind: 'answered', status, answer, held, envelope: null }
    }
    const splitter = sseSplitter()
    const stream = chatStream(request.model)
    for await (const piece of body as AsyncIterable<Buffer>)
      for (const event of splitter.push(piece)) await client.pass(stream.push(event))
    if (!stream.isWhole()) throw cut()
    return {
      kind: 'answered',
      status,
      answer: stream.answer(),
      held: stream.held(),
      envelope: stream.envelope(),
    }
  } catch (error) {
    body.destroy()
    if (client.gone.aborted || error instanceof GatewayRefusal) throw error
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new GatewayRefusal(
        502,
        'upstream_malformed',
        'The model answered something that is no chat completion.',
        {
          cause: error,
        },
      )
    throw cut(error)
  }
}

/** Calls of an answer that was cut are never released: a part of an argument may be another argument. */
function cut(cause?: unknown): GatewayRefusal {
  return new GatewayRefusal(
    502,
    'upstream_cut',
    'The connection to the model ended in the middle of its answer.',
    {
      cause,
    },
  )
}
