/** A stream of the SDK's model in which text passes at once, and calls when all of the answer are known and allowed. */
import { type Conversation, type GateOptions, ruleOn } from './decide-response.ts'
import type { CallOptions, Prompt, StreamPart, ToolCall, Usage } from './sdk-model.ts'
import { addedUsage } from './usage.ts'

type Finish = Extract<StreamPart, { readonly type: 'finish' }>

export function gatedStream(
  options: GateOptions,
  conversation: Conversation,
  {
    stream,
    again,
    params,
  }: {
    readonly stream: ReadableStream<StreamPart>
    readonly again: (prompt: Prompt) => Promise<ReadableStream<StreamPart>>
    readonly params: CallOptions
  },
): ReadableStream<StreamPart> {
  return readableFrom(parts())

  async function* parts(): AsyncGenerator<StreamPart> {
    let answer = stream
    let history = params.prompt
    let spent: Usage | null = null
    for (let round = 0; ; round++) {
      const held = new HeldAnswer()
      for await (const part of piecesOf(answer)) if (held.passes(part, round > 0)) yield part
      const { finish, calls } = held
      // Without its end an answer was cut, and what it called is not known to be whole.
      if (finish === null) return
      const usage: Usage = spent === null ? finish.usage : addedUsage(spent, finish.usage)
      if (calls.length === 0) {
        yield { ...finish, usage }
        return
      }
      const ruling = await ruleOn(
        options,
        conversation,
        { calls, said: held.said },
        { prompt: history, tools: params.tools },
      )
      if (ruling.kind === 'go') {
        yield* ruling.calls
        yield { ...finish, usage }
        return
      }
      if (ruling.kind === 'stop') {
        yield { type: 'text-start', id: 'stopped' }
        yield { type: 'text-delta', id: 'stopped', delta: ruling.said }
        yield { type: 'text-end', id: 'stopped' }
        yield { ...finish, usage, finishReason: { unified: 'stop', raw: undefined } }
        return
      }
      spent = usage
      history = [...history, ...ruling.told]
      answer = await again(history)
    }
  }
}

/** What of one answer is not passed on yet. */
class HeldAnswer {
  readonly calls: ToolCall[] = []
  finish: Finish | null = null
  said = ''

  /** Whether the SDK may see this part now. `isLater`: it has seen the beginning of an answer before. */
  passes(part: StreamPart, isLater: boolean): boolean {
    if (part.type === 'text-delta') this.said += part.delta
    if (part.type === 'finish') this.finish = part
    else if (part.type === 'tool-call' && part.providerExecuted !== true) this.calls.push(part)
    // How arguments come is nobody's business before they are allowed; the whole call says all of it.
    else if (part.type.startsWith('tool-input-')) return false
    else return !(isLater && (part.type === 'stream-start' || part.type === 'response-metadata'))
    return false
  }
}

async function* piecesOf(stream: ReadableStream<StreamPart>): AsyncGenerator<StreamPart> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Whoever stops reading ends the request behind it.
    await reader.cancel().catch(() => {})
  }
}

function readableFrom(parts: AsyncGenerator<StreamPart>): ReadableStream<StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(error)
      }
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
}
