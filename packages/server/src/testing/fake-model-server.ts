/**
 * An endpoint of OpenAI's shape (and of Anthropic's) on a loopback port, over real HTTP, that does what it is told.
 *
 *     const models = await fakeModelServer()            // afterAll(models.close)
 *     models.script({ kind: 'status', status: 429, headers: { 'retry-after': '2' } }, { kind: 'answer', answer: 'yes' })
 *
 * Each request takes the next line of the script; when it is used up, `otherwise` is done for ever.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ModelReply =
  /** `probability`: of the answer's token; left out, no log probabilities are sent. */
  | {
      readonly kind: 'answer'
      readonly answer: string | number
      readonly reason?: string
      readonly steps?: readonly number[]
      readonly probability?: number
    }
  /** Text in place of the JSON object. */
  | { readonly kind: 'text'; readonly text: string; readonly finishReason?: string }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Not the shape of a chat completion at all. */
  | { readonly kind: 'body'; readonly body: string }
  /** Begins to answer, then the connection ends. */
  | { readonly kind: 'cut' }
  /** Never answers. */
  | { readonly kind: 'silence' }

export type ModelRequest = {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
  /** All that the model was told, roles joined. */
  readonly text: string
}

export type FakeModelServer = {
  readonly url: string
  readonly requests: readonly ModelRequest[]
  readonly script: (...replies: readonly ModelReply[]) => void
  readonly otherwise: (reply: ModelReply | ((request: ModelRequest) => ModelReply)) => void
  /** Resolves when so many requests have come in. */
  readonly received: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

export const FAKE_USAGE = { input: 120, output: 30 } as const

export async function fakeModelServer(): Promise<FakeModelServer> {
  const requests: ModelRequest[] = []
  const script: ModelReply[] = []
  let waiting: { readonly count: number; readonly done: () => void }[] = []
  let otherwise: (request: ModelRequest) => ModelReply = () => ({ kind: 'answer', answer: 'yes' })
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece as Buffer)
    const body = JSON.parse(Buffer.concat(pieces).toString() || '{}') as Record<string, unknown>
    const request = { path: incoming.url ?? '', headers: incoming.headers, body, text: toldText(body) }
    requests.push(request)
    for (const { done } of waiting.filter(({ count }) => count <= requests.length)) done()
    waiting = waiting.filter(({ count }) => count > requests.length)
    reply(script.shift() ?? otherwise(request), request, response)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    script: (...replies) => {
      script.push(...replies)
    },
    otherwise: (given) => {
      otherwise = typeof given === 'function' ? given : () => given
    },
    received: (count) =>
      new Promise((done) => {
        if (requests.length >= count) done()
        else waiting.push({ count, done })
      }),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function reply(what: ModelReply, request: ModelRequest, response: ServerResponse): void {
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  switch (what.kind) {
    case 'answer': {
      const { answer, probability, reason = 'Step 1 shows it.', steps = [1] } = what
      const text = JSON.stringify({ reason, steps, answer })
      json(
        completion(request, { content: text }, probability === undefined ? null : tokens(text, probability)),
      )
      return
    }
    case 'text':
      json(completion(request, { content: what.text }, null, what.finishReason))
      return
    case 'refusal':
      json(completion(request, { content: null, refusal: what.text }, null))
      return
    case 'status':
      response
        .writeHead(what.status, { 'content-type': 'application/json', ...what.headers })
        .end(JSON.stringify({ error: { message: `told to answer ${what.status}`, type: 'test' } }))
      return
    case 'body':
      response.writeHead(200, { 'content-type': 'application/json' }).end(what.body)
      return
    case 'cut': {
      const whole = JSON.stringify(
        completion(request, { content: '{"reason":"because","answer":"yes"}' }, null),
      )
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(whole.length) })
      response.write(whole.slice(0, whole.length / 2), () => response.destroy())
      return
    }
    case 'silence':
  }
}

type Message = { readonly content: string | null; readonly refusal?: string }

function completion(
  request: ModelRequest,
  message: Message,
  logprobs: unknown,
  finishReason = 'stop',
): unknown {
  if (request.path.endsWith('/messages'))
    return {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: request.body.model,
      content: message.content === null ? [] : [{ type: 'text', text: message.content }],
      stop_reason: message.refusal === undefined ? 'end_turn' : 'refusal',
      stop_sequence: null,
      usage: { input_tokens: FAKE_USAGE.input, output_tokens: FAKE_USAGE.output },
    }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', ...message },
        finish_reason: finishReason,
        logprobs: request.body.logprobs === true ? logprobs : null,
      },
    ],
    usage: {
      prompt_tokens: FAKE_USAGE.input,
      completion_tokens: FAKE_USAGE.output,
      total_tokens: FAKE_USAGE.input + FAKE_USAGE.output,
    },
  }
}

/** Before the answer a token a character, all certain; then the answer in two tokens that share its probability. */
function tokens(text: string, probability: number): unknown {
  const start = text.lastIndexOf(':') + 1
  const quoted = text[start] === '"' ? 1 : 0
  const [from, to] = [start + quoted, text.length - 1 - quoted]
  const one = (token: string, logprob: number) => ({
    token,
    logprob,
    bytes: [...Buffer.from(token)],
    top_logprobs: [],
  })
  const share = Math.log(probability) / 2
  const content = [
    ...[...text.slice(0, from)].map((character) => one(character, 0)),
    one(text.slice(from, from + 1), share),
    ...(to > from + 1 ? [one(text.slice(from + 1, to), share)] : []),
    one(text.slice(to), 0),
  ]
  return { content, refusal: null }
}

function toldText(body: Readonly<Record<string, unknown>>): string {
  const flat = (value: unknown): string =>
    typeof value === 'string'
      ? value
      : Array.isArray(value)
        ? value.map(flat).join('\n')
        : typeof value === 'object' && value !== null
          ? flat((value as Record<string, unknown>).text ?? (value as Record<string, unknown>).content ?? '')
          : ''
  return [flat(body.system), flat(body.messages)].filter((text) => text !== '').join('\n')
}
