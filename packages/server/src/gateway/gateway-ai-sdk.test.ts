/** The AI SDK through the gateway, as it is. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream } = world
afterAll(async () => {
  await world.close()
  await database.close()
})

const desk = createOpenAICompatible({ name: 'leeway', baseURL: `${world.url}/v1`, apiKey: world.key })('desk')
let refunded: number[] = []
const tools = {
  refund: tool({
    description: 'Pays money back.',
    inputSchema: z.object({ amount: z.number() }),
    execute: ({ amount }) => {
      refunded.push(amount)
      return { paid: amount }
    },
  }),
}
/** Asks for a refund of this much until it hears of one, or of a refusal; then for 40. */
function askFor(amount: number): void {
  upstream.otherwise(({ body }) => {
    const heard = body.messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content))
    if (heard.some((text) => text.includes('paid'))) return { text: 'It is paid.', pieceBytes: 11 }
    const wanted = heard.length > 0 ? 40 : amount
    return {
      text: 'I refund it.',
      calls: [{ tool: 'refund', arguments: { amount: wanted } }],
      pieceBytes: 11,
    }
  })
}
beforeEach(() => {
  refunded = []
})
const asked = { model: desk, tools, prompt: 'I want my money back.', stopWhen: stepCountIs(5), maxRetries: 0 }

test('its loop carries out what the contract allows and goes on with the result', async () => {
  askFor(40)
  const { text, steps } = await generateText(asked)
  expect([text, refunded, steps.length]).toEqual(['It is paid.', [40], 2])
})

test('what the contract does not allow never reaches it, and the model tries something else', async () => {
  askFor(400)
  const { text } = await generateText(asked)
  expect([text, refunded]).toEqual(['It is paid.', [40]])
})

test('a stream says its words at once, and calls only when they are allowed', async () => {
  askFor(400)
  const { fullStream } = streamText(asked)
  const parts: string[] = []
  let said = ''
  for await (const part of fullStream) {
    parts.push(part.type)
    if (part.type === 'text-delta') said += part.text
    if (part.type === 'tool-call') expect(part.input).toEqual({ amount: 40 })
  }
  expect(parts).not.toContain('error')
  expect(refunded).toEqual([40])
  expect(said).toContain('I refund it.')
  expect(said.endsWith('It is paid.')).toBe(true)
})

test('an error of the gateway is an error of the SDK with the gateway’s words', async () => {
  const other = createOpenAICompatible({ name: 'leeway', baseURL: `${world.url}/v1`, apiKey: world.key })(
    'nobody',
  )
  await expect(generateText({ model: other, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    statusCode: 404,
    message: expect.stringContaining('The agent "nobody" is not served here.'),
  })
})
