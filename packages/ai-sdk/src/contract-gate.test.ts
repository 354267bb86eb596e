import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { type AutonomyContract, DEFAULT_LIMITS } from '@leeway/core/autonomy/contract'
import { generateText, type ModelMessage, stepCountIs, streamText, tool, wrapLanguageModel } from 'ai'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contractGate } from './contract-gate.ts'
import type { DecidedResponse, GateOptions } from './decide-response.ts'

/** A provider over real HTTP that says and calls what it is told, by what it hears. */
type Said = {
  readonly text?: string
  readonly calls?: readonly { readonly tool: string; readonly arguments: unknown }[]
}
type Heard = { readonly role: string; readonly content: string | null }
let say: (heard: readonly Heard[]) => Said = () => ({ text: 'Hello.' })
let requests: Heard[][] = []
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = JSON.parse(Buffer.concat(pieces).toString()) as { messages: Heard[]; stream?: boolean }
  requests.push(body.messages)
  const { text = '', calls = [] } = say(body.messages)
  const toolCalls = calls.map((call, index) => ({
    index,
    id: `call_${requests.length}_${index}`,
    type: 'function',
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }))
  const head = { id: 'x', created: 1, model: 'm' }
  const finish = calls.length > 0 ? 'tool_calls' : 'stop'
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  if (body.stream !== true) {
    const message = { role: 'assistant', content: text, tool_calls: calls.length > 0 ? toolCalls : undefined }
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...head, choices: [{ index: 0, message, finish_reason: finish }], usage }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (delta: unknown, reason: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: reason }], usage: reason === null ? undefined : usage })}\n\n`,
    )
  chunk({ role: 'assistant', content: text })
  for (const call of toolCalls) {
    chunk({ tool_calls: [{ ...call, function: { ...call.function, arguments: '' } }] })
    for (const character of call.function.arguments)
      chunk({ tool_calls: [{ index: call.index, function: { arguments: character } }] })
  }
  chunk({}, finish)
  response.end('data: [DONE]\n\n')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
const provider = createOpenAICompatible({
  name: 'fake',
  baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  includeUsage: true,
})

const CONTRACT: AutonomyContract = {
  format: 'leeway-contract/1',
  projectId: 'p',
  agent: 'desk',
  version: 3,
  issuedAt: '2026-11-01T00:00:00Z',
  expiresAt: '2027-01-01T00:00:00Z',
  tools: [
    { name: 'find_*', stakes: 'read' },
    {
      name: 'refund',
      stakes: 'reversible',
      arguments: {
        type: 'object',
        properties: { amount: { type: 'number', maximum: 50 } },
        required: ['amount'],
      },
    },
    { name: 'note', stakes: 'reversible', set: { draft: true } },
  ],
  baseline: {
    policyId: 'v1',
    policySha256: 'a'.repeat(64),
    autonomy: 'act',
    horizonSteps: 20,
    stakes: 'reversible',
    tools: 'all',
    withoutReview: 1,
    klNatsMax: null,
  },
  candidate: null,
  limits: { ...DEFAULT_LIMITS, denialsMax: 2 },
  failOpen: ['read'],
  evidence: { releaseId: null, stage: null, checkId: null },
  approvers: [],
}
const reviewed = { ...CONTRACT, baseline: { ...CONTRACT.baseline, withoutReview: 0 } }

let ran: unknown[] = []
let decided: DecidedResponse[] = []
beforeEach(() => {
  ran = []
  decided = []
  requests = []
})
const own = {
  refund: tool({
    inputSchema: z.object({ amount: z.number() }),
    execute: ({ amount }) => {
      ran.push({ refund: amount })
      return { paid: amount }
    },
  }),
  note: tool({
    inputSchema: z.object({ text: z.string(), draft: z.boolean().optional() }),
    execute: (input) => {
      ran.push({ note: input })
      return 'noted'
    },
  }),
  find_order: tool({
    inputSchema: z.object({}),
    execute: () => {
      ran.push('found')
      return 'order 7'
    },
  }),
}
function desk(options: Partial<GateOptions> = {}) {
  const gate = contractGate({
    contract: CONTRACT,
    now: () => new Date('2026-11-30T12:00:00Z'),
    onDecision: (one) => {
      decided.push(one)
    },
    ...options,
  })
  return {
    model: wrapLanguageModel({ model: provider('m'), middleware: gate.middleware }),
    tools: gate.tools(own),
    stopWhen: stepCountIs(6),
    maxRetries: 0,
  }
}
const results = (heard: readonly Heard[]) =>
  heard.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '')
/** Calls these, one answer after the other, and then says that it is done. */
const calling = (...answers: readonly (readonly { tool: string; arguments: unknown }[])[]) => {
  let at = 0
  say = () => {
    const calls = answers[at++]
    return calls === undefined ? { text: 'Done.' } : { text: 'One moment.', calls }
  }
}
const refund = (amount: number) => ({ tool: 'refund', arguments: { amount } })

async function streamed(options: Parameters<typeof streamText>[0]) {
  const parts: string[] = []
  let text = ''
  const result = streamText({ ...options, onError: () => {} })
  for await (const part of result.fullStream) {
    parts.push(part.type)
    if (part.type === 'text-delta') text += part.text
  }
  return { parts, text, usage: await result.totalUsage }
}
const ways = {
  whole: async (options: Parameters<typeof generateText>[0]) => {
    const { text, totalUsage } = await generateText(options)
    return { text, usage: totalUsage }
  },
  streamed,
}

describe.each(Object.entries(ways))('%s', (_, answer) => {
  test('what the contract allows runs', async () => {
    calling([{ tool: 'find_order', arguments: {} }, refund(50)])
    const { text } = await answer({ ...desk(), prompt: 'Hi' })
    expect(text.endsWith('Done.')).toBe(true)
    expect(ran).toEqual(['found', { refund: 50 }])
    expect(decided.map(({ outcome }) => outcome)).toEqual(['release'])
  })

  test('what it does not allow never reaches the SDK, nor what was asked for beside it; the model hears why', async () => {
    calling([{ tool: 'find_order', arguments: {} }, refund(51)], [refund(20)])
    const { text, usage } = await answer({ ...desk(), prompt: 'Hi' })
    expect(text.endsWith('Done.')).toBe(true)
    expect(ran).toEqual([{ refund: 20 }])
    expect(results(requests[1] ?? [])).toEqual([
      expect.stringContaining('another call of the same answer was not allowed'),
      expect.stringContaining('The arguments of "refund" are outside what is allowed.'),
    ])
    // The refused answer was paid for as well.
    expect(usage.inputTokens).toBe(30)
  })

  test('a tool that the contract does not know is not there', async () => {
    calling([{ tool: 'wipe', arguments: {} }])
    const { text } = await answer({ ...desk(), prompt: 'Hi' })
    expect(text.endsWith('Done.')).toBe(true)
    expect(results(requests[1] ?? [])[0]).toContain('There is no tool "wipe"')
  })

  test('members that the contract sets are set', async () => {
    calling([{ tool: 'note', arguments: { text: 'a', draft: false } }])
    await answer({ ...desk(), prompt: 'Hi' })
    expect(ran).toEqual([{ note: { text: 'a', draft: true } }])
  })

  test('after too many refusals the conversation is over, for good', async () => {
    calling([refund(99)], [refund(98)], [refund(97)])
    const options = desk()
    const { text } = await answer({ ...options, prompt: 'Hi' })
    expect(text).toContain('This conversation was stopped.')
    expect(ran).toEqual([])
    expect(requests).toHaveLength(3)
    await expect(generateText({ ...options, prompt: 'Go on' })).rejects.toThrow('was stopped')
    expect(requests).toHaveLength(3)
  })

  test('a candidate that insists on what its baseline would do is stopped as well', async () => {
    calling(...Array.from({ length: 6 }, () => [refund(10)]))
    const candidate = { ...CONTRACT.baseline, stakes: 'read' as const }
    const options = desk({ contract: { ...CONTRACT, candidate }, role: 'candidate' })
    const { text } = await answer({ ...options, prompt: 'Hi' })
    expect(text).toContain('This conversation was stopped.')
    expect(ran).toEqual([])
    expect(requests).toHaveLength(3)
    expect(decided.map(({ outcome }) => outcome)).toEqual(['replace', 'replace', 'stop'])
  })

  test('a model that insists on what a person must decide is stopped where nobody can be asked', async () => {
    calling(...Array.from({ length: 6 }, () => [refund(30)]))
    const { tools: _, ...options } = desk({ contract: reviewed })
    const { text } = await answer({ ...options, tools: own, prompt: 'Hi' })
    expect(text).toContain('This conversation was stopped.')
    expect(ran).toEqual([])
    expect(requests).toHaveLength(3)
    expect(decided.map(({ outcome }) => outcome)).toEqual(['hold', 'hold', 'stop'])
  })

  test('what cannot be recorded is not done', async () => {
    calling([refund(10)])
    const options = desk({ onDecision: () => Promise.reject(new Error('the disk is full')) })
    const outcome = await answer({ ...options, prompt: 'Hi' }).then(
      () => 'ended',
      (error: Error) => error.message,
    )
    expect(outcome).not.toBe('Done.')
    expect(ran).toEqual([])
  })

  test('an expired contract asks a person about everything above reading', async () => {
    calling([{ tool: 'find_order', arguments: {} }], [refund(10)])
    await answer({ ...desk({ now: () => new Date('2027-01-02T00:00:00Z') }), prompt: 'Hi' })
    expect(ran).toEqual(['found'])
  })
})

describe('what a person decides', () => {
  async function held(options = desk({ contract: reviewed })) {
    calling([{ tool: 'find_order', arguments: {} }, refund(30)])
    const first = await generateText({ ...options, prompt: 'Hi' })
    const asked = first.content.filter((part) => part.type === 'tool-approval-request')
    return {
      options,
      asked,
      messages: [{ role: 'user', content: 'Hi' }, ...first.response.messages] as ModelMessage[],
    }
  }
  const answers = (asked: readonly { approvalId: string }[], approved: boolean): ModelMessage => ({
    role: 'tool',
    content: asked.map(({ approvalId }) => ({ type: 'tool-approval-response', approvalId, approved })),
  })

  test('becomes the SDK’s own request, for all calls of the answer, and runs once approved', async () => {
    const { options, asked, messages } = await held()
    expect(asked).toHaveLength(2)
    expect(ran).toEqual([])
    const { text } = await generateText({ ...options, messages: [...messages, answers(asked, true)] })
    expect(text).toBe('Done.')
    expect(ran).toEqual(['found', { refund: 30 }])
  })

  test('does not run when it is denied', async () => {
    const { options, asked, messages } = await held()
    await generateText({ ...options, messages: [...messages, answers(asked, false)] })
    expect(ran).toEqual([])
  })

  test('may be approved in another process', async () => {
    const { asked, messages } = await held()
    await generateText({ ...desk({ contract: reviewed }), messages: [...messages, answers(asked, true)] })
    expect(ran).toEqual(['found', { refund: 30 }])
  })

  test('is held to the contract again: not with other arguments, and not after a change of it', async () => {
    const { asked, messages } = await held()
    const edited = JSON.parse(
      JSON.stringify(messages).replaceAll('"amount":30', '"amount":3000'),
    ) as ModelMessage[]
    await generateText({ ...desk({ contract: reviewed }), messages: [...edited, answers(asked, true)] })
    expect(ran).toEqual(['found'])
    const without = { ...reviewed, tools: reviewed.tools.filter(({ name }) => name !== 'refund') }
    await generateText({ ...desk({ contract: without }), messages: [...messages, answers(asked, true)] })
    expect(ran).toEqual(['found', 'found'])
  })

  test('is not done where no tool can ask', async () => {
    calling([refund(30)])
    const { tools: _, ...options } = desk({ contract: reviewed })
    await generateText({ ...options, tools: own, prompt: 'Hi' })
    expect(ran).toEqual([])
    expect(results(requests[1] ?? [])[0]).toContain('nobody can be asked here')
  })
})

test('a stream shows no part of a call before it is allowed', async () => {
  calling([refund(99)], [refund(10)])
  const { parts, text } = await streamed({ ...desk(), prompt: 'Hi' })
  expect(parts.filter((type) => type === 'tool-call')).toHaveLength(1)
  expect(parts).not.toContain('tool-input-delta')
  expect(parts).not.toContain('error')
  expect(text).toBe('One moment.One moment.Done.')
})

test('tools that run at the provider need a grant without review', async () => {
  const search = {
    type: 'provider',
    id: 'fake.search',
    name: 'search',
    args: {},
    inputSchema: z.object({}),
  } as never
  const ask = (contract: AutonomyContract) => {
    calling()
    return generateText({ ...desk({ contract }), tools: { search }, prompt: 'Hi' })
  }
  await expect(ask(CONTRACT)).rejects.toThrow('runs at the provider')
  expect(requests).toHaveLength(0)
  await ask({ ...CONTRACT, tools: [{ name: 'search', stakes: 'read' }] })
  expect(requests).toHaveLength(1)
})

test('a candidate is held to its own grant, and there is none without one', async () => {
  expect(() => contractGate({ contract: CONTRACT, role: 'candidate' })).toThrow(RangeError)
  calling([refund(10)])
  const candidate = { ...CONTRACT.baseline, stakes: 'read' as const }
  await generateText({ ...desk({ contract: { ...CONTRACT, candidate }, role: 'candidate' }), prompt: 'Hi' })
  expect(ran).toEqual([])
  expect(results(requests[1] ?? [])[0]).toContain('may not be called at this stage')
})
