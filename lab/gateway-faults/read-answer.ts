/** What a program sees of an answer, however it ends: the study's own reader of chat completions, whole and streamed. */
import { type IncomingMessage, request } from 'node:http'

export type SeenCall = { readonly id: string; readonly tool: string; readonly argumentsText: string }

export type Seen = {
  /** 0: no answer at all. */
  readonly status: number
  readonly turnId: string | null
  /** The end of the answer came, and it was no error. */
  readonly finished: boolean
  /** Also of an answer that broke off. */
  readonly calls: readonly SeenCall[]
  readonly text: string
}

type Asked = {
  readonly address: string
  readonly key: string
  readonly conversation: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** Never rejects: what breaks off is an answer that did not finish. */
export async function ask({ address, key, conversation, body }: Asked): Promise<Seen> {
  const { status, headers, bytes, whole } = await send(
    `${address}/v1/chat/completions`,
    JSON.stringify(body),
    {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(conversation === null ? {} : { 'x-leeway-conversation-id': conversation }),
    },
  )
  const id = headers['x-leeway-decision-id']
  const turnId = typeof id === 'string' ? id : null
  const nothing = { status, turnId, finished: false, calls: [], text: '' }
  if (status !== 200) return nothing
  if (body.stream === true) return { ...nothing, ...readStream(bytes) }
  try {
    const { choices } = JSON.parse(bytes) as Completion
    const message = choices[0]?.message
    const calls = (message?.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
      id,
      tool: name,
      argumentsText: text,
    }))
    return { ...nothing, finished: whole, calls, text: message?.content ?? '' }
  } catch {
    return nothing
  }
}

type Completion = {
  readonly choices: readonly {
    readonly message: { readonly content: string | null; readonly tool_calls?: readonly ListedCall[] }
  }[]
}
type ListedCall = {
  readonly id: string
  readonly function: { readonly name: string; readonly arguments: string }
}
type Chunk = {
  readonly error?: unknown
  readonly choices?: readonly {
    readonly delta: {
      readonly content?: string | null
      readonly tool_calls?: readonly {
        readonly index: number
        readonly id?: string
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
  }[]
}

function readStream(bytes: string): Pick<Seen, 'finished' | 'calls' | 'text'> {
  const calls: { id: string; tool: string; argumentsText: string }[] = []
  let text = ''
  let finished = false
  // What stands behind the last empty line has not ended.
  for (const event of bytes.split('\n\n').slice(0, -1)) {
    const data = event.replace(/^data: /, '')
    if (data === '[DONE]') {
      finished = true
      continue
    }
    const chunk = JSON.parse(data) as Chunk
    if (chunk.error !== undefined) return { finished: false, calls, text }
    for (const { delta } of chunk.choices ?? []) {
      text += delta.content ?? ''
      for (const part of delta.tool_calls ?? []) {
        calls[part.index] ??= { id: '', tool: '', argumentsText: '' }
        const call = calls[part.index] as (typeof calls)[number]
        call.id += part.id ?? ''
        call.tool += part.function?.name ?? ''
        call.argumentsText += part.function?.arguments ?? ''
      }
    }
  }
  return { finished, calls: calls.filter(Boolean), text }
}

type Came = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly bytes: string
  readonly whole: boolean
}

function send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Came> {
  return new Promise((done) => {
    const asked = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    })
    asked.on('error', () => done({ status: 0, headers: {}, bytes: '', whole: false }))
    asked.on('response', (answer) => {
      const pieces: Buffer[] = []
      const end = () =>
        done({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          bytes: Buffer.concat(pieces).toString('utf8'),
          whole: answer.complete,
        })
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', end).on('error', end)
    })
    asked.end(body)
  })
}
