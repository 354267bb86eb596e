import OpenAI from 'openai'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'
import { assembleEpisodes } from './assemble-episodes.ts'

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
const refund = (amount: number) => ({ calls: [{ tool: 'refund', arguments: { amount } }] })
const newest = async () => (await world.turns()).at(-1)
/** Items of the last request to the model. */
const input = (at = -1) => upstream.requests.at(at)?.body.input as readonly Record<string, unknown>[]
const isTold = (body: Readonly<Record<string, unknown>>) =>
  Array.isArray(body.input) && body.input.at(-1)?.type === 'function_call_output'
const conversationOf = ({ response }: { readonly response: Response }) =>
  response.headers.get('x-leeway-conversation-id')

describe('OpenAI’s own client', () => {
  test('gets an answer, and everything it sent goes to the model but the name', async () => {
    const answer = await client.responses.create({
      model: 'desk',
      input: 'Hi',
      instructions: 'Be kind.',
      x_new_field: { deep: [1.0] },
    } as never)
    expect((answer as { output_text: string }).output_text).toBe('Hello.')
    expect((answer as { model: string }).model).toBe('desk')
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/responses' })
    expect(upstream.requests[0]?.body).toEqual({
      model: 'model-1',
      input: 'Hi',
      instructions: 'Be kind.',
      x_new_field: { deep: [1.0] },
    })
  })

  test('streams', async () => {
    upstream.otherwise(() => ({ reasoning: 'hm', text: 'One two three.', pieceBytes: 7 }))
    const stream = await client.responses.create({ model: 'desk', input: 'Hi', stream: true })
    const types: string[] = []
    let text = ''
    for await (const event of stream) {
      types.push(event.type)
      if (event.type === 'response.output_text.delta') text += event.delta
      if ('response' in event) expect(event.response.model).toBe('desk')
      expect(event.sequence_number).toBe(types.length - 1)
    }
    expect(text).toBe('One two three.')
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed'])
  })

  test('its stream puts an answer with a refused call together, as one response', async () => {
    upstream.otherwise(({ body }) =>
      isTold(body)
        ? { reasoning: 'so?', text: 'That is too much.' }
        : { reasoning: 'hm', text: 'Let me see. ', ...refund(51) },
    )
    const stream = client.responses.stream({ model: 'desk', input: 'Refund it.' })
    const whole = await stream.finalResponse()
    expect(whole.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'reasoning', 'message'])
    expect(whole.output_text).toBe('Let me see. That is too much.')
  })

  test('reasoning before a refused call is not passed on, for without the call nobody takes it back', async () => {
    upstream.otherwise(({ body }) =>
      isTold(body) ? { text: 'No, then.' } : { reasoning: 'I take it all', ...refund(51) },
    )
    const answer = await world.respond({ stream: true })
    const text = await answer.text()
    expect(text).toContain('No, ')
    expect(text).not.toContain('I take it all')
  })

  test('an error in the middle of a stream reaches it', async () => {
    upstream.otherwise(() => ({ text: 'I will ', ...refund(1), cutAfter: 1_500 }))
    const stream = client.responses.stream({ model: 'desk', input: 'Hi' })
    await expect(stream.finalResponse()).rejects.toMatchObject({ code: 'upstream_cut' })
    expect((await newest())?.outcome).toBe('failed')
  })

  test.each([
    ['an unknown agent', { model: 'nobody', input: 'x' }, 404, 'model_not_found'],
    ['no items', { model: 'desk', input: 7 }, 400, 'invalid_input'],
    ['in the background', { model: 'desk', input: 'x', background: true }, 400, 'unsupported_parameter'],
  ])('is refused in its own words: %s', async (_, body, status, code) => {
    const failure = await client.responses.create(body as never).catch((error: unknown) => error)
    expect(failure).toMatchObject({ status, code })
  })
})

describe.each([false, true])('calls, streamed: %s', (stream) => {
  const ask = async (more: Readonly<Record<string, unknown>> = {}) =>
    (await world.respond({ stream, ...more })).text()

  test('one that the contract allows is released as it came', async () => {
    upstream.otherwise(() => ({ ...refund(50), pieceBytes: 5 }))
    expect(await ask()).toContain('refund')
    expect(await newest()).toMatchObject({
      outcome: 'release',
      role: 'baseline',
      decisions: [{ outcome: 'release', calls: [{ tool: 'refund', outcome: 'allow', rule: 'granted' }] }],
    })
  })

  test('one outside its range never reaches the client; the model is told and answers again', async () => {
    upstream.otherwise(({ body }) =>
      isTold(body) ? { text: 'That is too much.' } : { text: 'Let me see. ', ...refund(51) },
    )
    const text = await ask()
    expect(text).not.toContain('"refund"')
    expect(text).toContain('too ')
    expect(input()).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Let me see. ' },
      { type: 'function_call', call_id: 'call_0', name: 'refund', arguments: '{"amount":51}' },
      {
        type: 'function_call_output',
        call_id: 'call_0',
        output:
          'Not allowed. The arguments of "refund" are outside what is allowed. Find another way, or say that you cannot.',
      },
    ])
    expect((await newest())?.decisions.map(({ outcome }) => outcome)).toEqual(['deny', 'release'])
  })

  test('what the contract sets is in the call that the client gets, wherever it reads it', async () => {
    upstream.otherwise(() => ({
      text: 'Ok. ',
      calls: [{ tool: 'note', arguments: { text: 'x', draft: false } }],
    }))
    const text = await ask()
    expect(text).toContain('\\"draft\\":true')
    expect(text).not.toContain('\\"draft\\":false')
  })

  test('a call of a kind that nobody knows is denied like any that the contract does not name', async () => {
    const item = { id: 'x', type: 'teleport_call', call_id: 'c1', action: { to: 'SECRET' } }
    upstream.otherwise(({ body }) => (isTold(body) ? { text: 'Sorry.' } : { items: [item] }))
    expect(await ask()).not.toContain('SECRET')
    expect((await newest())?.decisions[0]?.calls).toMatchObject([{ tool: 'teleport', rule: 'unknown-tool' }])
  })

  test('a model that insists is stopped, and so is whoever goes on from its answer', async () => {
    upstream.otherwise(() => refund(99))
    const text = await ask()
    expect(text).toContain('This conversation was stopped.')
    const id = /"id":"(resp_[^"]+)"/.exec(text.split('response.completed').at(-1) ?? '')?.[1]
    const again = await world.respond({ previous_response_id: id })
    expect([again.status, ((await again.json()) as { error: { code: string } }).error.code]).toEqual([
      403,
      'conversation_stopped',
    ])
  })

  test('an upstream’s own error goes on as it is', async () => {
    upstream.otherwise(() => ({ status: 400 }))
    const answer = await world.respond({ stream })
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { type: 'test' } }])
  })
})

describe('a conversation', () => {
  test('goes on by the id of its last response, through a result, and is one episode', async () => {
    upstream.script({ text: 'At once. ', ...refund(5) }, { text: 'Done.' })
    const first = await client.responses.create({ model: 'desk', input: 'Refund it.' }).withResponse()
    const providerId = first.data.id.split('.')[0]
    const second = await client.responses
      .create({
        model: 'desk',
        previous_response_id: first.data.id,
        input: [{ type: 'function_call_output', call_id: 'call_0', output: 'ok' }],
      })
      .withResponse()
    expect(conversationOf(second)).toBe(conversationOf(first))
    expect(upstream.requests[1]?.body.previous_response_id).toBe(providerId)
    expect(second.data.previous_response_id).toBe(first.data.id)
    const { effects, project } = world.server
    await world.gateway.flush()
    effects.advance(11 * 60_000)
    await assembleEpisodes(effects)
    const found = await database.db.$client.query<{ step_count: number }>(
      'select step_count from episodes where project_id = $1 and source_id like $2',
      [project.id, `gateway:%:${conversationOf(first)}`],
    )
    expect(found.rows).toEqual([{ step_count: 5 }])
  })

  test('goes on from the id with which a stream began, though calls were refused after it', async () => {
    upstream.otherwise(({ body }) => (isTold(body) ? { text: 'No.' } : refund(51)))
    const stream = await client.responses.create({ model: 'desk', input: 'Hi', stream: true })
    let began = ''
    let ended = ''
    for await (const event of stream) {
      if (event.type === 'response.created') began = event.response.id
      if (event.type === 'response.completed') ended = event.response.id
    }
    expect(began).not.toBe(ended)
    upstream.otherwise(() => ({ text: 'Yes?' }))
    await client.responses.create({ model: 'desk', input: 'So?', previous_response_id: began })
    expect(upstream.requests.at(-1)?.body.previous_response_id).toBe(ended.split('.')[0])
  })

  test('is known by its history where nothing is kept', async () => {
    upstream.script(refund(5), { text: 'Done.' })
    const asked = { type: 'message', role: 'user', content: 'no state' } as const
    const first = await client.responses
      .create({ model: 'desk', store: false, input: [asked] })
      .withResponse()
    const second = await client.responses
      .create({
        model: 'desk',
        store: false,
        input: [
          asked,
          ...(first.data.output as OpenAI.Responses.ResponseInputItem[]),
          { type: 'function_call_output', call_id: 'call_0', output: 'ok' },
        ],
      })
      .withResponse()
    expect(conversationOf(second)).toBe(conversationOf(first))
  })

  test('keeps the name that the provider keeps it under', async () => {
    const answer = await client.responses
      .create({ model: 'desk', input: 'x', conversation: 'conv_7' })
      .withResponse()
    expect(conversationOf(answer)).toBe('conv_7')
  })
})

describe('a tool that runs where the model runs', () => {
  const search = { tools: [{ type: 'web_search' }] }
  test('is refused before the model is asked, unless the contract names it', async () => {
    const answer = await world.respond(search)
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      {
        error: { code: 'tool_not_allowed', param: 'tools', message: expect.stringContaining('"web_search"') },
      },
    ])
    expect(upstream.requests).toHaveLength(0)
    const inChat = await world.chat(search)
    expect(inChat.status).toBe(403)
  })

  test.each([
    ['another server', [{ type: 'mcp', server_label: 'other' }], 403],
    ['the server that is named', [{ type: 'mcp', server_label: 'docs' }], 200],
    ['settings outside the schema', [{ type: 'file_search', vector_store_ids: ['all'] }], 403],
    ['settings within it', [{ type: 'file_search', vector_store_ids: ['mine'] }], 200],
    ['tools of the client', [{ type: 'function', name: 'refund' }, { type: 'local_shell' }], 200],
  ])('is allowed as the contract says: %s', async (_, tools, status) => {
    const hosted = [
      { name: 'mcp:docs*', stakes: 'read' as const },
      {
        name: 'file_search',
        stakes: 'read' as const,
        arguments: { properties: { vector_store_ids: { const: ['mine'] } }, required: ['vector_store_ids'] },
      },
    ]
    await world.contract({ tools: [...DESK_TOOLS, ...hosted] })
    expect((await world.respond({ tools })).status).toBe(status)
    await world.contract()
  })

  test('is refused where a person would have to decide about some of its calls', async () => {
    const tools = [{ name: 'code_interpreter', stakes: 'reversible' as const }]
    const asked = { tools: [{ type: 'code_interpreter' }] }
    await world.contract({ tools, grant: { withoutReview: 0.9 } })
    expect((await world.respond(asked)).status).toBe(403)
    await world.contract({ tools, grant: { withoutReview: 1 } })
    expect((await world.respond(asked)).status).toBe(200)
    await world.contract()
  })

  const searching = { type: 'web_search' }
  const own = { type: 'function', name: 'refund' }
  test.each([
    [
      'an item of the history',
      [],
      [{ type: 'additional_tools', role: 'developer', tools: [own, searching] }],
      403,
    ],
    ['a search for tools', [], [{ type: 'tool_search_output', call_id: 'c', tools: [searching] }], 403],
    ['an item that nobody knows', [], [{ type: 'more_tools', tools: [searching] }], 403],
    ['a namespace', [{ type: 'namespace', name: 'crm', tools: [own, searching] }], [], 403],
    [
      'a namespace in an item',
      [],
      [
        {
          type: 'tool_search_output',
          call_id: 'c',
          tools: [{ type: 'namespace', name: 'a', tools: [searching] }],
        },
      ],
      403,
    ],
    [
      'no item: tools of the client, and what an MCP server said that it has',
      [{ type: 'namespace', name: 'crm', tools: [own] }],
      [
        { type: 'tool_search_output', call_id: 'c', tools: [own] },
        { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'look_up', input_schema: {} }] },
      ],
      200,
    ],
  ])('is one wherever it stands: in %s', async (_, tools, items, status) => {
    const input = [{ role: 'user', content: 'Hi' }, ...items]
    expect((await world.respond({ tools, input })).status).toBe(status)
    expect(upstream.requests).toHaveLength(status === 200 ? 1 : 0)
  })

  test('brought along by a prompt that the provider keeps is one, too', async () => {
    expect((await world.respond({ prompt: { id: 'pmpt_1' } })).status).toBe(403)
  })
})
