/** The gateway with a candidate on half of all conversations, and an upstream of the baseline's that scores what it says. */
import type { ScoresWith } from '@leeway/contract/gateway'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { recordDecisions } from '../releases/record-decisions.ts'
import { releases } from '../releases/tables.ts'
import type { UpstreamReply, UpstreamRequest } from './fake-upstream.ts'
import { type OpenGateway, type TestGateway, testGateway } from './test-gateway.ts'

export const END = '<|im_end|>'

/** What the candidate says unless it is told to say something else: three tokens, the last of which ends it. */
export const SAID: UpstreamReply = {
  text: 'By v2.',
  sampled: [
    ['By ', -0.5],
    ['v2.', -0.25],
    [END, -0.1],
  ],
}

/** What the baseline's model makes of it: `each` less for each of the three, in nats. */
export const lessBy = (...each: readonly [number, number, number]): UpstreamReply => ({
  scored: [
    ['assistant\n', -0.01],
    ['By ', -0.5 - each[0]],
    ['v2.', -0.25 - each[1]],
    [END, -0.1 - each[2]],
    ['\n', -0.01],
  ],
})

export const asksForScores = ({ body }: UpstreamRequest) =>
  body.prompt_logprobs !== undefined || body.echo === true

export type ScoredWorld = {
  readonly gateway: TestGateway
  readonly release: typeof releases.$inferSelect
  readonly scoreWith: (scoresWith: ScoresWith) => Promise<void>
  /** What the baseline's upstream answers when it is asked for scores. */
  readonly scoring: (reply: UpstreamReply) => void
  /** Both upstreams as they were in the beginning. */
  readonly reset: () => void
  readonly say: (
    conversation: string,
    more?: Readonly<Record<string, unknown>>,
    at?: OpenGateway,
  ) => Promise<string>
  /** One that the candidate serves; its first answer is scored. */
  readonly candidateConversation: (name: string, more?: Readonly<Record<string, unknown>>) => Promise<string>
  readonly scoresOf: (conversation: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** `stages`: of the ladder; the release stands on the second. */
export async function scoredWorld(
  db: Database,
  stages: readonly unknown[],
  options: { readonly slug?: string } = {},
): Promise<ScoredWorld> {
  const gateway = await testGateway(db, options)
  const { upstream, candidateUpstream, api } = gateway
  const { effects } = gateway.server
  const serving = { agent: 'desk', policy: 'v2', upstream: 'two', model: 'model-2' }
  await api('/gateway/servings', { ...serving, set: { logprobs: true } })
  await api('/ladders', {
    agent: 'desk',
    ladder: { name: 'near', alphaAcrossReleases: 'count', stages },
  })
  const { id } = (await api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })) as { readonly id: string }
  const [release] = await db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('no release')
  const [fromStage, toStage] = stages.map((stage) => (stage as { readonly name: string }).name)
  await db.transaction((tx) =>
    recordDecisions(
      tx,
      effects,
      release,
      [{ kind: 'promote', fromStage: fromStage ?? null, toStage: toStage ?? null }],
      { actor: 'gate', reason: '', checkId: null, evidence: {} },
    ),
  )
  const scoring = (reply: UpstreamReply) =>
    upstream.otherwise((request) => (asksForScores(request) ? reply : { text: 'By v1.' }))
  const say: ScoredWorld['say'] = async (conversation, more = {}, at = gateway) => {
    const answer = await at.chat(more, { 'x-leeway-conversation-id': conversation })
    const text = await answer.text()
    await at.gateway.flush()
    return text
  }
  const scoreWith = async (scoresWith: ScoresWith) => {
    await api('/gateway/upstreams', { name: 'one', baseUrl: upstream.url, scoresWith })
    await gateway.gateway.refresh()
  }
  await scoreWith('vllm-prompt-logprobs')
  return {
    gateway,
    release,
    scoreWith,
    scoring,
    reset() {
      for (const one of [upstream, candidateUpstream]) one.requests.length = 0
      candidateUpstream.otherwise(() => SAID)
      scoring(lessBy(1, 0, 0))
    },
    say,
    async candidateConversation(name, more) {
      for (let at = 0; at < 4; at++)
        if ((await say(`${name}-${at}`, more)).includes('v2.')) {
          await gateway.gateway.scored()
          return `${name}-${at}`
        }
      throw new Error('of four conversations none went to the candidate')
    },
    async scoresOf(conversation) {
      const found = await db.execute(sql`
        select not_scored, tokens, nats, log_ratio, log_ratio_max, is_whole from gateway_scores
        where conversation = ${conversation} order by turn_id, round`)
      return found.rows
    },
  }
}
