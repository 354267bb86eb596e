import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { testDatabase } from '../testing/database.ts'
import type { UpstreamReply } from '../testing/fake-upstream.ts'
import { asksForScores, END, lessBy, SAID, scoredWorld } from '../testing/scored-world.ts'
import { agentKey } from './bundle.ts'
import { upstreamCalls } from './call-upstream.ts'
import { readChatAnswer } from './chat-answer.ts'
import { conversations, historyOf } from './conversations.ts'
import { readBundle } from './read-bundle.ts'
import { answerScoring } from './score-answers.ts'

const database = await testDatabase({ connectionsMax: 20 })
const REGION = { horizonSteps: 100, stakes: 'reversible', tools: 'all', klNatsMax: null }
const world = await scoredWorld(database.db, [
  { name: 'shadow', autonomy: 'shadow', exposure: 0, reviewed: 1, region: REGION },
  { name: 'half', autonomy: 'act', exposure: 0.5, reviewed: 1, region: REGION },
])
const { say, candidateConversation, scoresOf, scoring, scoreWith } = world
const { upstream, candidateUpstream, gateway, server } = world.gateway
const { effects } = server
afterAll(async () => {
  await world.gateway.close()
  await database.close()
})
beforeEach(world.reset)

test('each token of the candidate is scored by the baseline’s model, in the conversation as it was', async () => {
  const tools = [{ type: 'function', function: { name: 'find_order' } }]
  const conversation = await candidateConversation('scored', { tools, max_tokens: 50, stream: true })
  expect(await scoresOf(conversation)).toEqual([
    {
      not_scored: null,
      tokens: 3,
      nats: expect.closeTo(Math.exp(-1), 12),
      log_ratio: expect.closeTo(1, 12),
      log_ratio_max: expect.closeTo(1, 12),
      is_whole: true,
    },
  ])
  const asked = upstream.requests.filter(asksForScores)
  expect(asked).toHaveLength(1)
  expect(asked[0]?.path).toBe('/v1/chat/completions')
  expect(asked[0]?.body).toEqual({
    model: 'model-1',
    tools,
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'By v2.' },
    ],
    add_generation_prompt: false,
    prompt_logprobs: 0,
    max_tokens: 1,
    stream: false,
  })
})

test('a call is scored as it was written, before the server read it out of the text', async () => {
  const raw: readonly (readonly [string, number])[] = [
    ['<tool_call>', -0.1],
    ['{"name":"find_order"}', -0.2],
    ['</tool_call>', -0.1],
  ]
  candidateUpstream.script({ calls: [{ tool: 'find_order', arguments: {} }], sampled: raw })
  scoring({ scored: [...raw, [END, -0.1]] })
  const conversation = 'calls'
  while (candidateUpstream.requests.length === 0) await say(`${conversation}-${upstream.requests.length}`)
  await gateway.scored()
  expect(upstream.requests.filter(asksForScores)[0]?.body.messages.at(-1)).toEqual({
    role: 'assistant',
    content: '<tool_call>{"name":"find_order"}</tool_call>',
  })
  const found = await database.db.execute(sql`
    select not_scored, tokens, nats, is_whole from gateway_scores where conversation like 'calls-%'`)
  expect(found.rows).toEqual([{ not_scored: null, tokens: 3, nats: 0, is_whole: false }])
})

test('an upstream that only completes is given the conversation in ChatML, to echo', async () => {
  await scoreWith('completions-echo')
  const conversation = await candidateConversation('echoed')
  expect(await scoresOf(conversation)).toMatchObject([{ not_scored: null, tokens: 3, is_whole: true }])
  const [asked] = upstream.requests.filter(asksForScores)
  expect(asked?.path).toBe('/v1/completions')
  expect(asked?.body).toEqual({
    model: 'model-1',
    prompt: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nBy v2.<|im_end|>',
    echo: true,
    logprobs: 1,
    max_tokens: 0,
    stream: false,
  })
  const tools = [{ type: 'function', function: { name: 'find_order' } }]
  const withTools = await candidateConversation('echoed-tools', { tools })
  expect(await scoresOf(withTools)).toMatchObject([
    { not_scored: 'Its request has tools, which a completion cannot be told of.', nats: null },
  ])
  await scoreWith('vllm-prompt-logprobs')
})

describe('what cannot be scored is written down with the reason', () => {
  test.each([
    ['the upstream fails', { status: 500 }, SAID, {}, 'The baseline’s upstream answered 500.'],
    [
      'other tokens',
      { scored: [['By v', -1] as const, ['2.', -1] as const, [END, -1] as const] },
      SAID,
      {},
      'The baseline’s model cuts the answer into other tokens, or its place is not clear.',
    ],
    [
      'no log probabilities',
      lessBy(1, 0, 0),
      { text: 'By v2.' },
      {},
      'The candidate’s upstream gave no log probabilities.',
    ],
    [
      'another temperature',
      lessBy(1, 0, 0),
      SAID,
      { temperature: 0.5 },
      'Its tokens were sampled at temperature 0.5, but log probabilities are reported for temperature 1.',
    ],
    [
      'held to a form',
      lessBy(1, 0, 0),
      SAID,
      { response_format: { type: 'json_object' } },
      'Its tokens were held to a form.',
    ],
    [
      'no answer',
      { text: 'By v1.' },
      SAID,
      {},
      'The baseline’s upstream gave no log probabilities of the prompt.',
    ],
  ] as const)('%s', async (name, reply, said, more, why) => {
    scoring(reply as UpstreamReply)
    candidateUpstream.otherwise(() => said as UpstreamReply)
    const conversation = await candidateConversation(`unscored ${name}`, more)
    expect(await scoresOf(conversation)).toEqual([
      { not_scored: why, tokens: null, nats: null, log_ratio: null, log_ratio_max: null, is_whole: null },
    ])
  })

  test('an upstream that cannot be scored with answers the baseline’s conversations all the same', async () => {
    const conversation = await candidateConversation('unscored often')
    scoring({ status: 500 })
    for (let at = 0; at < 6; at++) {
      expect(await say(conversation)).toContain('By v2.')
      await gateway.scored()
    }
    expect(upstream.requests.filter(asksForScores)).toHaveLength(7)
    const texts = await Promise.all([0, 1, 2, 3].map((at) => say(`still served ${at}`)))
    expect(texts.filter((text) => text.includes('By v1.'))).toHaveLength(2)
  })

  test('the Responses API', async () => {
    for (let at = 0; at < 4; at++)
      await (await world.gateway.respond({}, { 'x-leeway-conversation-id': `responses-${at}` })).text()
    await gateway.scored()
    const found = await database.db.execute(sql`
      select not_scored from gateway_scores where conversation like 'responses-%'`)
    expect(found.rows).toEqual(
      [0, 1].map(() => ({ not_scored: 'It was asked for through the Responses API, which has no scores.' })),
    )
  })
})

test('nobody waits for a score', async () => {
  const conversation = await candidateConversation('not-waited')
  scoring({ ...lessBy(1, 0, 0), afterMs: 1_500 })
  expect(await say(conversation)).toContain('By v2.')
  expect(await scoresOf(conversation)).toHaveLength(1)
  await gateway.scored()
  expect(await scoresOf(conversation)).toHaveLength(2)
})

test('what scoring costs counts among what the agent spends', async () => {
  const serving = { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' }
  await world.gateway.api('/gateway/servings', { ...serving, usdPerMillion: { input: 1_000, output: 0 } })
  await gateway.refresh()
  scoring(lessBy(1, 0, 0))
  const spent = async () => {
    const found = await database.db.execute<{ usd: number }>(
      sql`select coalesce(sum(usd), 0) as usd from gateway_spend`,
    )
    return found.rows[0]?.usd ?? 0
  }
  const conversation = await candidateConversation('paid')
  const before = await spent()
  expect(await say(conversation)).toContain('By v2.')
  await gateway.scored()
  // The upstream counts twelve tokens that it read; the candidate's price is not known.
  expect((await spent()) - before).toBeCloseTo(0.012, 9)
  await world.gateway.api('/gateway/servings', serving)
  await gateway.refresh()
})

test('what waits beyond a bound, and what waits at the end, is not scored, and says so', async () => {
  const conversation = await candidateConversation('bounded')
  scoring({ ...lessBy(1, 0, 0), afterMs: 60_000 })
  const { agents } = await readBundle(database.db, deriveKeys(new Uint8Array(32).fill(7)).sealingKey)
  const agent = agents.get(agentKey(server.project.id, 'desk'))
  if (agent === undefined) throw new Error('no agent')
  const calls = upstreamCalls()
  const scores = answerScoring(effects, calls, { requireLeft: async () => {} }, 500)
  const asked = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] })
  const answer = readChatAnswer(
    JSON.stringify({
      choices: [
        {
          message: { content: 'By' },
          finish_reason: 'stop',
          logprobs: { content: [{ token: 'By', logprob: -1 }] },
        },
      ],
    }),
  )
  const place = { agentKey: '', named: conversation, history: historyOf([]), continues: false }
  const known = conversations(effects.newId, () => 0).recall(place, null)
  const take = (baselineAsked: string) =>
    scores.take({
      id: effects.newId(),
      agent,
      conversation: known,
      toScore: [
        {
          round: 0,
          candidatePolicyId: agent.contract.baseline.policyId,
          asked,
          baselineAsked,
          answer,
          why: null,
        },
      ],
    })
  upstream.requests.length = 0
  take(asked)
  take(asked)
  take(JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(500) }] }))
  await expect.poll(() => upstream.requests.length).toBe(1)
  await scores.stop()
  await calls.close()
  expect((await scoresOf(conversation)).slice(1).map((row) => row.not_scored)).toEqual([
    expect.stringContaining('The baseline’s upstream gave no answer.'),
    'The process ended before it was scored.',
    'Too many answers waited to be scored.',
  ])
  expect(upstream.requests).toHaveLength(1)
})

test('where the baseline’s upstream does not score, nothing is asked and nothing written', async () => {
  await scoreWith('none')
  const conversation = await candidateConversation('off')
  expect(upstream.requests.filter(asksForScores)).toEqual([])
  expect(await scoresOf(conversation)).toEqual([])
  await scoreWith('vllm-prompt-logprobs')
})

test('the best of several is not scored: it is not as it was sampled', async () => {
  await world.gateway.contract({ limits: { bestOfMax: 2 } })
  for (let at = 0; at < 4; at++) {
    const headers = { 'x-leeway-conversation-id': `best-${at}`, 'x-leeway-best-of': '2' }
    await (await world.gateway.chat({}, headers)).text()
  }
  await gateway.scored()
  const found = await database.db.execute(
    sql`select distinct not_scored from gateway_scores where conversation like 'best-%'`,
  )
  expect(found.rows).toEqual([{ not_scored: 'It is the best of several, and not as it was sampled.' }])
  expect(upstream.requests.filter(asksForScores)).toHaveLength(0)
})
