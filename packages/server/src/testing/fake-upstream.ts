/**
 * An endpoint of OpenAI's chat completions and responses on a loopback port, over real HTTP, that says and calls what it is told,
 * whole or streamed in pieces of `pieceBytes`.
 *
 *     const upstream = await fakeUpstream()             // afterAll(upstream.close)
 *     upstream.otherwise(({ body }) => ({ calls: [{ tool: 'refund', arguments: { amount: 4 } }] }))
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fakeResponse, fakeResponseStream, type ScriptedAnswer } from './fake-response.ts'

type FakeToken = readonly [text: string, logprob: number]

export type UpstreamReply = ScriptedAnswer & {
  /** What was sampled, with log probabilities; of a stream, one a word. */
  readonly sampled?: readonly FakeToken[]
  /** In place of an answer: the end of the prompt with log probabilities, for whoever asks to have it scored. */
  readonly scored?: readonly FakeToken[]
  /** Of embeddings: how many tokens the answer says they took; left out: it says nothing of it. */
  readonly embedded?: number
  /** In place of an answer. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The connection ends after so many bytes of the answer. */
  readonly cutAfter?: number
  /** Waits before it answers. */
  readonly afterMs?: number
  /** Between pieces of a stream. */
  readonly pauseMs?: number
  readonly pieceBytes?: number
}

export type UpstreamRequest = {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** As it came, to the byte. */
  readonly text: string
  readonly body: Readonly<Record<string, unknown>> & {
    readonly model: string
    readonly messages: readonly Readonly<Record<string, unknown>>[]
    readonly stream?: boolean
  }
}

export type FakeUpstream = {
  readonly url: string
  readonly requests: UpstreamRequest[]
  /** Requests whose client went before the answer was over. */
  readonly aborted: () => number
  readonly script: (...replies: readonly UpstreamReply[]) => void
  readonly otherwise: (reply: (request: UpstreamRequest) => UpstreamReply) => void
  readonly close: () => Promise<void>
}

export async function fakeUpstream(): Promise<FakeUpstream> {
  const requests: UpstreamRequest[] = []
  const script: UpstreamReply[] = []
  let otherwise: (request: UpstreamRequest) => UpstreamReply = () => ({ text: 'Hello.' })
  let aborted = 0
  const server = createServer(async (incoming, response) => {
    response.on('close', () => {
      if (!response.writableFinished) aborted += 1
    })
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece as Buffer)
    const text = Buffer.concat(pieces).toString()
    const request: UpstreamRequest = {
      path: incoming.url ?? '',
      headers: incoming.headers,
      text,
      body: JSON.parse(text || '{}') as UpstreamRequest['body'],
    }
    requests.push(request)
    await answer(script.shift() ?? otherwise(request), request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    aborted: () => aborted,
    script: (...replies) => {
      script.push(...replies)
    },
    otherwise: (given) => {
      otherwise = given
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

async function answer(
  reply: UpstreamReply,
  { body, path }: UpstreamRequest,
  response: ServerResponse,
): Promise<void> {
  if (reply.afterMs !== undefined) await pause(reply.afterMs)
  if (reply.status !== undefined) {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(
      JSON.stringify({
        error: { message: `told to answer ${reply.status}`, type: 'test', param: null, code: null },
      }),
    )
    return
  }
  if (path.endsWith('/embeddings')) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        object: 'list',
        model: body.model,
        data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
        ...(reply.embedded === undefined
          ? {}
          : { usage: { prompt_tokens: reply.embedded, total_tokens: reply.embedded } }),
      }),
    )
    return
  }
  if (reply.scored !== undefined) {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(scores(reply.scored, body, path)))
    return
  }
  const streams = body.stream === true
  const bytes = Buffer.from(
    path.endsWith('/responses')
      ? responseText(reply, body)
      : streams
        ? streamText(reply, body)
        : JSON.stringify(completion(reply, body)),
  )
  response.writeHead(200, {
    'content-type': streams ? 'text/event-stream' : 'application/json',
    'x-upstream': 'fake',
    ...reply.headers,
  })
  const sent = reply.cutAfter === undefined ? bytes : bytes.subarray(0, reply.cutAfter)
  const size = reply.pieceBytes ?? sent.length
  for (let at = 0; at < sent.length; at += size) {
    await new Promise<void>((done) => response.write(sent.subarray(at, at + size), () => done()))
    if (reply.pauseMs !== undefined) await pause(reply.pauseMs)
  }
  if (reply.cutAfter === undefined) response.end()
  else response.destroy()
}

let responsesGiven = 0

function responseText(reply: UpstreamReply, body: UpstreamRequest['body']): string {
  responsesGiven += 1
  const response = fakeResponse(reply, body, `resp_${responsesGiven}`)
  return body.stream === true ? fakeResponseStream(response) : JSON.stringify(response)
}

const USAGE = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 }
const head = (body: UpstreamRequest['body'], object: string) => ({
  id: 'chatcmpl-1',
  object,
  created: 1_700_000_000,
  model: body.model,
})

const callsOf = ({ calls = [] }: UpstreamReply) =>
  calls.map((call, index) => ({
    index,
    id: call.id ?? `call_${index}`,
    name: call.tool,
    text: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }))
const tokens = (sampled: readonly FakeToken[] | undefined) =>
  sampled === undefined
    ? null
    : { content: sampled.map(([token, logprob]) => ({ token, logprob, bytes: null, top_logprobs: [] })) }

/** As vLLM scores the prompt of a chat, and as completions are echoed. Of a prompt's first token there is none. */
function scores(end: readonly FakeToken[], body: UpstreamRequest['body'], path: string): unknown {
  if (path.endsWith('/chat/completions'))
    return {
      ...(completion({ text: '.' }, body) as object),
      prompt_logprobs: [
        null,
        ...end.map(([token, logprob], at) => ({ [at]: { logprob, rank: 1, decoded_token: token } })),
      ],
    }
  const text = String(body.prompt)
  return {
    ...head(body, 'text_completion'),
    choices: [
      {
        index: 0,
        text,
        finish_reason: 'length',
        logprobs: {
          tokens: ['<|im_start|>', ...end.map(([token]) => token)],
          token_logprobs: [null, ...end.map(([, logprob]) => logprob)],
        },
      },
    ],
    usage: USAGE,
  }
}

function completion(reply: UpstreamReply, body: UpstreamRequest['body']): unknown {
  const calls = callsOf(reply).map(({ id, name, text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }))
  return {
    ...head(body, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
        logprobs: tokens(reply.sampled),
      },
    ],
    usage: USAGE,
  }
}

function streamText(reply: UpstreamReply, body: UpstreamRequest['body']): string {
  const chunk = (delta: unknown, finish: string | null = null, logprobs: unknown = null) =>
    `data: ${JSON.stringify({ ...head(body, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason: finish, logprobs }] })}\n\n`
  const said = (reply.text ?? '').split(/(?<= )/).filter((word) => word !== '')
  const words = said.map((content, at) => chunk({ content }, null, tokens(reply.sampled?.slice(at, at + 1))))
  const ends = reply.sampled?.slice(said.length)
  const calls = callsOf(reply).flatMap(({ index, id, name, text }) => [
    chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ...[text.slice(0, 3), text.slice(3)].map((part) =>
      chunk({ tool_calls: [{ index, function: { arguments: part } }] }),
    ),
  ])
  const includesUsage =
    (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true
  return [
    chunk({ role: 'assistant', content: '' }),
    ...words,
    ...calls,
    chunk({}, calls.length > 0 ? 'tool_calls' : 'stop', tokens(ends)),
    ...(includesUsage
      ? [`data: ${JSON.stringify({ ...head(body, 'chat.completion.chunk'), choices: [], usage: USAGE })}\n\n`]
      : []),
    'data: [DONE]\n\n',
  ].join('')
}
