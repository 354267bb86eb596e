/** One request to a model and its answer; what it says is passed on while it comes, what it wants to do is not. */
import type { Serving } from './bundle.ts'
import { cutAnswer, passedHeaders, readAnswer, type UpstreamAnswer, type Upstreams } from './call-upstream.ts'
import type { ChatClient } from './chat-client.ts'
import { GatewayRefusal } from './openai-error.ts'
import { sseSplitter } from './sse-events.ts'
import type { AnswerReader, ReadAnswer } from './turn-request.ts'

export type ModelReply =
  | ({ readonly kind: 'answered'; readonly status: number } & ReadAnswer)
  | {
      readonly kind: 'failed'
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[]>>
      readonly body: Buffer
    }

export type ModelRequest = {
  readonly path: string
  readonly body: string
  readonly streams: boolean
  readonly answers: AnswerReader
  readonly once: boolean
}

type Asked = Pick<Upstreams, 'call' | 'whole'>

/** Throws GatewayRefusal when there is no answer, or none that can be understood. */
export async function askModel(
  upstreams: Asked,
  serving: Serving,
  request: ModelRequest,
  client: ChatClient,
): Promise<ModelReply> {
  try {
    return await (request.streams ? askForStream : askForWhole)(upstreams, serving, request, client)
  } catch (error) {
    if (client.isGone() || error instanceof GatewayRefusal) throw error
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new GatewayRefusal(
        502,
        'upstream_malformed',
        'The model answered something that cannot be understood.',
        {
          cause: error,
        },
      )
    throw cutAnswer(error)
  }
}

async function askForWhole(
  upstreams: Asked,
  serving: Serving,
  request: ModelRequest,
  client: ChatClient,
): Promise<ModelReply> {
  const { status, headers, body } = await upstreams.whole(serving, request.path, {
    body: request.body,
    once: request.once,
    onGone: client.onGone,
    accept: 'application/json',
  })
  const passed = passedHeaders(headers)
  if (isFailure(status)) return { kind: 'failed', status, headers: passed, body }
  client.setHeaders(passed)
  requireType(headers, 'json')
  const { answer, end } = request.answers.whole(body.toString('utf8'), serving)
  return { kind: 'answered', status, answer, end }
}

async function askForStream(
  upstreams: Asked,
  serving: Serving,
  request: ModelRequest,
  client: ChatClient,
): Promise<ModelReply> {
  const { status, headers, body } = await upstreams.call(serving, request.path, {
    body: request.body,
    once: request.once,
    signal: client.gone(),
    accept: 'text/event-stream',
  })
  const passed = passedHeaders(headers)
  if (isFailure(status)) return { kind: 'failed', status, headers: passed, body: await readAnswer(body) }
  client.setHeaders(passed)
  try {
    requireType(headers, 'text/event-stream')
    const splitter = sseSplitter()
    const stream = request.answers.stream(serving)
    for await (const piece of body as AsyncIterable<Buffer>)
      for (const event of splitter.push(piece)) await client.pass(stream.push(event))
    if (!stream.isWhole()) throw cutAnswer()
    return { kind: 'answered', status, ...stream.read() }
  } catch (error) {
    body.destroy()
    throw error
  }
}

const isFailure = (status: number) => status < 200 || status > 299

function requireType(headers: UpstreamAnswer['headers'], wanted: string): void {
  const type = String(headers['content-type'] ?? '')
  if (!type.includes(wanted)) throw new SyntaxError(`the answer is ${type.slice(0, 60)}`)
}
