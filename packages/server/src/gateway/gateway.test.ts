import OpenAI from 'openai'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream } = world
afterAll(async () => {
  await world.close()
  await database.close()
})
beforeEach(() => {
  upstream.requests.length = 0
  upstream.otherwise(() => ({ text: 'Hello.' }))
})

const client = new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1`, maxRetries: 0 })
const hi = [{ role: 'user', content: 'Hi' }] as const
const refund = (amount: number) => ({ calls: [{ tool: 'refund', arguments: { amount } }] })
const newest = async () => (await world.turns()).at(-1)

describe('OpenAI’s own client', () => {
  test('gets an answer, and everything it sent goes to the model but the name', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'desk', messages: [...hi], seed: 7, x_new_field: { deep: [1.0] } } as never)
      .withResponse()
    expect(data.choices[0]?.message.content).toBe('Hello.')
    // Neither a header nor the name of the model tells whose answer it is.
    expect(response.headers.get('x-upstream')).toBeNull()
    expect(data.model).toBe('desk')
    expect(response.headers.get('x-leeway-decision-id')).toMatch(/^[\da-f-]{36}$/)
    expect(upstream.requests[0]?.body).toEqual({
      model: 'model-1',
      messages: [...hi],
      seed: 7,
      x_new_field: { deep: [1.0] },
    })
  })

  test('numbers that JavaScript cannot hold reach the model as they were written', async () => {
    const answer = await fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.key}` },
      body: '{"seed":12345678901234567891,"messages":[],"model":"desk"}',
    })
    expect(answer.status).toBe(200)
    expect(upstream.requests[0]?.text).toBe('{"seed":12345678901234567891,"messages":[],"model":"model-1"}')
  })

  test('streams', async () => {
    upstream.otherwise(() => ({ text: 'One two three.', pieceBytes: 7 }))
    const stream = await client.chat.completions.create({
      model: 'desk',
      messages: [...hi],
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let tokens = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      tokens += chunk.usage?.total_tokens ?? 0
    }
    expect([text, tokens]).toEqual(['One two three.', 17])
  })

  test('its runner of tools carries a call out and gets the answer to its result', async () => {
    upstream.otherwise(({ body }) =>
      body.messages.some(({ role }) => role === 'tool') ? { text: 'Refunded.' } : refund(40),
    )
    const refunded: unknown[] = []
    const runner = client.chat.completions.runTools({
      model: 'desk',
      messages: [...hi],
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'refund',
            description: 'gives money back',
            parameters: { type: 'object', properties: {} },
            parse: JSON.parse,
            function: (given: unknown) => {
              refunded.push(given)
              return 'done'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('Refunded.')
    expect(refunded).toEqual([{ amount: 40 }])
    expect((await newest())?.outcome).toBe('release')
  })

  test('lists the agents that the key may be, and gets embeddings', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['desk'])
    await client.embeddings.create({ model: 'desk', input: 'x', encoding_format: 'float' })
    expect(upstream.requests[0]?.body.model).toBe('model-1')
  })

  test.each([
    ['an unknown agent', { model: 'nobody', messages: [] }, 404, 'model_not_found'],
    ['no messages', { model: 'desk' }, 400, 'invalid_messages'],
  ])('is refused in its own words: %s', async (_, body, status, code) => {
    const failure = await client.chat.completions.create(body as never).catch((error: unknown) => error)
    expect(failure).toMatchObject({ status, code })
  })

  test('a key that may not act is refused', async () => {
    const other = new OpenAI({ apiKey: world.adminKey, baseURL: `${world.url}/v1`, maxRetries: 0 })
    await expect(other.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
  })
})

describe.each([false, true])('calls, streamed: %s', (stream) => {
  const ask = async (more: Readonly<Record<string, unknown>> = {}) => {
    const answer = await world.chat({ stream, ...more })
    return { status: answer.status, text: await answer.text() }
  }

  test('one that the contract allows is released as it came', async () => {
    upstream.otherwise(() => ({ ...refund(50), pieceBytes: 5 }))
    const { text } = await ask()
    expect(text).toContain('refund')
    expect(await newest()).toMatchObject({
      outcome: 'release',
      role: 'baseline',
      decisions: [{ outcome: 'release', calls: [{ tool: 'refund', outcome: 'allow', rule: 'granted' }] }],
    })
  })

  test('one outside its range never reaches the client; the model is told and answers again', async () => {
    upstream.otherwise(({ body }) =>
      body.messages.at(-1)?.role === 'tool'
        ? { text: 'That is too much.' }
        : { text: 'Let me see. ', ...refund(51) },
    )
    const { text } = await ask()
    expect(text).not.toContain('"refund"')
    expect(text).toContain('too ')
    expect(upstream.requests[1]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: 'Let me see. ',
        tool_calls: [
          { id: 'call_0', type: 'function', function: { name: 'refund', arguments: '{"amount":51}' } },
        ],
      },
      {
        role: 'tool',
        tool_call_id: 'call_0',
        content:
          'Not allowed. The arguments of "refund" are outside what is allowed. Find another way, or say that you cannot.',
      },
    ])
    expect((await newest())?.decisions.map(({ outcome }) => outcome)).toEqual(['deny', 'release'])
  })

  test('of two calls, one of which is not allowed, neither is released', async () => {
    upstream.otherwise(({ body }) =>
      body.messages.at(-1)?.role === 'tool'
        ? { text: 'Sorry.' }
        : {
            calls: [
              { tool: 'find_order', arguments: {} },
              { tool: 'wire_money', arguments: {} },
            ],
          },
    )
    const { text } = await ask()
    expect(text).not.toMatch(/find_order|wire_money/)
    const results = upstream.requests[1]?.body.messages.slice(-2).map(({ content }) => content)
    expect(results?.[0]).toContain('another call of the same answer')
    expect(results?.[1]).toContain('no tool "wire_money"')
  })

  test('what the contract sets is in the call that the client gets', async () => {
    upstream.otherwise(() => ({ calls: [{ tool: 'note', arguments: { text: 'x', draft: false } }] }))
    const { text } = await ask()
    const got = stream
      ? text
          .split('\n\n')
          .flatMap(
            (event) =>
              JSON.parse(event.slice(6).replace('[DONE]', 'null') || 'null')?.choices?.[0]?.delta
                .tool_calls ?? [],
          )
      : JSON.parse(text).choices[0].message.tool_calls
    expect(
      got.map((call: { function: { arguments: string } }) => JSON.parse(call.function.arguments)),
    ).toEqual([{ text: 'x', draft: true }])
  })

  test('a model that insists is stopped, and so is its conversation', async () => {
    upstream.otherwise(() => refund(99))
    const conversation = { 'x-leeway-conversation-id': `insists-${stream}` }
    const answer = await world.chat({ stream }, conversation)
    expect(await answer.text()).toContain('This conversation was stopped.')
    expect((await newest())?.outcome).toBe('stop')
    const again = await world.chat({ stream }, conversation)
    expect([again.status, ((await again.json()) as { error: { code: string } }).error.code]).toEqual([
      403,
      'conversation_stopped',
    ])
  })

  test('one that a person should decide is not carried out while nobody is there, and nobody is said to have denied it', async () => {
    await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 1 } })
    upstream.otherwise(({ body }) =>
      body.messages.at(-1)?.role === 'tool' ? { text: 'Later, then.' } : refund(1),
    )
    const { text } = await ask()
    await world.contract()
    expect(text).not.toContain('"refund"')
    expect(upstream.requests[1]?.body.messages.at(-1)?.content).toContain('no decision in time')
    expect((await newest())?.decisions[0]).toMatchObject({ outcome: 'hold', hold: 'unanswered' })
  })

  test('the calls of an answer that was cut are never released', async () => {
    upstream.otherwise(() => ({ text: 'I will ', ...refund(1), cutAfter: stream ? 800 : 200 }))
    const { text, status } = await ask().catch(() => ({ text: '', status: 0 }))
    expect(text).not.toContain('"refund"')
    if (!stream) expect(status).toBe(502)
    expect((await newest())?.outcome).toBe('failed')
  })

  test('an upstream’s own error goes on as it is', async () => {
    upstream.otherwise(() => ({ status: 429, headers: { 'retry-after': '3' } }))
    const answer = await world.chat({ stream })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await answer.json()).toMatchObject({ error: { message: 'told to answer 429' } })
  })
})

test('an upstream that sends elsewhere is not followed, by us or by the client', async () => {
  upstream.otherwise(() => ({ status: 307, headers: { location: `${upstream.url}/elsewhere` } }))
  const answer = await world.chat({})
  expect([answer.status, answer.headers.get('location')]).toEqual([502, null])
})

test('a name that no header holds is a name all the same', async () => {
  const answer = await world.chat({ metadata: { conversation_id: '会话1' } })
  expect(answer.status).toBe(200)
  expect((await newest())?.conversation).toBe('会话1')
})

test('who was stopped goes on under no other name', async () => {
  upstream.otherwise(() => refund(99))
  const first = await world.chat({ messages: [{ role: 'user', content: 'unnamed' }] })
  const { choices } = (await first.json()) as { choices: { message: { content: string } }[] }
  const message = choices[0]?.message
  expect(message?.content).toContain('stopped')
  const again = await world.chat({
    messages: [{ role: 'user', content: 'unnamed' }, message, { role: 'user', content: 'go on' }],
  })
  expect(again.status).toBe(403)
})

test('a client that goes away ends the call to the model, and that is written down', async () => {
  upstream.otherwise(() => ({ text: 'a '.repeat(500), pieceBytes: 200, pauseMs: 20 }))
  const before = upstream.aborted()
  const leaving = new AbortController()
  const answer = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'desk', messages: [], stream: true }),
  })
  await answer.body?.getReader().read()
  leaving.abort()
  await expect.poll(upstream.aborted).toBe(before + 1)
  await expect.poll(async () => (await newest())?.outcome).toBe('aborted')
})

test('without a place to write it down, nothing is answered', async () => {
  const full = await testGateway(database.db, { slug: 'full', spoolBytesMax: 10 })
  try {
    const answer = await full.chat({})
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      503,
      'not_recorded',
    ])
    const calling = await full.chat({ stream: true })
    expect(await calling.text()).toContain('not_recorded')
  } finally {
    await full.close()
  }
})

test('a conversation without a name is known by its history, also after tool results', async () => {
  upstream.otherwise(({ body }) => (body.messages.at(-1)?.role === 'user' ? refund(5) : { text: 'Done.' }))
  const first = await client.chat.completions
    .create({ model: 'desk', messages: [{ role: 'user', content: 'history' }] })
    .withResponse()
  const message = first.data.choices[0]?.message
  if (message === undefined) throw new Error('no message')
  const second = await client.chat.completions
    .create({
      model: 'desk',
      messages: [
        { role: 'user', content: 'history' },
        message,
        { role: 'tool', tool_call_id: 'call_0', content: 'ok' },
      ],
    })
    .withResponse()
  const id = (answer: Response) => answer.headers.get('x-leeway-conversation-id')
  expect(id(second.response)).toBe(id(first.response))
  const other = await client.chat.completions
    .create({ model: 'desk', messages: [{ role: 'user', content: 'history' }] })
    .withResponse()
  expect(id(other.response)).not.toBe(id(first.response))
})
