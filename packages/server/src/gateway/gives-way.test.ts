import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { END, lessBy, scoredWorld } from '../testing/scored-world.ts'

const database = await testDatabase({ connectionsMax: 20 })
const REGION = { horizonSteps: 100, stakes: 'reversible', tools: 'all', klNatsMax: 12, falseStopMax: 0.01 }
const world = await scoredWorld(database.db, [
  { name: 'shadow', autonomy: 'shadow', exposure: 0, reviewed: 1, region: REGION },
  { name: 'half', autonomy: 'act', exposure: 0.5, reviewed: 1, region: REGION },
])
const { say, candidateConversation, scoring } = world
const { candidateUpstream, gateway } = world.gateway
const other = await world.gateway.another()
afterAll(async () => {
  await other.close()
  await world.gateway.close()
  await database.close()
})
beforeEach(world.reset)

const lastTurn = async (conversation: string) =>
  (await world.gateway.turns()).filter((turn) => turn.conversation === conversation).at(-1)

describe('who has gone too far from the baseline gives way to it from the next turn on', () => {
  test('past the budget of the stage', async () => {
    // What the baseline says far more often than the candidate does: 5.7 nats an answer, and nothing that the log-ratio stop sees.
    candidateUpstream.otherwise(() => ({
      text: 'By v2.',
      sampled: [
        ['By ', -2.5],
        ['v2.', -1.55],
        [END, -0.1],
      ],
    }))
    scoring(lessBy(0, 0, 0))
    const nats = [2, 1.3].reduce((sum, r) => sum + Math.expm1(r) - r, 0)
    expect(nats).toBeGreaterThan(4)
    expect(nats).toBeLessThan(6)
    const conversation = await candidateConversation('spent')
    for (const _ of [2, 3]) {
      expect(await say(conversation)).toContain('By v2.')
      await gateway.scored()
    }
    expect(await say(conversation)).toContain('By v1.')
    expect((await lastTurn(conversation))?.decisions).toMatchObject([
      { role: 'baseline', gaveWay: 'kl-budget' },
    ])
    expect(await say(conversation)).toContain('By v1.')
  })

  test('words that are hardly the baseline’s', async () => {
    scoring(lessBy(3, 2.4, 0))
    const conversation = await candidateConversation('surprising')
    expect(await say(conversation)).toContain('By v1.')
    expect((await lastTurn(conversation))?.decisions).toMatchObject([
      { role: 'baseline', gaveWay: 'log-ratio' },
    ])
  })

  test('a little less than that goes on', async () => {
    // log(1 / 0.01) and log(2) for the first start are 5.3.
    scoring(lessBy(3, 2.2, 0))
    const conversation = await candidateConversation('less-surprising')
    expect(await say(conversation)).toContain('By v2.')
    await gateway.scored()
  })

  test('at another replica, too, also where it was the one that began', async () => {
    scoring(lessBy(2, 0.5, 0))
    const conversation = await candidateConversation('anywhere')
    const history = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'By v2.' },
      { role: 'user', content: 'And?' },
    ]
    expect(await say(conversation, { messages: history }, other)).toContain('By v2.')
    await other.gateway.scored()
    const longer = [...history, { role: 'assistant', content: 'By v2.' }, { role: 'user', content: 'So?' }]
    expect(await say(conversation, { messages: longer }, other)).toContain('By v2.')
    await other.gateway.scored()
    const last = [...longer, { role: 'assistant', content: 'By v2.' }, { role: 'user', content: 'Well?' }]
    expect(await say(conversation, { messages: last }, world.gateway)).toContain('By v1.')
    expect((await lastTurn(conversation))?.decisions).toMatchObject([
      { role: 'baseline', gaveWay: 'log-ratio' },
    ])
  })
})
