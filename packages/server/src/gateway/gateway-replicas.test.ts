import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { type OpenGateway, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 20 })
const world = await testGateway(database.db)
const other = await world.another()
const { upstream } = world
afterAll(async () => {
  await other.close()
  await world.close()
  await database.close()
})
beforeEach(() => {
  upstream.otherwise(() => ({ text: 'Hello.' }))
})

const refund = (amount: number) => ({ calls: [{ tool: 'refund', arguments: { amount } }] })
type Message = { role: string; content: string | null }
/** What was answered is written down in the database before the next is asked. */
async function say(at: OpenGateway, messages: readonly unknown[], named?: string) {
  const answer = await at.chat({ messages }, named === undefined ? {} : { 'x-leeway-conversation-id': named })
  const body = (await answer.json()) as {
    choices?: { message: Message }[]
    error?: { code: string }
  }
  await at.gateway.flush()
  return {
    id: answer.headers.get('x-leeway-conversation-id'),
    message: body.choices?.[0]?.message,
    code: body.error?.code,
  }
}
const user = (content: string) => ({ role: 'user', content })

test('a conversation without a name is the same at another replica, there and back', async () => {
  const first = await say(world, [user('one')])
  const second = await say(other, [user('one'), first.message, user('two')])
  const history = [user('one'), first.message, user('two'), second.message, user('three')]
  const third = await say(world, history)
  expect([second.id, third.id]).toEqual([first.id, first.id])
  expect((await world.turns()).filter(({ conversation }) => conversation === first.id)).toHaveLength(3)
})

test.each([undefined, 'stopped by name'])('who was stopped at one goes on at no other: %s', async (named) => {
  upstream.otherwise(() => refund(99))
  const first = await say(world, [user('insist')], named)
  expect(first.message?.content).toContain('stopped')
  const again = [user('insist'), first.message, user('go on')]
  expect((await say(other, again, named)).code).toBe('conversation_stopped')
})

test('what was refused at one counts at the other, also when the other knew the conversation before', async () => {
  const named = 'counts together'
  const history: unknown[] = [user('begin')]
  for (const [at, refused] of [
    [other, 0],
    [world, 3],
    [other, 1],
  ] as const) {
    let left: number = refused
    upstream.otherwise(() => (left-- > 0 ? refund(99) : { text: 'Well then.' }))
    history.push((await say(at, history, named)).message, user('and?'))
  }
  expect(history.at(-2)).toMatchObject({ content: expect.stringContaining('stopped') })
})

test('a history that Leeway never heard begins a conversation of its own', async () => {
  const example = [user('two and two?'), { role: 'assistant', content: 'four' }, user('three and three?')]
  const [one, two] = [await say(world, example), await say(other, example)]
  expect(one.message?.content).toBe('Hello.')
  expect(one.id).not.toBe(two.id)
})
